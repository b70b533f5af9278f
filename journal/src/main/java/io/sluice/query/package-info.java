/**
 * Questions to a journal: by filter, by aggregate, by correlation, by cause.
 *
 * <pre>
 *   EventQuery ──► JournalQuery ──► handler
 *                     │
 *        QueryPlan: what the filter demands that the index can answer
 *                     │
 *                  QueryRun ──► JournalIndex ──► JournalRecords     events that the index names
 *                     └───────► JournalTailer                       all events, where there is no index
 * </pre>
 *
 * Nothing here writes. Any process may ask while the engine runs.
 */
package io.sluice.query;
