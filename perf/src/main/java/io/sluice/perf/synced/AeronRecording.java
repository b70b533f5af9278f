package io.sluice.perf.synced;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Subscription;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.ArchivingMediaDriver;
import io.aeron.archive.client.AeronArchive;
import io.aeron.archive.codecs.SourceLocation;
import io.aeron.archive.status.RecordingPos;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.report.MeasurementException;
import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
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
    private static final String CHANNEL = "aeron:ipc";
    private static final int STREAM_ID = 1001;
    private static final int REPLAY_STREAM_ID = 1002;
    private static final int SYNC_LEVEL = 1;
    private static final int FRAGMENT_LIMIT = 64;
    private static final int POLL_CHECK_MASK = (1 << 12) - 1;
    private static final long LEAST_SPACE = 1L << 30;
    private static final long TIMEOUT_NS = 120_000_000_000L;

    private final RecordTemplate template;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final IdleStrategy idle = new YieldingIdleStrategy();
    private final ArchivingMediaDriver driver;
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
        final String driverDirectory = driverDirectory(directory);
        driver = ArchivingMediaDriver.launch(
            new MediaDriver.Context()
                .aeronDirectoryName(driverDirectory)
                .dirDeleteOnStart(true)
                .dirDeleteOnShutdown(true)
                .spiesSimulateConnection(true)
                .errorHandler(this::onError)
                .threadingMode(isDedicated ? ThreadingMode.DEDICATED : ThreadingMode.SHARED),
            new Archive.Context()
                .aeronDirectoryName(driverDirectory)
                .archiveDir(directory.toFile())
                .deleteArchiveOnStart(true)
                .controlChannelEnabled(false)
                .archiveClientContext(new AeronArchive.Context().controlResponseChannel(CHANNEL))
                .replicationChannel("aeron:udp?endpoint=localhost:0")
                .recordingEventsEnabled(false)
                .fileSyncLevel(SYNC_LEVEL)
                .catalogFileSyncLevel(SYNC_LEVEL)
                .errorHandler(this::onError)
                .threadingMode(isDedicated ? ArchiveThreadingMode.DEDICATED : ArchiveThreadingMode.SHARED));
        try
        {
            archive = AeronArchive.connect(new AeronArchive.Context()
                .aeronDirectoryName(driverDirectory)
                .controlRequestChannel(driver.archive().context().localControlChannel())
                .controlRequestStreamId(driver.archive().context().localControlStreamId())
                .controlResponseChannel(CHANNEL));
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
        final MediaDriver.Context media = driver.mediaDriver().context();
        final Archive.Context recording = driver.archive().context();
        return "Aeron Archive " + MediaDriver.class.getPackage().getImplementationVersion() +
            ": IPC, term length " + publication.termBufferLength() +
            ", segment length " + recording.segmentFileLength() +
            ", fileSyncLevel " + recording.fileSyncLevel() +
            ", catalogFileSyncLevel " + recording.catalogFileSyncLevel() +
            ", driver " + media.threadingMode() + ", archive " + recording.threadingMode() +
            ", idle strategies as shipped, term buffers in " + media.aeronDirectoryName();
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
                checkFailure();
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
        CloseHelper.closeAll(publication, archive, driver);
    }

    // Where Aeron would put it, in memory, unless that is too small, as in many containers.
    private static String driverDirectory(final Path directory)
    {
        final File shipped = new File(Aeron.Context.generateRandomDirName());
        return shipped.getParentFile().getUsableSpace() >= LEAST_SPACE ?
            shipped.getPath() : directory + "-driver";
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
                checkFailure();
                if (System.nanoTime() - deadlineNs > 0)
                {
                    throw new MeasurementException(message);
                }
            }
        }
    }

    private void onError(final Throwable error)
    {
        failure.compareAndSet(null, error);
    }

    private void checkFailure()
    {
        final Throwable error = failure.get();
        if (error != null)
        {
            throw new MeasurementException("Aeron Archive failed: " + error.getMessage(), error);
        }
    }
}
