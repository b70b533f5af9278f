package io.sluice.perf.peers;

import io.aeron.ExclusivePublication;
import io.aeron.Image;
import io.aeron.Subscription;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.codecs.SourceLocation;
import io.aeron.archive.status.RecordingPos;
import io.aeron.logbuffer.FragmentHandler;
import io.sluice.event.Priority;
import io.sluice.perf.baseline.EmbeddedArchive;
import io.sluice.perf.measure.ThreadEnd;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;
import org.agrona.CloseHelper;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.agrona.concurrent.status.CountersReader;

/**
 * Aeron IPC with every stream recorded, a stream per priority. The consumer polls the streams in order of priority and
 * sees nothing that is not recorded yet, as the services of an Aeron cluster see nothing that is not committed.
 */
final class AeronPeer implements Peer
{
    private static final int STREAM_ID = 1001;
    private static final int FRAGMENT_LIMIT = 16;
    private static final int CHECK_MASK = (1 << 12) - 1;
    private static final int FEW_CORES = 4;
    private static final long TIMEOUT_NS = 120_000_000_000L;

    private final int syncLevel;
    private final IdleStrategy idle = new YieldingIdleStrategy();
    private final ExclusivePublication[] publications = new ExclusivePublication[Priority.COUNT];
    private final Subscription[] subscriptions = new Subscription[Priority.COUNT];
    private final Image[] images = new Image[Priority.COUNT];
    private final int[] positionIds = new int[Priority.COUNT];
    private EmbeddedArchive embedded;
    private CountersReader counters;
    private Thread consumer;
    private volatile boolean isClosed;

    /**
     * @param syncLevel 0 or 1.
     */
    AeronPeer(final int syncLevel)
    {
        this.syncLevel = syncLevel;
    }

    @Override
    public String name()
    {
        return "aeron-archive-" + syncLevel;
    }

    @Override
    public DurabilityClass durability()
    {
        return syncLevel == 0 ? DurabilityClass.PROCESS : DurabilityClass.POWER;
    }

    @Override
    public void start(final Path directory, final ArrivalCheck arrivals)
    {
        embedded = new EmbeddedArchive(
            directory, syncLevel, Runtime.getRuntime().availableProcessors() > FEW_CORES);
        final AeronArchive archive = embedded.client();
        counters = archive.context().aeron().countersReader();
        for (final Priority priority : Priority.values())
        {
            final int i = priority.code();
            subscriptions[i] = archive.context().aeron().addSubscription(EmbeddedArchive.CHANNEL, STREAM_ID + i);
            publications[i] = archive.context().aeron().addExclusivePublication(EmbeddedArchive.CHANNEL, STREAM_ID + i);
            archive.startRecording(EmbeddedArchive.CHANNEL, STREAM_ID + i, SourceLocation.LOCAL);
            await("the archive did not start to record", () -> isRecording(i, archive));
            images[i] = subscriptions[i].imageAtIndex(0);
        }
        consumer = new Thread(() -> consume(arrivals), "perf-aeron");
        consumer.setDaemon(true);
        consumer.start();
    }

    @Override
    public String settings()
    {
        return embedded.settings() + ", a stream and a recording per priority, consumer with BackoffIdleStrategy; no " +
            "dedup, no checksum; unbatched: one offer per event, acknowledged when the recording's position has " +
            "passed it; no batches: the same";
    }

    @Override
    public void publish(final PeerEvent event)
    {
        final ExclusivePublication publication = publications[event.priority().code()];
        idle.reset();
        while (publication.offer(event.record().buffer(), 0, PeerEvent.length()) < 0)
        {
            embedded.requireNoFailure();
            idle.idle();
        }
    }

    @Override
    public void awaitAcknowledged()
    {
        for (int i = 0; i < publications.length; i++)
        {
            final int stream = i;
            final long end = publications[i].position();
            await("stream " + i + " was not recorded up to " + end,
                () -> counters.getCounterValue(positionIds[stream]) >= end);
        }
    }

    @Override
    public void close()
    {
        isClosed = true;
        if (consumer != null)
        {
            ThreadEnd.await(consumer);
        }
        CloseHelper.closeAll(publications);
        CloseHelper.closeAll(subscriptions);
        CloseHelper.close(embedded);
    }

    private boolean isRecording(final int i, final AeronArchive archive)
    {
        positionIds[i] = RecordingPos.findCounterIdBySession(
            counters, publications[i].sessionId(), archive.archiveId());
        return positionIds[i] != CountersReader.NULL_COUNTER_ID && publications[i].isConnected() &&
            subscriptions[i].imageCount() == 1;
    }

    private void consume(final ArrivalCheck arrivals)
    {
        final IdleStrategy backoff = new BackoffIdleStrategy();
        final FragmentHandler handler = (buffer, offset, length, header) -> arrivals.onArrival(buffer, offset, length);
        while (!isClosed)
        {
            int count = 0;
            for (int i = 0; i < images.length; i++)
            {
                count += images[i].boundedPoll(
                    handler, counters.getCounterValue(positionIds[i]), FRAGMENT_LIMIT);
            }
            backoff.idle(count);
        }
    }

    private void await(final String message, final BooleanSupplier condition)
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        idle.reset();
        for (long i = 0; !condition.getAsBoolean(); i++)
        {
            idle.idle();
            if ((i & CHECK_MASK) == 0)
            {
                embedded.requireNoFailure();
                if (System.nanoTime() - deadlineNs > 0)
                {
                    throw new MeasurementException(message);
                }
            }
        }
    }
}
