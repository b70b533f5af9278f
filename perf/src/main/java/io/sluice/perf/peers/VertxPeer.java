package io.sluice.perf.peers;

import io.sluice.event.Priority;
import io.sluice.perf.report.MeasurementException;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The event bus of Vert.x within one JVM. It has no durability, no priorities and no limit; an address per priority, as
 * its users would have it, all consumed on one event loop.
 */
final class VertxPeer implements Peer
{
    private static final String ADDRESS = "perf.";
    private static final long TIMEOUT_S = 30;

    private final String[] addresses = new String[Priority.COUNT];
    private Vertx vertx;

    @Override
    public String name()
    {
        return "vertx";
    }

    @Override
    public DurabilityClass durability()
    {
        return DurabilityClass.NONE;
    }

    @Override
    public void start(final Path directory, final ArrivalCheck arrivals) throws InterruptedException
    {
        vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1));
        final CountDownLatch ready = new CountDownLatch(1);
        vertx.runOnContext((nothing) ->
        {
            for (final Priority priority : Priority.values())
            {
                addresses[priority.code()] = ADDRESS + priority.label();
                vertx.eventBus().<Buffer>consumer(
                    addresses[priority.code()], (message) -> arrivals.onArrival(message.body().getBytes()));
            }
            ready.countDown();
        });
        if (!ready.await(TIMEOUT_S, TimeUnit.SECONDS))
        {
            throw new MeasurementException("no event loop in " + TIMEOUT_S + " s");
        }
    }

    @Override
    public String settings()
    {
        return "event bus of this JVM only, one event loop, an address per priority, no durability at all, no limit " +
            "of what is queued; unbatched: one send per event, acknowledged by its return; no batches: the same";
    }

    @Override
    public void publish(final PeerEvent event)
    {
        vertx.eventBus().send(addresses[event.priority().code()], Buffer.buffer(event.toBytes()));
    }

    @Override
    public void awaitAcknowledged()
    {
        // Nothing is acknowledged.
    }

    @Override
    public void close()
    {
        if (vertx == null)
        {
            return;
        }
        try
        {
            vertx.close().toCompletionStage().toCompletableFuture().get(TIMEOUT_S, TimeUnit.SECONDS);
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
        catch (final ExecutionException | TimeoutException e)
        {
            throw new MeasurementException("Vert.x did not close", e);
        }
    }
}
