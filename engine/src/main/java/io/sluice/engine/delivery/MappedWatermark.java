package io.sluice.engine.delivery;

import io.sluice.event.EventHash;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A sequence in mapped memory up to which something is done, which survives the end of the process at any instruction.
 * It has two places; a run takes the one that the run before did not use, and leaves the other as it is.
 *
 * <pre>
 *   0        8        16       24       32       40       48    64                128
 *   +--------+--------+--------+--------+--------+--------+-----+-----------------+
 *   | number | run id | base   |checksum|sequence| echo   |     | the other place |
 *   | of open|        |        |        |        |        |     |                 |
 *   +--------+--------+--------+--------+--------+--------+-----+-----------------+
 *
 *   base: where it began in the run, or later     echo: the sequence, scrambled with the checksum
 * </pre>
 *
 * <p>Base is the least sequence at which it began since the run did: a seek back lowers it.
 *
 * <p>What is damaged, or torn by a power loss, sets it back, never forward: where sequence and echo differ, the lesser
 * one counts, for a process may have died between the two stores; where that makes no sense, the base; where the place
 * is not sound, the other place; and if there is none, 0. A watermark of a run is set back to the end of what the
 * journal still has of that run.
 *
 * <p>One writer; any thread reads. A write is two stores to one cache line, the second with release order.
 */
public final class MappedWatermark
{
    /** Bytes that it takes, at a multiple of 64. */
    public static final int LENGTH = 128;

    private static final long MAGIC = 0x32736F5065697053L;
    private static final int PLACE_LENGTH = 64;
    private static final int NUMBER = 0;
    private static final int RUN_ID = 8;
    private static final int BASE = 16;
    private static final int CHECKSUM = 24;
    private static final int SEQUENCE = 32;
    private static final int ECHO = 40;
    // Odd, so that multiplying can be undone.
    private static final long SCRAMBLE = 0x9E3779B97F4A7C15L;
    private static final long UNSCRAMBLE = inverse(SCRAMBLE);

    private final UnsafeBuffer buffer;
    private final int offset;
    private int place;
    private long salt;

    /**
     * @param buffer that it lies in.
     * @param offset of it, a multiple of 64.
     */
    public MappedWatermark(final UnsafeBuffer buffer, final int offset)
    {
        this.buffer = buffer;
        this.offset = offset;
        place = offset;
    }

    /**
     * Take over for a run; before anything is written.
     *
     * @param runId        of the run that begins.
     * @param lastSequence of the recovered journal; a watermark beyond it is set back.
     * @param runEnds      by run id, how far the journal is what an earlier run saw; a watermark of that run is set
     *                     back to there, and one of a run that is not in it to 0.
     * @return true if something was damaged.
     */
    public boolean begin(final long runId, final long lastSequence, final Map<Long, Long> runEnds)
    {
        return begin(runId, number() + 1, lastSequence, runEnds, null, 0, false);
    }

    /**
     * Take over for a run after a power loss: not beyond what a checkpoint says, and there if nothing is left.
     *
     * @param runId        of the run that begins.
     * @param lastSequence of the recovered journal.
     * @param runEnds      by run id, how far the journal is what an earlier run saw.
     * @param marked       what the checkpoint says, cut to the journal.
     * @return true if something was damaged.
     */
    public boolean begin(
        final long runId, final long lastSequence, final Map<Long, Long> runEnds, final long marked)
    {
        final CheckpointEntry entry = new CheckpointEntry(0, Long.MAX_VALUE, new long[] {marked});
        return begin(runId, number() + 1, lastSequence, runEnds, entry, 0, false);
    }

    /**
     * Take over for a run; after a power loss not beyond what a checkpoint says.
     *
     * @param runId        of the run that begins.
     * @param number       greater than {@link #number()}.
     * @param lastSequence of the recovered journal.
     * @param runEnds      by run id, how far the journal is what an earlier run saw.
     * @param entry        what the checkpoint says, cut to the journal; null if it is not asked.
     * @param index        of the watermark in it.
     * @param isBehind     true if the checkpoint alone says how far it had come.
     * @return true if something was damaged.
     */
    boolean begin(
        final long runId,
        final long number,
        final long lastSequence,
        final Map<Long, Long> runEnds,
        final CheckpointEntry entry,
        final int index,
        final boolean isBehind)
    {
        final int newest = newest();
        final boolean isFound = isSound(newest);
        final long end = Math.min(lastSequence, runEnds.getOrDefault(buffer.getLong(newest + RUN_ID), 0L));
        long watermark = isFound ? recovered(newest, end) : 0;
        if (entry != null)
        {
            final long marked = entry.sequence(index);
            if (isFound && number(newest) > entry.number())
            {
                watermark = Math.min(marked, Math.max(0, Math.min(end, buffer.getLong(newest + BASE))));
            }
            else if (entry != CheckpointEntry.UNKNOWN)
            {
                watermark = isFound && !isBehind ? Math.min(marked, watermark) : marked;
            }
        }
        final boolean isDamaged = isFound ? buffer.getLong(newest + SEQUENCE) != echoed(newest) : !isZero();
        restart(runId, number, watermark, watermark);
        return isDamaged;
    }

