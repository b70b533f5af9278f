package io.sluice.perf.peers;

import com.google.common.eventbus.AllowConcurrentEvents;
import com.google.common.eventbus.AsyncEventBus;
import com.google.common.eventbus.Subscribe;
import io.sluice.event.Priority;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Guava's event bus with a thread that handles. It has no durability, no priorities and no limit; a class of events
 * per priority, as its users would have it.
 */
final class GuavaPeer implements Peer
{
    private static final long CLOSE_TIMEOUT_S = 30;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private ExecutorService executor;
    private AsyncEventBus bus;

    private record Critical(byte[] event)
    {
    }

    private record High(byte[] event)
    {
    }

    private record Normal(byte[] event)
    {
    }

    private record Low(byte[] event)
    {
    }

    @Override
    public String name()
    {
        return "guava";
    }

    @Override
    public DurabilityClass durability()
    {
        return DurabilityClass.NONE;
    }

    @Override
    public void start(final Path directory, final ArrivalCheck arrivals)
    {
        executor = Executors.newSingleThreadExecutor((task) -> new Thread(task, "perf-guava"));
        bus = new AsyncEventBus(executor, (error, context) -> failure.compareAndSet(null, error));
        bus.register(new Subscriber(arrivals));
    }

    @Override
    public String settings()
    {
        return "AsyncEventBus with a single-thread executor, an event class per priority, no durability at all, no " +
            "limit of what is queued; unbatched: one post per event, acknowledged by its return; no batches: the same";
    }

    @Override
    public void publish(final PeerEvent event)
    {
        bus.post(wrapped(event.priority(), event.toBytes()));
    }

    @Override
    public void awaitAcknowledged()
    {
        if (failure.get() != null)
        {
            throw new MeasurementException("the subscriber failed: " + failure.get(), failure.get());
        }
    }

    @Override
    public void close()
    {
        if (executor == null)
        {
            return;
        }
        executor.shutdownNow();
        try
        {
            if (!executor.awaitTermination(CLOSE_TIMEOUT_S, TimeUnit.SECONDS))
            {
                throw new MeasurementException("Guava's executor did not end in " + CLOSE_TIMEOUT_S + " s");
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    private static Object wrapped(final Priority priority, final byte[] event)
    {
        return switch (priority)
        {
            case CRITICAL -> new Critical(event);
            case HIGH -> new High(event);
            case NORMAL -> new Normal(event);
            case LOW -> new Low(event);
        };
    }

    /** Found by reflection, so it must be public for Guava. */
    public static final class Subscriber
    {
        private final ArrivalCheck arrivals;

        private Subscriber(final ArrivalCheck arrivals)
        {
            this.arrivals = arrivals;
        }

        /**
         * @param critical event.
         */
        @Subscribe
        @AllowConcurrentEvents
        public void on(final Critical critical)
        {
            arrivals.onArrival(critical.event());
        }

        /**
         * @param high event.
         */
        @Subscribe
        @AllowConcurrentEvents
        public void on(final High high)
        {
            arrivals.onArrival(high.event());
        }

        /**
         * @param normal event.
         */
        @Subscribe
        @AllowConcurrentEvents
        public void on(final Normal normal)
        {
            arrivals.onArrival(normal.event());
        }

        /**
         * @param low event.
         */
        @Subscribe
        @AllowConcurrentEvents
        public void on(final Low low)
        {
            arrivals.onArrival(low.event());
        }
    }
}
