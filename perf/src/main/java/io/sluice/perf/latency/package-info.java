/**
 * {@code perf latency}: what an event waits from the time at which it should have been published until it is
 * handled (F4), and CRITICAL beside a flood of LOW (part of F5).
 *
 * <p>The generator is open: intended times come from a schedule and do not wait for anything, so a stall costs
 * every event that it delays, not only the one that met it.
 */
package io.sluice.perf.latency;
