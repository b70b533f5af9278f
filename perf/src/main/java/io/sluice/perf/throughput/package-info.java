/** {@code perf throughput}: events per second (F1) and the cost of a publish call (F2), each beside its baselines. */
package io.sluice.perf.throughput;
