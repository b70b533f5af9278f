/**
 * {@code perf stalls}: how often an append holds up the thread that appends (F3), and what a roll costs.
 *
 * <pre>
 *   StallsRun ──► Act per roll size ──► PacedAppends: slices of all sides in turn ──► StallLog
 *      │             ├─ BareSide       Chronicle as shipped, and with rolls
 *      │             ├─ SluiceSide     JournalAppender, driven as the sequencing thread drives it
 *      │             └─ MemorySide     the same loop without a file: what the machine itself does
 *      └─► EngineStalls                the whole engine, publish to journaled
 * </pre>
 */
package io.sluice.perf.stalls;
