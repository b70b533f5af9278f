/**
 * The durable log of events, on Chronicle Queue. The only package that sees Chronicle's types.
 *
 * <pre>
 *   engine ──► EventAppender ──► JournalAppender ──► journal/*.cq4 ──► JournalTailer (any process, read-only)
 *                                     │                  └───────────► JournalVerifier, JournalRepair (file reads)
 *                                     └─► preparer (pages ahead)
 * </pre>
 *
 * One thread of one process appends; any number of tailers read.
 */
package io.sluice.journal;
