package io.sluice.engine.telemetry;

import io.sluice.event.EventStorageException;
import io.sluice.event.Priority;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;
import org.agrona.BufferUtil;
import org.agrona.CloseHelper;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.DistinctErrorLog;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;
import org.agrona.concurrent.status.CountersReader;

/**
 * Writes the telemetry files of one engine run. Counters and histograms from one thread at a time, errors from any.
 *
 * <p>A fresh file is made and moved into place, so that a reader of the last run's file keeps what it has mapped.
 */
public final class TelemetryWriter implements AutoCloseable
{
    private static final double NS_PER_MS = 1_000_000.0;
    private static final int PIECE_LENGTH = 1 << 16;

    private final Path telemetry;
    private final EpochNanoClock clock;
    private final MappedByteBuffer mappedCounters;
    private final MappedByteBuffer mappedErrors;
    private final UnsafeBuffer header;
    private final DistinctErrorLog errorLog;
    private final AtomicCounter[][] counters = new AtomicCounter[CounterLabel.values().length][];
    private final ByteArrayOutputStream logLines = new ByteArrayOutputStream();
    private final HistogramLogWriter histogramLog;
    // Not a channel: an interrupt of the host's thread would close that.
    private final RandomAccessFile logFile;
    private final long startedNs;
    private String storageReason = "";
    private long logEnd;
    private boolean closed;

    /**
     * Make the files of a run.
     *
     * @param telemetry directory; made if absent.
     * @param runId     of the engine.
     * @param clock     nanoseconds since 1970 UTC.
     * @throws EventStorageException if the files can't be made.
     */
    public TelemetryWriter(final Path telemetry, final long runId, final EpochNanoClock clock)
    {
        this.telemetry = telemetry;
        this.clock = clock;
        startedNs = clock.nanoTime();
        try
        {
            Files.createDirectories(telemetry);
            mappedErrors = newMappedFile(TelemetryFiles.errors(telemetry), TelemetryFiles.ERRORS_LENGTH);
            final int metadataLength = TelemetryFiles.MAX_COUNTERS * CountersReader.METADATA_LENGTH;
            final int valuesLength = TelemetryFiles.MAX_COUNTERS * CountersReader.COUNTER_LENGTH;
            final Path file = TelemetryFiles.counters(telemetry);
            final Path half = file.resolveSibling("counters.new");
            mappedCounters = mapNewFile(half, TelemetryFiles.HEADER_LENGTH + metadataLength + valuesLength);
            header = new UnsafeBuffer(mappedCounters, 0, TelemetryFiles.HEADER_LENGTH);
            allocateCounters(metadataLength, valuesLength);
            header.putLong(TelemetryFiles.PID_OFFSET, ProcessHandle.current().pid());
            header.putLong(TelemetryFiles.RUN_ID_OFFSET, runId);
            header.putLong(TelemetryFiles.STARTED_OFFSET, startedNs);
            header.putLong(TelemetryFiles.UPDATED_OFFSET, startedNs);
            header.putLongRelease(TelemetryFiles.MAGIC_OFFSET, TelemetryFiles.MAGIC_AND_VERSION);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            logFile = new RandomAccessFile(
                telemetry.resolve("latency-" + startedNs / 1_000_000L + ".hlog").toFile(), "rw");
            logFile.setLength(0);
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(
                "telemetry files in " + telemetry + " can't be made: " + ex + "; check space and permissions", ex);
        }
        errorLog = new DistinctErrorLog(new UnsafeBuffer(mappedErrors), () -> clock.nanoTime() / 1_000_000L);
        histogramLog = new HistogramLogWriter(new PrintStream(logLines, true, StandardCharsets.UTF_8));
        histogramLog.setBaseTime(startedNs / 1_000_000L);
        histogramLog.outputLogFormatVersion();
        histogramLog.outputBaseTime(startedNs / 1_000_000L);
        histogramLog.outputLegend();
        flush();
    }

    /**
     * Set a counter of the engine.
     *
     * @param label of it.
     * @param value now.
     */
    public void set(final CounterLabel label, final long value)
    {
        counters[label.ordinal()][0].setOpaque(value);
    }

    /**
     * Set a counter of a priority.
     *
     * @param label        of it.
     * @param priorityCode of the priority.
     * @param value        now.
     */
    public void set(final CounterLabel label, final int priorityCode, final long value)
    {
        counters[label.ordinal()][priorityCode].setOpaque(value);
    }

