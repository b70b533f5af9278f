package io.sluice.tools.run;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.event.EventDefaults;
import io.sluice.event.IdGenerator;
import io.sluice.handlers.source.EventRate;
import io.sluice.handlers.source.EventSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.agrona.CloseHelper;

/** A {@link Feeder} on a thread of its own for every source. Used by one thread. */
final class Feeders
{
    private static final long STOP_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(30);

    private final List<Thread> threads = new ArrayList<>();
    private final List<EventSource> sources;
    private final RunState run;
    private final CountDownLatch ended;
    private long stoppedNs;

    Feeders(final Engine engine, final List<EventSource> sources, final EventRate rate, final RunState run)
    {
        this.sources = sources;
        this.run = run;
        ended = new CountDownLatch(sources.size());
        final EngineContext context = engine.context();
        final EventDefaults defaults = new EventDefaults(context.clock(), new IdGenerator(context.seed()));
        if (!context.source().isEmpty())
        {
            defaults.source(context.source());
        }
        if (!context.metadata().isEmpty())
        {
            defaults.metadata(context.metadata());
        }
        for (int i = 0; i < sources.size(); i++)
        {
            final Feeder feeder = new Feeder(
                sources.get(i),
                engine.publisher("feeder-" + (i + 1)),
                defaults.withIds(new IdGenerator(context.seed() + i)),
                new Pacer(rate, context.clock(), run::isStopping),
                context.maxEventLength(),
                engine::storage,
                run);
            final Thread thread = new Thread(() -> feed(feeder), "sluice-feed-" + (i + 1));
            // A source that can't be closed must not keep the process from ending.
            thread.setDaemon(true);
            threads.add(thread);
        }
    }

    void start()
    {
        threads.forEach(Thread::start);
    }

    boolean isAnyAlive()
    {
        return ended.getCount() > 0;
    }

    void stop(final long nowNs)
    {
        stoppedNs = nowNs;
        run.stop();
        CloseHelper.closeAll(sources);
    }

    /** @return true if feeders were stopped long ago and still run. */
    boolean isOverdue(final long nowNs)
    {
        return run.isStopping() && nowNs - stoppedNs > STOP_TIMEOUT_NS;
    }

    void awaitEnd(final long timeoutNs)
    {
        try
        {
            if (!ended.await(timeoutNs, TimeUnit.NANOSECONDS))
            {
                return;
            }
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            run.stop();
        }
    }

    private void feed(final Feeder feeder)
    {
        try
        {
            feeder.run();
        }
        finally
        {
            ended.countDown();
        }
    }
}
