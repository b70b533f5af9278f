/**
 * Proves delivery with real threads and real kills. A parent that never dies starts one child after the other on
 * the same data. Each child runs an engine with subscriptions of every kind, whose handlers fail, are slow and hang;
 * its subscriptions are paused, resumed, ended and begun anew meanwhile; and it is killed with SIGKILL. What it was
 * told and what its handlers were handed it writes down first, line by line.
 *
 * <pre>
 *   ChaosRun ──► ChaosLife ──► LineChild ══► ChaosChild (engine, ChaosPublishers, ChaosHandler, ChaosChanges)
 *                   │                             │ LineLog: one write call a line
 *                   │                             ▼
 *                   ├─► LogReader ◄──────────── life-N.log
 *                   ▼
 *                ChaosLedger (order, flags, overlaps: while it reads)
 *                   │
 *                   └─► JournalCheck (journal, dead letters: after each life, and when all has come to rest)
 *                            └─► ChaosFindings
 * </pre>
 *
 * The truth of the ledger rests on numbers that the harness itself puts into payloads; type, priority and key of an
 * event follow from its number ({@code ChaosEvent}), so what every subscription must get is known without asking the
 * engine. The data is thrown away now and then, which bounds disk and memory however long the run is.
 */
package io.sluice.perf.chaos;
