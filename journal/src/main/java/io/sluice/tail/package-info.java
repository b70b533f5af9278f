/**
 * Many readers of one journal in one process that share their reading: a record is framed, verified and its JSON read
 * once for all of them.
 *
 * <pre>
 *   any thread                      one thread: the group's, or the host's by invoke()
 *   ──────────                      ──────────────────────────────────────────────────
 *   TailerGroup ─ join, leave ──►  TailerAgent ──► TailReading at sequence 900: a, b, c, …  ──► handlers
 *        ▲                              │            JournalTailer ─► EventFilterSet
 *        │                              ├───────► TailReading at sequence 17:  d, which started late
 *   TailerMember: how far, why it ended └───────► TailReading at sequence 880: e, whose handler refused
 * </pre>
 *
 * Each reading takes its turn for a bounded number of records, the foremost one every time. Where two readings meet
 * they become one. Nothing here writes to the journal; position files are written where members name them.
 */
package io.sluice.tail;
