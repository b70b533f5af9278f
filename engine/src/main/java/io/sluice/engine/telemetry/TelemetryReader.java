package io.sluice.engine.telemetry;

import io.sluice.event.EventStorageException;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectory;
import java.io.IOException;
import java.lang.invoke.VarHandle;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.collections.Int2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.ErrorLogReader;
import org.agrona.concurrent.status.CountersReader;

/**
 * Reads the telemetry of an engine, running or ended, from any process that may read its files. Takes no lock and
 * writes nothing.
 *
 * <p>Not thread-safe.
 */
public final class TelemetryReader implements AutoCloseable
{
    private static final String THREAD_PREFIX = "sluice-";
    private static final int MAX_TRIES = 1_000;

    private final Path telemetry;
    private final MappedByteBuffer mapped;
    private final UnsafeBuffer header;
    private final CountersReader counters;
    private final Int2ObjectHashMap<Integer> idsByType = new Int2ObjectHashMap<>();

    private TelemetryReader(final Path telemetry, final MappedByteBuffer mapped)
    {
        this.telemetry = telemetry;
        this.mapped = mapped;
        header = new UnsafeBuffer(mapped, 0, TelemetryFiles.HEADER_LENGTH);
        final int metadataLength = TelemetryFiles.MAX_COUNTERS * CountersReader.METADATA_LENGTH;
        counters = new CountersReader(
            new UnsafeBuffer(mapped, TelemetryFiles.HEADER_LENGTH, metadataLength),
            new UnsafeBuffer(
                mapped,
                TelemetryFiles.HEADER_LENGTH + metadataLength,
                TelemetryFiles.MAX_COUNTERS * CountersReader.COUNTER_LENGTH));
        counters.forEach((counterId, typeId, keyBuffer, label) -> idsByType.put(typeId, Integer.valueOf(counterId)));
    }

    /**
     * Open the telemetry of the last run in a data directory.
     *
     * @param directory of the data.
     * @return the reader.
     * @throws EventStorageException if there is none or it is of a newer version.
     */
    public static TelemetryReader open(final DataDirectory directory)
    {
        final Path file = TelemetryFiles.counters(directory.telemetry());
        if (!Files.exists(file))
        {
            throw new EventStorageException(
                "no telemetry in " + directory.root() + ": no engine has run there; check --dir");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
        {
            final MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size());
            if (mapped.capacity() < TelemetryFiles.COUNTERS_LENGTH ||
                new UnsafeBuffer(mapped).getLong(TelemetryFiles.MAGIC_OFFSET) != TelemetryFiles.MAGIC_AND_VERSION)
            {
                BufferUtil.free(mapped);
                throw new EventStorageException(
                    "telemetry " + file + " is damaged or of a newer version: the next engine start makes it anew");
            }
            return new TelemetryReader(directory.telemetry(), mapped);
        }
        catch (final IOException ex)
        {
            throw new EventStorageException("telemetry " + file + " can't be read: " + ex, ex);
        }
    }

    /** @return process id of the engine. */
    public long pid()
    {
        return header.getLong(TelemetryFiles.PID_OFFSET);
    }

    /** @return true if that process is there and has threads of an engine. */
    public boolean isAlive()
    {
        return !threads().isEmpty();
    }

    /** @return id of the run. */
    public long runId()
    {
        return header.getLong(TelemetryFiles.RUN_ID_OFFSET);
    }

    /** @return when the run started, nanoseconds since 1970 UTC. */
    public long startedNs()
    {
        return header.getLong(TelemetryFiles.STARTED_OFFSET);
    }

    /** @return when the counters were last refreshed, nanoseconds since 1970 UTC. */
    public long updatedNs()
    {
        return header.getLongVolatile(TelemetryFiles.UPDATED_OFFSET);
    }

    /**
     * @param label of a counter of the engine.
     * @return its value.
     */
    public long value(final CounterLabel label)
    {
        return valueOfType(label.typeId());
    }

