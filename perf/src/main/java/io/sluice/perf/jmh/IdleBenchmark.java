package io.sluice.perf.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** Looking at all rings of an engine where nothing is to do. */
@State(Scope.Thread)
public class IdleBenchmark
{
    private DrivenEngine engine;

    /** For JMH. */
    public IdleBenchmark()
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

    /**
     * A duty cycle of all stages.
     *
     * @return work done.
     */
    @Benchmark
    public int dutyCycle()
    {
        return engine.invoke();
    }
}
