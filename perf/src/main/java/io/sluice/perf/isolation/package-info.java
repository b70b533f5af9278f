/**
 * {@code perf isolation}: what a class of events, or a handler, costs the others (F5 and D12).
 *
 * <pre>
 *   IsolationCommand ─┬─► ClassesRun ─────► ProbedEngine (one handler of fixed length) ──► UnitCounts
 *                     └─► NeighboursRun ──► Neighbourhood (a fast handler beside some that fail, dawdle, hang)
 * </pre>
 *
 * The bounds of the priority wheel are counted in units, that is in calls of the handler, not in time, so they hold or
 * do not hold however busy the machine is.
 */
package io.sluice.perf.isolation;
