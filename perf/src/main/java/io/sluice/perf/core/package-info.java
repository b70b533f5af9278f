/**
 * Several commands of the harness as one: {@code core} for F1 to F10, {@code quick} as a guard against regressions.
 * Each command runs in a JVM of its own, one after the other, and its figures are put together.
 *
 * <pre>
 *   CoreCommand, QuickCommand ──► CoreRun ──► StepProcess ══► PerfMain (a child JVM) ──► DIR/NAME/…
 *                    │               │             │
 *                 CorePlan ──► Step  └── merged ◄──┴── StepResult
 * </pre>
 */
package io.sluice.perf.core;
