package io.sluice.perf.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * What the engine does with a published event until its handler has had it: dedup, sequence, the look-up of its route
 * by its type (100 types), the call of the one handler, the histograms. In memory, without threads. The cache of routes
 * is no door of its own: what it costs shows in the difference that further subscriptions make.
 */
@State(Scope.Thread)
public class RouteBenchmark
{
    /** Number of them; one gets the events. */
    @Param({"1", "100"})
    public int subscriptions;

    private DrivenEngine engine;

    /** For JMH. */
    public RouteBenchmark()
    {
    }

    /** Launch an engine. */
    @Setup
    public void setUp()
    {
        engine = new DrivenEngine(subscriptions);
    }

    /** Close it. */
    @TearDown
    public void tearDown()
    {
        engine.close();
    }

    /** Publish, off the clock; what that allocates counts. */
    @Setup(Level.Invocation)
    public void publish()
    {
        for (int i = 0; i < DrivenEngine.EVENTS; i++)
        {
            engine.publish();
        }
    }

    /** All that were published. */
    @Benchmark
    @OperationsPerInvocation(DrivenEngine.EVENTS)
    public void handle()
    {
        engine.handleAll();
    }
}
