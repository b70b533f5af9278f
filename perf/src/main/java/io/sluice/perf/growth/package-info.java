/**
 * {@code perf growth}: how throughput changes when one thing grows and all others stay as they are (F11).
 *
 * <pre>
 *   GrowthCommand ──► GrowthRun ─┬─► GrowthCurve ──► Contender at each point, in turn
 *                                │      ManyPublishers, ManyRules; ManySubscriptions (fanout), SluiceThroughput
 *                                └─► JournalCurve ─┬─► MeasuredEngine (throughput over a journal that is there)
 *                                                  └─► TimedStart     (recovery: restart time)
 * </pre>
 */
package io.sluice.perf.growth;
