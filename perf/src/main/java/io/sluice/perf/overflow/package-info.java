/**
 * {@code perf overflow}: what each overflow policy does with half as much again as the engine can handle, and what
 * those that refuse nothing do with a burst (F9); what a hundred streaming subscribers take of its memory.
 *
 * <pre>
 *   OverflowCommand ─┬─► OverflowRun ──► OverloadedEngine (one policy, one slow handler) ──► OverflowResult
 *                    ├─► BurstRun    ──► BurstEngine (a policy that refuses nothing, all else by default)
 *                    └─► StreamsRun  ──► a hundred streams, half of them not read until the end
 * </pre>
 */
package io.sluice.perf.overflow;
