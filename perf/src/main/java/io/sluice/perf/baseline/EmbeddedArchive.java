package io.sluice.perf.baseline;

import io.aeron.Aeron;
import io.aeron.archive.Archive;
import io.aeron.archive.ArchiveThreadingMode;
import io.aeron.archive.ArchivingMediaDriver;
import io.aeron.archive.client.AeronArchive;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.ThreadingMode;
import io.sluice.perf.report.MeasurementException;
import java.io.File;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.CloseHelper;

/**
 * Aeron's media driver and archive in this process, with a client of both, all on IPC. Any thread may ask for a
 * failure; the rest is confined to one.
 */
public final class EmbeddedArchive implements AutoCloseable
{
    /** The channel of everything. */
    public static final String CHANNEL = "aeron:ipc";

    private static final long LEAST_SPACE = 1L << 30;

    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final ArchivingMediaDriver driver;
    private final AeronArchive client;

    /**
     * Start media driver, archive and client.
     *
     * @param directory   of the recordings.
     * @param syncLevel   of files and catalog: 0 leaves forcing to the system, 1 forces what was written before its
     *                    position counts.
     * @param isDedicated a thread for each of the driver's and the archive's parts, otherwise one for each of both.
     */
    public EmbeddedArchive(final Path directory, final int syncLevel, final boolean isDedicated)
    {
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
                .fileSyncLevel(syncLevel)
                .catalogFileSyncLevel(syncLevel)
                .errorHandler(this::onError)
                .threadingMode(isDedicated ? ArchiveThreadingMode.DEDICATED : ArchiveThreadingMode.SHARED));
        try
        {
            client = AeronArchive.connect(new AeronArchive.Context()
                .aeronDirectoryName(driverDirectory)
                .controlRequestChannel(driver.archive().context().localControlChannel())
                .controlRequestStreamId(driver.archive().context().localControlStreamId())
                .controlResponseChannel(CHANNEL));
        }
        catch (final RuntimeException e)
        {
            driver.close();
            throw e;
        }
    }

    /** @return client of driver and archive, closed with this. */
    public AeronArchive client()
    {
        return client;
    }

    /**
     * @return the settings that matter, in words.
     */
    public String settings()
    {
        final MediaDriver.Context media = driver.mediaDriver().context();
        final Archive.Context recording = driver.archive().context();
        return "Aeron Archive " + MediaDriver.class.getPackage().getImplementationVersion() +
            ": IPC, term length " + media.ipcTermBufferLength() +
            ", segment length " + recording.segmentFileLength() +
            ", fileSyncLevel " + recording.fileSyncLevel() +
            ", catalogFileSyncLevel " + recording.catalogFileSyncLevel() +
            ", driver " + media.threadingMode() + ", archive " + recording.threadingMode() +
            ", idle strategies as shipped, term buffers in " + media.aeronDirectoryName();
    }

    /**
     * @throws MeasurementException if driver or archive have met an error.
     */
    public void requireNoFailure()
    {
        final Throwable error = failure.get();
        if (error != null)
        {
            throw new MeasurementException("Aeron Archive failed: " + error.getMessage(), error);
        }
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(client, driver);
    }

    // Where Aeron would put it, in memory, unless that is too small, as in many containers.
    private static String driverDirectory(final Path directory)
    {
        final File shipped = new File(Aeron.Context.generateRandomDirName());
        return shipped.getParentFile().getUsableSpace() >= LEAST_SPACE ?
            shipped.getPath() : directory + "-driver";
    }

    private void onError(final Throwable error)
    {
        failure.compareAndSet(null, error);
    }
}
