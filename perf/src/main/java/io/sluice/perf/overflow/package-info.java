/**
 * {@code perf overflow}: what each overflow policy does with half as much again as the engine can handle (F9), and what
 * a hundred streaming subscribers take of its memory.
 *
 * <pre>
 *   OverflowCommand ─┬─► OverflowRun ──► OverloadedEngine (one policy, one slow handler) ──► OverflowResult
 *                    └─► StreamsRun  ──► a hundred streams, half of them not read until the end
 * </pre>
 */
package io.sluice.perf.overflow;