    /**
     * Set what is in the way of the storage.
     *
     * @param reason empty if nothing is; cut where it is longer than the file has room for.
     */
    public void storageReason(final String reason)
    {
        if (reason.equals(storageReason))
        {
            return;
        }
        storageReason = reason;
        final byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        final int length = Math.min(text.length, TelemetryFiles.MAX_REASON_LENGTH);
        final long change = header.getLong(TelemetryFiles.REASON_OFFSET);
        header.putLongVolatile(TelemetryFiles.REASON_OFFSET, change + 1);
        header.putInt(TelemetryFiles.REASON_LENGTH_OFFSET, length);
        header.putBytes(TelemetryFiles.REASON_TEXT_OFFSET, text, 0, length);
        header.putLongRelease(TelemetryFiles.REASON_OFFSET, change + 2);
    }

    /** Say that the counters are current. */
    public void updated()
    {
        header.putLongRelease(TelemetryFiles.UPDATED_OFFSET, clock.nanoTime());
    }

    /**
     * Record an error; any thread. One that does not fit any more is not recorded.
     *
     * @param error to record.
     * @return false if the log is full.
     */
    public synchronized boolean error(final Throwable error)
    {
        return !closed && errorLog.record(error);
    }

    /**
     * Write an interval histogram, with the next {@link #flush()}.
     *
     * @param tag      priority and stage, separated by a dot.
     * @param interval with its start and end time set.
     */
    public void interval(final String tag, final Histogram interval)
    {
        interval.setTag(tag);
        histogramLog.outputIntervalHistogram(
            (interval.getStartTimeStamp() - startedNs / NS_PER_MS) / 1000.0,
            (interval.getEndTimeStamp() - startedNs / NS_PER_MS) / 1000.0,
            interval,
            NS_PER_MS);
    }

    /**
     * Replace the table of types.
     *
     * @param table one line per type: type, count, failures, total ns, longest ns, separated by tabs.
     * @return why it could not be replaced, the old one stays then; null if it was.
     */
    public IOException types(final String table)
    {
        final Path file = TelemetryFiles.types(telemetry);
        final Path half = file.resolveSibling("types.new");
        try
        {
            Files.writeString(half, table, StandardCharsets.UTF_8);
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return null;
        }
        catch (final IOException ex)
        {
            return ex;
        }
    }

    /**
     * Write what the histogram log has been given.
     *
     * @return why it could not be written: then it is left out, and the log stays readable; null if it was.
     */
    public IOException flush()
    {
        final byte[] lines = logLines.toByteArray();
        logLines.reset();
        try
        {
            logFile.seek(logEnd);
            logFile.write(lines);
            logEnd += lines.length;
            return null;
        }
        catch (final IOException ex)
        {
            return cutLog(ex);
        }
    }

    @Override
    public synchronized void close()
    {
        if (!closed)
        {
            closed = true;
            flush();
            CloseHelper.quietClose(logFile);
            BufferUtil.free(mappedCounters);
            BufferUtil.free(mappedErrors);
        }
    }

    private void allocateCounters(final int metadataLength, final int valuesLength)
    {
        final CountersManager manager = new CountersManager(
            new UnsafeBuffer(mappedCounters, TelemetryFiles.HEADER_LENGTH, metadataLength),
            new UnsafeBuffer(mappedCounters, TelemetryFiles.HEADER_LENGTH + metadataLength, valuesLength));
        for (final CounterLabel label : CounterLabel.values())
        {
            final int count = label.isPerPriority() ? Priority.COUNT : 1;
            counters[label.ordinal()] = new AtomicCounter[count];
            for (int code = 0; code < count; code++)
            {
                final String text = label.label(label.isPerPriority() ? Priority.of(code) : null);
                counters[label.ordinal()][code] = manager.newCounter(text, label.typeId() + code);
            }
        }
    }

    private static MappedByteBuffer newMappedFile(final Path file, final int length) throws IOException
    {
        final Path half = file.resolveSibling(file.getFileName() + ".new");
        final MappedByteBuffer mapped = mapNewFile(half, length);
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        return mapped;
    }

    // Written in full first: a store into a page without a block kills the process when the disk is full.
    private static MappedByteBuffer mapNewFile(final Path file, final int length) throws IOException
    {
        Files.deleteIfExists(file);
        try (FileChannel channel = FileChannel.open(
            file, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            // Piece by piece: the thread keeps a direct buffer as long as the longest that it wrote.
            final ByteBuffer zeros = ByteBuffer.allocate(Math.min(length, PIECE_LENGTH));
            for (int written = 0; written < length; )
            {
                zeros.clear().limit(Math.min(length - written, PIECE_LENGTH));
                written += channel.write(zeros);
            }
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, length);
        }
    }

    private IOException cutLog(final IOException cause)
    {
        try
        {
            logFile.setLength(logEnd);
        }
        catch (final IOException ex)
        {
            cause.addSuppressed(ex);
        }
        return cause;
    }
}
