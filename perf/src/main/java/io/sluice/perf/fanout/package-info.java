/**
 * {@code perf fanout}: what subscriptions cost that do not match (a part of F11), and whether any event is lost or
 * repeated while handlers are added and removed (C6).
 *
 * <pre>
 *   FanoutCommand ─┬─► FanoutRun ──► ManySubscriptions (a contender: ten that match, more that do not)
 *                  └─► ChurnRun ───► SequenceRecord (what one durable subscription was handed)
 * </pre>
 */
package io.sluice.perf.fanout;
