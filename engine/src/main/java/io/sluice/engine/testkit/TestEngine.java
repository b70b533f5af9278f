package io.sluice.engine.testkit;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.Publisher;
import io.sluice.engine.ThreadingMode;
import java.time.Duration;
import java.time.Instant;

/**
 * An engine without threads under a manual clock.
 *
 * <pre>{@code
 * try (TestEngine test = TestEngine.launch(new EngineContext().directory(dir).subscribe(spec)))
 * {
 *     test.publisher().publish(event);
 *     test.runUntilIdle();
 *     test.advance(Duration.ofMillis(50));
 * }
 * }</pre>
 *
 * <p>Not thread-safe.
 */
public final class TestEngine implements AutoCloseable
{
    private static final Instant START = Instant.parse("2024-01-20T10:30:00Z");
    private static final long SEED = 42;

    private final Engine engine;
    private final ManualClock clock;

    private TestEngine(final Engine engine, final ManualClock clock)
    {
        this.engine = engine;
        this.clock = clock;
    }

    /**
     * Launch with a clock that stands at 2024-01-20T10:30:00Z, and seed 42.
     *
     * @param context threading mode, clock and seed are set here.
     * @return the running engine.
     */
    public static TestEngine launch(final EngineContext context)
    {
        return launch(context.seed(SEED), new ManualClock(START));
    }

    /**
     * Launch with a clock and the seed of the context.
     *
     * @param context threading mode and clock are set here.
     * @param clock   to drive the engine with.
     * @return the running engine.
     */
    public static TestEngine launch(final EngineContext context, final ManualClock clock)
    {
        return new TestEngine(Engine.launch(context.threadingMode(ThreadingMode.INVOKER).clock(clock)), clock);
    }

    /** @return the engine. */
    public Engine engine()
    {
        return engine;
    }

    /** @return the clock. */
    public ManualClock clock()
    {
        return clock;
    }

    /** @return the shared publisher of the engine. */
    public Publisher publisher()
    {
        return engine.publisher();
    }

    /**
     * Run duty cycles until one finds nothing to do.
     *
     * @return how much work was done.
     */
    public int runUntilIdle()
    {
        int total = 0;
        int count = engine.invoke();
        while (count > 0)
        {
            total += count;
            count = engine.invoke();
        }
        return total;
    }

    /**
     * Move the clock and let the engine see it.
     *
     * @param by how far.
     */
    public void advance(final Duration by)
    {
        clock.advance(by);
        runUntilIdle();
    }

    @Override
    public void close()
    {
        engine.close();
    }
}
