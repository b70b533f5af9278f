/**
 * What was journaled, once more: with its distances in time, faster, slower, or unthrottled; from and to a place, for a
 * session or a correlation, with named checkpoints.
 *
 * <pre>
 *   ReplayContext ──► JournalReplay ──► handler, when an event is due
 *                       │   ▲    ▲
 *       ReplaySchedule ─┘   │    └─ positions/replay/NAME, and .NAME, whose lock says that one uses it
 *                           │ records in sequence, from journal/ and archive/
 *                        JournalTailer
 * </pre>
 *
 * Nothing here writes to the journal. Any process may replay while the engine runs.
 */
package io.sluice.replay;
