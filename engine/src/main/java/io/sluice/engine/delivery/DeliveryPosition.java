package io.sluice.engine.delivery;

import io.sluice.event.Priority;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What one subscription has had: for each priority a sequence, because handling order is not journal order, and a
 * cursor, up to which it has had every priority. An event is due if its sequence lies beyond both.
 *
 * <pre>
 *   0        8        16        24      64      192     320     448     576     704
 *   +--------+--------+---------+-------+-------+-------+-------+-------+-------+
 *   | id     | live   | reached | 0     |CRITIC.| HIGH  |NORMAL | LOW   |cursor |   {@link MappedWatermark}s
 *   +--------+--------+---------+-------+-------+-------+-------+-------+-------+
 * </pre>
 *
 * <p><i>Live</i> says that the subscription is served from the rings: then it has had what the pipeline's own
 * watermarks say, and these here are behind.
 *
 * <p><i>Reached</i> is the last event that was taken from the journal for it: what comes again up to there, after the
 * end of the process, may have been had.
 *
 * <p>One writer for each priority, one for the cursor and the rest; any thread reads.
 */
public final class DeliveryPosition
{
    /** Bytes that it takes. */
    public static final int LENGTH = 704;

    static final int ID = 0;

    private static final int LIVE = 8;
    private static final int REACHED = 16;
    private static final int FIRST_WATERMARK = 64;

    private static final int LEAST_AHEAD = 1024;

    private final UnsafeBuffer buffer;
    private final int offset;
    private final MappedWatermark[] vector = new MappedWatermark[Priority.COUNT];
    private final MappedWatermark cursor;
    // All of them, in the order of a checkpoint.
    private final MappedWatermark[] watermarks = new MappedWatermark[CheckpointEntry.COUNT];
    // Not in the file: after the end of the process these come again, and say so.
    private final LongHashSet ahead = new LongHashSet();
    private int mostAhead = LEAST_AHEAD;
    private long runId;