    /**
     * Begin anew at any sequence, also an earlier one; the writer only.
     *
     * @param runId    of the present run.
     * @param sequence to begin at.
     */
    public void restart(final long runId, final long sequence)
    {
        restart(runId, number() + 1, sequence, sequence);
    }

    /**
     * Begin anew.
     *
     * @param runId    of the present run.
     * @param number   greater than {@link #number()}.
     * @param base     where it began at least, as far as no checkpoint says more.
     * @param sequence to begin at.
     */
    void restart(final long runId, final long number, final long base, final long sequence)
    {
        place = newest() == offset ? offset + PLACE_LENGTH : offset;
        salt = write(place, number, runId, base, sequence);
    }

    /** @return how often it began anew. */
    long number()
    {
        final int newest = newest();
        return isSound(newest) ? number(newest) : 0;
    }

    /** @return the least sequence at which it began in this run. */
    long base()
    {
        return buffer.getLong(place + BASE);
    }

    /**
     * Read it beside the thread that writes it.
     *
     * @param sequences gets the watermark.
     * @param index     where.
     * @return the number that belongs to it.
     */
    long read(final long[] sequences, final int index)
    {
        while (true)
        {
            // Of what begins anew the other place is written, and found only when it is whole.
            final int newest = newest();
            final long number = buffer.getLongVolatile(newest + NUMBER);
            sequences[index] = buffer.getLongVolatile(newest + SEQUENCE);
            if (buffer.getLongVolatile(newest + NUMBER) == number)
            {
                return number;
            }
        }
    }

    /** @return the watermark. */
    public long get()
    {
        return buffer.getLongVolatile(place + SEQUENCE);
    }

    /**
     * Move on; the writer only.
     *
     * @param sequence up to which all is done.
     */
    public void set(final long sequence)
    {
        buffer.putLong(place + ECHO, echo(sequence, salt));
        buffer.putLongRelease(place + SEQUENCE, sequence);
    }

    /** @return the watermark of an engine that may be running in another process; 0 if there is none. */
    public long look()
    {
        final int newest = newest();
        return isSound(newest) ? recovered(newest, Long.MAX_VALUE) : 0;
    }

    /** @return whether either place was ever begun. */
    public boolean isAnySound()
    {
        return isSound(offset) || isSound(offset + PLACE_LENGTH);
    }

    private int newest()
    {
        final int second = offset + PLACE_LENGTH;
        return isSound(second) && (!isSound(offset) || number(second) > number(offset)) ? second : offset;
    }

    private long recovered(final int from, final long end)
    {
        final long base = buffer.getLong(from + BASE);
        final long sequence = buffer.getLongVolatile(from + SEQUENCE);
        final long echoed = echoed(from);
        final long lesser = Math.min(sequence, echoed);
        final boolean isPlausible = sequence == echoed || lesser >= base && lesser <= end;
        return Math.max(0, Math.min(end, isPlausible ? lesser : base));
    }

    // A place that is half written is not sound: its number comes last, and the checksum covers it.
    private long write(
        final int to, final long number, final long runId, final long base, final long watermark)
    {
        buffer.putLongRelease(to + NUMBER, 0);
        buffer.putLongRelease(to + CHECKSUM, 0);
        buffer.putLongRelease(to + RUN_ID, runId);
        buffer.putLongRelease(to + BASE, base);
        final long checksum = checksum(number, runId, base);
        buffer.putLongRelease(to + ECHO, echo(watermark, checksum));
        buffer.putLongRelease(to + SEQUENCE, watermark);
        buffer.putLongRelease(to + CHECKSUM, checksum);
        buffer.putLongRelease(to + NUMBER, number);
        return checksum;
    }

    private boolean isSound(final int at)
    {
        return number(at) > 0 && buffer.getLong(at + CHECKSUM) ==
            checksum(number(at), buffer.getLong(at + RUN_ID), buffer.getLong(at + BASE));
    }

    private long number(final int at)
    {
        return buffer.getLong(at + NUMBER);
    }

    private long echoed(final int at)
    {
        return (buffer.getLong(at + ECHO) ^ buffer.getLong(at + CHECKSUM)) * UNSCRAMBLE;
    }

    private boolean isZero()
    {
        for (int i = 0; i < LENGTH; i += Long.BYTES)
        {
            if (buffer.getLong(offset + i) != 0)
            {
                return false;
            }
        }
        return true;
    }

    private static long echo(final long sequence, final long salt)
    {
        return sequence * SCRAMBLE ^ salt;
    }

    private static long checksum(final long number, final long runId, final long base)
    {
        final UnsafeBuffer bytes = new UnsafeBuffer(new byte[3 * Long.BYTES + Long.BYTES]);
        bytes.putLong(0, MAGIC);
        bytes.putLong(Long.BYTES, number);
        bytes.putLong(2 * Long.BYTES, runId);
        bytes.putLong(3 * Long.BYTES, base);
        return EventHash.hash64(bytes, 0, bytes.capacity());
    }

    private static long inverse(final long odd)
    {
        long inverse = odd;
        // Each step doubles the number of right bits; three are right at first.
        for (int bits = 3; bits < Long.SIZE; bits *= 2)
        {
            inverse *= 2 - odd * inverse;
        }
        return inverse;
    }
}
