/**
 * {@code perf soak}: an engine under a steady load for a long time, with everything on that makes and removes files,
 * and whether anything grows meanwhile (P1).
 *
 * <pre>
 *   SoakCommand ──► SoakProcess ══► SoakCommand in a JVM with a small heap
 *                        │
 *                        ▼
 *                     SoakRun ─┬─► SoakLoad    engine, four subscriptions, one publisher on a schedule
 *                              ├─► SoakSampler a thread: ProcessProbe, DiskProbe, IntervalLatencies ──► SoakSamples
 *                              ├─► FlatVerdict second third against last third, for each Series
 *                              └─► KeptJournal what retention and archive hold against what was published
 * </pre>
 */
package io.sluice.perf.soak;