    /**
     * @param label    of a counter of a priority.
     * @param priority of it.
     * @return its value.
     */
    public long value(final CounterLabel label, final Priority priority)
    {
        return valueOfType(label.typeId() + priority.code());
    }

    /** @return what is in the way of the engine's storage, as of a tenth of a second ago; empty if nothing is. */
    public String storageReason()
    {
        // A writer that died or was stopped while it wrote leaves an odd number: then what it had written is shown.
        for (int i = 0; i < MAX_TRIES; i++)
        {
            final long change = header.getLongVolatile(TelemetryFiles.REASON_OFFSET);
            final String reason = readReason();
            VarHandle.loadLoadFence();
            if ((change & 1) == 0 && header.getLongVolatile(TelemetryFiles.REASON_OFFSET) == change)
            {
                return reason;
            }
            Thread.onSpinWait();
        }
        return readReason();
    }

    /** @return the distinct errors of the run, in the order in which they first came. */
    public List<ObservedError> errors()
    {
        final Path file = TelemetryFiles.errors(telemetry);
        final List<ObservedError> errors = new ArrayList<>();
        if (Files.exists(file))
        {
            try
            {
                final UnsafeBuffer buffer = new UnsafeBuffer(Files.readAllBytes(file));
                ErrorLogReader.read(
                    buffer,
                    (count, firstMs, lastMs, text) -> errors.add(new ObservedError(count, firstMs, lastMs, text)));
            }
            catch (final IOException ex)
            {
                throw new EventStorageException("error log " + file + " can't be read: " + ex, ex);
            }
        }
        return errors;
    }

    /** @return counts per event type, as of about a second ago. */
    public List<ObservedType> types()
    {
        final Path file = TelemetryFiles.types(telemetry);
        final List<ObservedType> types = new ArrayList<>();
        if (Files.exists(file))
        {
            try
            {
                for (final String line : Files.readAllLines(file, StandardCharsets.UTF_8))
                {
                    final String[] cells = line.split("\t", -1);
                    types.add(new ObservedType(
                        cells[0],
                        Long.parseLong(cells[1]),
                        Long.parseLong(cells[2]),
                        Long.parseLong(cells[3]),
                        Long.parseLong(cells[4])));
                }
            }
            catch (final IOException ex)
            {
                throw new EventStorageException("table of types " + file + " can't be read: " + ex, ex);
            }
        }
        return types;
    }

    /** @return the engine's threads, if its process runs on this machine; otherwise none. */
    public List<ObservedThread> threads()
    {
        final List<ObservedThread> threads = new ArrayList<>();
        final Path tasks = Path.of("/proc", Long.toString(pid()), "task");
        try (DirectoryStream<Path> stream = Files.newDirectoryStream(tasks))
        {
            for (final Path task : stream)
            {
                addThread(threads, task);
            }
        }
        catch (final IOException ex)
        {
            // The process has ended or belongs to somebody else: it has no threads to show.
            return List.of();
        }
        threads.sort((a, b) -> Long.compare(a.threadId(), b.threadId()));
        return threads;
    }

    @Override
    public void close()
    {
        BufferUtil.free(mapped);
    }

    private long valueOfType(final int typeId)
    {
        final Integer counterId = idsByType.get(typeId);
        return counterId == null ? 0L : counters.getCounterValue(counterId);
    }

    private String readReason()
    {
        final int length = header.getInt(TelemetryFiles.REASON_LENGTH_OFFSET);
        final byte[] text = new byte[Math.max(0, Math.min(length, TelemetryFiles.MAX_REASON_LENGTH))];
        header.getBytes(TelemetryFiles.REASON_TEXT_OFFSET, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static void addThread(final List<ObservedThread> threads, final Path task)
    {
        try
        {
            final String name = Files.readString(task.resolve("comm")).trim();
            if (name.startsWith(THREAD_PREFIX))
            {
                threads.add(new ObservedThread(
                    name, Long.parseLong(task.getFileName().toString()), AllowedCpus.of(task.resolve("status"))));
            }
        }
        catch (final IOException ex)
        {
            // The thread ended between listing and reading.
            return;
        }
    }
}
