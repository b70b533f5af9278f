package io.sluice.engine.delivery;

import io.sluice.event.EventHash;
import io.sluice.event.Priority;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Positions up to which all that failed is on the device with the retry log: those of the pipeline and of each durable
 * subscription. Immutable.
 *
 * <pre>
 *   0        8        16       24       32       36       40        104         136
 *   +--------+--------+--------+--------+--------+--------+---------+-----------+---------------
 *   |checksum| magic  | number | run id | count  | end    | boot    | pipeline  | entries: id, number, five sequences
 *   |of all  |        |        |        |        | 1 or 0 | id      |           |
 *   +--------+--------+--------+--------+--------+--------+---------+-----------+---------------
 * </pre>
 */
public final class Checkpoint
{
    private static final long MAGIC = 0x316B_7261_4D75_6C53L;
    private static final int NUMBER = 16;
    private static final int RUN_ID = 24;
    private static final int ENTRIES = 32;
    private static final int END = 36;
    private static final int BOOT = 40;
    private static final int BOOT_LENGTH = 64;
    private static final int PIPELINE = BOOT + BOOT_LENGTH;
    private static final int FIRST_ENTRY = PIPELINE + Priority.COUNT * Long.BYTES;
    private static final int ENTRY_LENGTH = (2 + CheckpointEntry.COUNT) * Long.BYTES;

    /** Bytes that it takes at most. */
    static final int MAX_LENGTH = FIRST_ENTRY + SubscriptionPositions.CAPACITY * ENTRY_LENGTH;

    private final long runId;
    private final String boot;
    private final boolean isEnd;
    private final long[] pipeline;
    private final List<CheckpointEntry> entries;

    /**
     * @param runId    of the run that makes it.
     * @param boot     id of the machine's start.
     * @param isEnd    true if nothing is written behind it in that run, and all files were forced.
     * @param pipeline watermarks of the pipeline, read before the entries.
     * @param entries  one for each durable subscription.
     */
    public Checkpoint(
        final long runId,
        final String boot,
        final boolean isEnd,
        final long[] pipeline,
        final List<CheckpointEntry> entries)
    {
        this.runId = runId;
        this.boot = boot;
        this.isEnd = isEnd;
        this.pipeline = pipeline.clone();
        this.entries = List.copyOf(entries);
    }

    /** @return id of the run that made it. */
    public long runId()
    {
        return runId;
    }

    /** @return id of the machine's start in which it was made. */
    public String boot()
    {
        return boot;
    }

    /** @return whether it is the last one of a run that ended in order. */
    public boolean isEnd()
    {
        return isEnd;
    }

    /**
     * @param priorityCode of the pipeline.
     * @return its watermark.
     */
    public long pipeline(final int priorityCode)
    {
        return pipeline[priorityCode];
    }

    /** @return sequence up to which it says of each that it has had everything. */
    long lowest()
    {
        long lowest = Arrays.stream(pipeline).min().orElse(0L);
        for (final CheckpointEntry entry : entries)
        {
            lowest = Math.min(lowest, entry.lowest());
        }
        return lowest;
    }

    /**
     * @param id of a subscription.
     * @return what it says of it; null if it does not know it.
     */
    public CheckpointEntry find(final long id)
    {
        return entries.stream().filter(entry -> entry.id() == id).findFirst().orElse(null);
    }

    /**
     * After a power loss.
     *
     * @param end up to where the journal is what the run saw that made it.
     * @return the same without what lies behind that.
     */
    public Checkpoint cut(final long end)
    {
        return new Checkpoint(
            runId,
            boot,
            isEnd,
            Arrays.stream(pipeline).map(sequence -> Math.min(sequence, end)).toArray(),
            entries.stream().map(entry -> entry.cut(end)).toList());
    }

    /** @return whether it says nothing else than another one. */
    boolean isSame(final Checkpoint other)
    {
        return other != null && Arrays.equals(encode(0), other.encode(0));
    }

