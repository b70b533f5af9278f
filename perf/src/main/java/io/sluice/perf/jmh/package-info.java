/**
 * {@code perf jmh}: what each mechanism on the path of an event takes by itself, nanoseconds and bytes allocated for
 * each operation, by JMH.
 *
 * <pre>
 *   JmhCommand ──► JmhRun ──► a JVM for each benchmark, with the options of ./sluice ──► *Benchmark
 *                    └──────► JmhFigures ──► figures, and the lines on the terminal
 * </pre>
 *
 * <p>Where a class can't be reached from outside of its package, the benchmark uses the nearest door that is public:
 * the cache of routes, for example, through an engine without threads, which is driven by hand. Benchmarks are public
 * and not final, for JMH derives from them.
 */
package io.sluice.perf.jmh;
