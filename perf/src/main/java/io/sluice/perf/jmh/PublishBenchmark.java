package io.sluice.perf.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * Publishing into an engine in memory, admission and encoding included. The engine handles the events between the goes,
 * off the clock; what it allocates counts.
 */
@State(Scope.Thread)
public class PublishBenchmark
{
    private DrivenEngine engine;

    /** For JMH. */
    public PublishBenchmark()
    {
    }

    /** Launch an engine. */
    @Setup
    public void setUp()
    {
        engine = new DrivenEngine(1);
    }

    /** Close it. */
    @TearDown
    public void tearDown()
    {
        engine.close();
    }

    /** Make room. */
    @TearDown(Level.Invocation)
    public void handle()
    {
        engine.handleAll();
    }

    /** With a builder. */
    @Benchmark
    @OperationsPerInvocation(DrivenEngine.EVENTS)
    public void everyday()
    {
        for (int i = 0; i < DrivenEngine.EVENTS; i++)
        {
            engine.publish();
        }
    }

    /** Encoded in the claimed slot. */
    @Benchmark
    @OperationsPerInvocation(DrivenEngine.EVENTS)
    public void claim()
    {
        for (int i = 0; i < DrivenEngine.EVENTS; i++)
        {
            engine.publishClaim();
        }
    }
}
