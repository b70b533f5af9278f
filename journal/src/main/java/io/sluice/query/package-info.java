/**
 * Questions to a journal: by filter, by aggregate, by correlation, by cause.
 *
 * <pre>
 *   EventQuery ──► JournalQuery ──► handler
 *                    │  ▲
 *                    ▼  │ records in sequence, from journal/ and archive/
 *                 JournalTailer
 * </pre>
 *
 * Nothing here writes. Any process may ask while the engine runs.
 */
package io.sluice.query;