    byte[] encode(final long number)
    {
        final byte[] bytes = new byte[FIRST_ENTRY + entries.size() * ENTRY_LENGTH];
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        buffer.putLong(Long.BYTES, MAGIC, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(NUMBER, number, ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(RUN_ID, runId, ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(ENTRIES, entries.size(), ByteOrder.LITTLE_ENDIAN);
        buffer.putInt(END, isEnd ? 1 : 0, ByteOrder.LITTLE_ENDIAN);
        final byte[] name = boot.getBytes(StandardCharsets.US_ASCII);
        buffer.putBytes(BOOT, name, 0, Math.min(name.length, BOOT_LENGTH));
        putAll(buffer, PIPELINE, pipeline);
        int at = FIRST_ENTRY;
        for (final CheckpointEntry entry : entries)
        {
            buffer.putLong(at, entry.id(), ByteOrder.LITTLE_ENDIAN);
            buffer.putLong(at + Long.BYTES, entry.number(), ByteOrder.LITTLE_ENDIAN);
            for (int i = 0; i < CheckpointEntry.COUNT; i++)
            {
                buffer.putLong(at + (2 + i) * Long.BYTES, entry.sequence(i), ByteOrder.LITTLE_ENDIAN);
            }
            at += ENTRY_LENGTH;
        }
        buffer.putLong(0, checksum(buffer, bytes.length), ByteOrder.LITTLE_ENDIAN);
        return bytes;
    }

    /** @return number of what was written there; 0 if it is not sound. */
    static long number(final byte[] bytes)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        if (bytes.length < FIRST_ENTRY || buffer.getLong(Long.BYTES, ByteOrder.LITTLE_ENDIAN) != MAGIC)
        {
            return 0;
        }
        final long length = length(buffer);
        final boolean isSound = length >= FIRST_ENTRY && length <= bytes.length &&
            buffer.getLong(0, ByteOrder.LITTLE_ENDIAN) == checksum(buffer, (int)length);
        return isSound ? buffer.getLong(NUMBER, ByteOrder.LITTLE_ENDIAN) : 0;
    }

    /** Read one that is sound. */
    static Checkpoint decode(final byte[] bytes)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        final List<CheckpointEntry> entries = new ArrayList<>();
        final long end = length(buffer);
        for (int at = FIRST_ENTRY; at < end; at += ENTRY_LENGTH)
        {
            entries.add(new CheckpointEntry(
                buffer.getLong(at, ByteOrder.LITTLE_ENDIAN),
                buffer.getLong(at + Long.BYTES, ByteOrder.LITTLE_ENDIAN),
                getAll(buffer, at + 2 * Long.BYTES, CheckpointEntry.COUNT)));
        }
        return new Checkpoint(
            buffer.getLong(RUN_ID, ByteOrder.LITTLE_ENDIAN),
            new String(bytes, BOOT, BOOT_LENGTH, StandardCharsets.US_ASCII).trim(),
            buffer.getInt(END, ByteOrder.LITTLE_ENDIAN) == 1,
            getAll(buffer, PIPELINE, Priority.COUNT),
            entries);
    }

    private static long length(final UnsafeBuffer buffer)
    {
        return FIRST_ENTRY + (long)buffer.getInt(ENTRIES, ByteOrder.LITTLE_ENDIAN) * ENTRY_LENGTH;
    }

    private static long checksum(final UnsafeBuffer buffer, final int length)
    {
        return EventHash.hash64(buffer, Long.BYTES, length - Long.BYTES);
    }

    private static void putAll(final UnsafeBuffer buffer, final int offset, final long[] values)
    {
        for (int i = 0; i < values.length; i++)
        {
            buffer.putLong(offset + i * Long.BYTES, values[i], ByteOrder.LITTLE_ENDIAN);
        }
    }

    private static long[] getAll(final UnsafeBuffer buffer, final int offset, final int count)
    {
        final long[] values = new long[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = buffer.getLong(offset + i * Long.BYTES, ByteOrder.LITTLE_ENDIAN);
        }
        return values;
    }
}