    DeliveryPosition(final UnsafeBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            vector[code] = new MappedWatermark(buffer, offset + FIRST_WATERMARK + code * MappedWatermark.LENGTH);
        }
        cursor = new MappedWatermark(buffer, offset + FIRST_WATERMARK + Priority.COUNT * MappedWatermark.LENGTH);
        System.arraycopy(vector, 0, watermarks, 0, Priority.COUNT);
        watermarks[Priority.COUNT] = cursor;
    }

    /**
     * A position that ends with the process.
     *
     * @param sequence up to which everything counts as had.
     * @return the position.
     */
    public static DeliveryPosition inMemory(final long sequence)
    {
        final DeliveryPosition position = new DeliveryPosition(
            new UnsafeBuffer(ByteBuffer.allocateDirect(LENGTH).order(ByteOrder.nativeOrder())), 0);
        position.restart(0, sequence);
        return position;
    }

    /** @return id of the subscription; 0 if none uses it. */
    public long id()
    {
        return buffer.getLongVolatile(offset + ID);
    }

    /** @return whether it is served from the rings. */
    public boolean isLive()
    {
        return buffer.getLongVolatile(offset + LIVE) == liveMark();
    }

    /**
     * Say which feed serves it.
     *
     * @param isLive true for the rings.
     */
    public void live(final boolean isLive)
    {
        buffer.putLongRelease(offset + LIVE, isLive ? liveMark() : 0L);
    }

    /**
     * @param priorityCode of an event.
     * @return sequence up to which it has had the events of that priority.
     */
    public long of(final int priorityCode)
    {
        return Math.max(cursor.get(), vector[priorityCode].get());
    }

    /**
     * @param priorityCode of an event.
     * @param sequence     of it.
     * @return true if it has not had the event.
     */
    public boolean isDue(final int priorityCode, final long sequence)
    {
        return sequence > of(priorityCode);
    }

    /**
     * It has had the events of one priority up to a sequence; the writer of that priority only.
     *
     * @param priorityCode of the events.
     * @param sequence     of the last one; an earlier one than before changes nothing.
     */
    public void advance(final int priorityCode, final long sequence)
    {
        if (sequence > vector[priorityCode].get())
        {
            vector[priorityCode].set(sequence);
        }
    }

    /**
     * It has had an event that lies behind one that it has not had; the writer of the cursor only.
     *
     * @param sequence of the event.
     */
    public void doneAhead(final long sequence)
    {
        if (ahead.size() >= mostAhead)
        {
            forgetAhead();
            mostAhead = Math.max(LEAST_AHEAD, 2 * ahead.size());
        }
        ahead.add(sequence);
    }

    /**
     * Has it had an event that lies behind one that it had not? The writer of the cursor only. The answer stays the
     * same until it has had everything up to the event, for the event may be read more than once by then.
     *
     * @param sequence of the event.
     * @return true if so.
     */
    public boolean isDoneAhead(final long sequence)
    {
        return !ahead.isEmpty() && ahead.contains(sequence);
    }

    /** Keep in mind only what it has had ahead of others; the writer of the cursor only. */
    public void forgetAhead()
    {
        final long lowest = lowest();
        ahead.removeIfLong(sequence -> sequence <= lowest);
    }

    /** @return sequence up to which it has had everything. */
    public long cursor()
    {
        return cursor.get();
    }

    /**
     * It has had everything up to a sequence; the writer of the cursor only.
     *
     * @param sequence of the last one; an earlier one than before changes nothing.
     */
    public void cursor(final long sequence)
    {
        if (sequence > cursor.get())
        {
            cursor.set(sequence);
        }
    }

    /**
     * An event is about to be handed out from the journal; the writer of the cursor only.
     *
     * @param sequence of the event; an earlier one than before changes nothing.
     */
    public void reached(final long sequence)
    {
        if (sequence > buffer.getLong(offset + REACHED))
        {
            buffer.putLongRelease(offset + REACHED, sequence);
        }
    }

    /** @return the last sequence that was handed out from the journal, 0 if none was. */
    public long reached()
    {
        return buffer.getLongVolatile(offset + REACHED);
    }

    /** @return the least sequence up to which some priority has been had. */
    public long lowest()
    {
        long lowest = Long.MAX_VALUE;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            lowest = Math.min(lowest, of(code));
        }
        return lowest;
    }

    /**
     * Go anywhere, also back. Nobody else may write meanwhile.
     *
     * @param sequence up to which everything counts as had.
     */
    public void restart(final long sequence)
    {
        ahead.clear();
        buffer.putLongRelease(offset + REACHED, 0L);
        final long number = number() + 1;
        for (final MappedWatermark watermark : watermarks)
        {
            // Until a checkpoint knows of it, it may have to go back to wherever it began before.
            watermark.restart(runId, number, Math.min(watermark.base(), sequence), sequence);
        }
    }

    void restart(final long run, final long sequence)
    {
        runId = run;
        ahead.clear();
        buffer.putLongRelease(offset + REACHED, 0L);
        final long number = number() + 1;
        for (final MappedWatermark watermark : watermarks)
        {
            watermark.restart(run, number, sequence, sequence);
        }
    }

    /** @return true if something was damaged. */
    boolean begin(final long run, final long lastSequence, final Map<Long, Long> runEnds)
    {
        return begin(run, lastSequence, runEnds, null);
    }

    /**
     * @param entry of the checkpoint to which it goes back, cut to the journal; null if it does not go back.
     * @return true if something was damaged.
     */
    boolean begin(
        final long run, final long lastSequence, final Map<Long, Long> runEnds, final CheckpointEntry entry)
    {
        runId = run;
        final boolean isBehind = isLive();
        final long number = Math.max(number(), entry == null ? 0L : entry.number()) + 1;
        boolean isDamaged = false;
        for (int i = 0; i < watermarks.length; i++)
        {
            isDamaged |= watermarks[i].begin(run, number, lastSequence, runEnds, entry, i, isBehind);
        }
        if (entry != null)
        {
            comeBack(lastSequence);
        }
        return isDamaged;
    }

    /** After a power loss its page is lost: begin where a checkpoint says. */
    void begin(final long lastSequence, final CheckpointEntry entry)
    {
        for (int i = 0; i < watermarks.length; i++)
        {
            watermarks[i].restart(runId, entry.number() + 1, entry.sequence(i), entry.sequence(i));
        }
        comeBack(lastSequence);
    }

    /**
     * Read it beside the threads that write it.
     *
     * @param pipeline watermarks of the pipeline, read before: what it has had if it is served from the rings.
     * @return what a checkpoint is to say of it.
     */
    CheckpointEntry read(final long[] pipeline)
    {
        final boolean isServed = isLive();
        final long[] sequences = new long[CheckpointEntry.COUNT];
        long number = Long.MAX_VALUE;
        for (int i = 0; i < watermarks.length; i++)
        {
            // While it begins anew the earlier number counts.
            number = Math.min(number, watermarks[i].read(sequences, i));
        }
        final CheckpointEntry entry = new CheckpointEntry(id(), number, sequences);
        return isServed ? entry.live(pipeline) : entry;
    }

    // The rings do not serve it, and all that the journal has may have been handed out.
    private void comeBack(final long lastSequence)
    {
        live(false);
        buffer.putLongRelease(offset + REACHED, lastSequence);
    }

    private long number()
    {
        long number = 0;
        for (final MappedWatermark watermark : watermarks)
        {
            number = Math.max(number, watermark.number());
        }
        return number;
    }

    /** @return the least sequence, of an engine that may be running in another process. */
    long look()
    {
        long lowest = Long.MAX_VALUE;
        for (final MappedWatermark watermark : vector)
        {
            lowest = Math.min(lowest, watermark.look());
        }
        return Math.max(lowest, cursor.look());
    }

    // Not just a bit: zeros and chance bytes are not live.
    private long liveMark()
    {
        return ~buffer.getLong(offset + ID);
    }
}
