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
 *   base: the watermark when the run began      echo: the sequence, scrambled with the checksum
 * </pre>
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
        final int newest = newest();
        long watermark = 0;
        boolean isDamaged = false;
        if (isSound(newest))
        {
            final long end = runEnds.getOrDefault(buffer.getLong(newest + RUN_ID), 0L);
            watermark = recovered(newest, Math.min(lastSequence, end));
            isDamaged = buffer.getLong(newest + SEQUENCE) != echoed(newest);
        }
        else
        {
            isDamaged = !isZero();
        }
        restart(runId, watermark);
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
        final int newest = newest();
        final long number = isSound(newest) ? number(newest) + 1 : 1;
        place = newest == offset ? offset + PLACE_LENGTH : offset;
        salt = write(place, number, runId, sequence);
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
    private long write(final int to, final long number, final long runId, final long watermark)
    {
        buffer.putLongRelease(to + NUMBER, 0);
        buffer.putLongRelease(to + CHECKSUM, 0);
        buffer.putLongRelease(to + RUN_ID, runId);
        buffer.putLongRelease(to + BASE, watermark);
        final long checksum = checksum(number, runId, watermark);
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
