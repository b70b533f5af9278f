package io.sluice.perf.synced;

import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.codecs.SourceLocation;
import io.aeron.archive.status.RecordingPos;
import io.sluice.perf.baseline.EmbeddedArchive;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import org.agrona.CloseHelper;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;
import org.agrona.concurrent.status.CountersReader;

/**
 * Aeron Archive in this process: an IPC publication, recorded with every block of the recording forced before its
 * position counts ({@code fileSyncLevel} and {@code catalogFileSyncLevel} 1). An event is durable when the recording
 * position has passed it. Confined to one thread.
 */
final class AeronRecording implements AutoCloseable
{
    private static final String CHANNEL = EmbeddedArchive.CHANNEL;
    private static final int STREAM_ID = 1001;
    private static final int REPLAY_STREAM_ID = 1002;
    private static final int SYNC_LEVEL = 1;
    private static final int FRAGMENT_LIMIT = 64;
    private static final int POLL_CHECK_MASK = (1 << 12) - 1;
    private static final long TIMEOUT_NS = 120_000_000_000L;

    private final RecordTemplate template;
    private final IdleStrategy idle = new YieldingIdleStrategy();
    private final EmbeddedArchive embedded;
    private final AeronArchive archive;
    private final ExclusivePublication publication;
    private final CountersReader counters;
    private final int positionId;
    private final long recordingId;
    private long published;

    /**
     * Start media driver, archive and recording.
     *
     * @param directory     of the recording.
     * @param payloadLength of the events, bytes.
     * @param isDedicated   a thread for each of the driver's and the archive's parts, otherwise one for each of both.
     */
    AeronRecording(final Path directory, final int payloadLength, final boolean isDedicated)
    {
        template = new RecordTemplate(payloadLength);
        embedded = new EmbeddedArchive(directory, SYNC_LEVEL, isDedicated);
        archive = embedded.client();
        try
        {
            publication = archive.context().aeron().addExclusivePublication(CHANNEL, STREAM_ID);
            archive.startRecording(CHANNEL, STREAM_ID, SourceLocation.LOCAL);
            counters = archive.context().aeron().countersReader();
            positionId = awaitRecording();
            recordingId = RecordingPos.getRecordingId(counters, positionId);
        }
        catch (final RuntimeException e)
        {
            close();
            throw e;
        }
    }

    /** @return the settings that matter, in words. */
    String settings()
    {
        return embedded.settings();
    }

    /**
     * Publish events and wait until the archive has recorded and forced all of them.
     *
     * @param count of events.
     */
    void publish(final long count)
    {
        for (long i = 0; i < count; i++)
        {
            template.number(published++);
            idle.reset();
            while (publication.offer(template.buffer(), 0, template.length()) < 0)
            {
                embedded.requireNoFailure();
                idle.idle();
            }
        }
        final long end = publication.position();
        await("only position " + position() + " of " + end + " was recorded", () -> position() >= end);
    }

    /**
     * Replay the recording and compare.
     *
     * @throws MeasurementException if an event is missing or differs.
     */
    void check()
    {
        final long end = publication.position();
        final long[] found = {0};
        try (Subscription replay = archive.replay(recordingId, 0, end, CHANNEL, REPLAY_STREAM_ID))
        {
            await("only " + found[0] + " of " + published + " events were replayed", () ->
            {
                replay.poll(
                    (buffer, offset, length, header) ->
                    {
                        MeasurementException.require("length of event " + found[0], template.length(), length);
                        MeasurementException.require("number of event " + found[0], found[0],
                            buffer.getLong(offset + template.numberOffset()));
                        found[0]++;
                    },
                    FRAGMENT_LIMIT);
                return found[0] == published;
            });
        }
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(publication, embedded);
    }

    private int awaitRecording()
    {
        final int[] id = {CountersReader.NULL_COUNTER_ID};
        await("the archive did not start to record", () ->
        {
            id[0] = RecordingPos.findCounterIdBySession(counters, publication.sessionId(), archive.archiveId());
            return id[0] != CountersReader.NULL_COUNTER_ID && publication.isConnected();
        });
        return id[0];
    }

    private long position()
    {
        return counters.getCounterValue(positionId);
    }

    private interface Condition
    {
        boolean isMet();
    }

    private void await(final String message, final Condition condition)
    {
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        idle.reset();
        for (long i = 0; !condition.isMet(); i++)
        {
            idle.idle();
            if ((i & POLL_CHECK_MASK) == 0)
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
