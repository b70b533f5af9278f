package io.sluice.engine.delivery;

import io.sluice.event.Priority;
import java.util.Arrays;

/**
 * What a checkpoint says of one position: the numbers of a {@link DeliveryPosition} as they were read. Immutable.
 *
 * <p>The number counts how often the position began anew, at the start of a run or elsewhere. What a checkpoint says
 * holds for a position with the same number or a lesser one; one with a greater number began anew since, and then
 * where it began counts, too.
 */
public final class CheckpointEntry
{
    /** Of a position that is newer than the checkpoint. */
    static final CheckpointEntry UNKNOWN = new CheckpointEntry(0, 0, filled(Long.MAX_VALUE));
    /** Sequences: of each priority, then the cursor. */
    static final int COUNT = Priority.COUNT + 1;

    private final long id;
    private final long number;
    private final long[] sequences;

    /**
     * @param id        of the subscription.
     * @param number    of the position.
     * @param sequences of each priority, then the cursor; not to be changed any more.
     */
    CheckpointEntry(final long id, final long number, final long[] sequences)
    {
        this.id = id;
        this.number = number;
        this.sequences = sequences;
    }

    /** @return id of the subscription. */
    public long id()
    {
        return id;
    }

    /** @return number of the position. */
    long number()
    {
        return number;
    }

    /** @return sequence of a priority, or at last the cursor. */
    long sequence(final int index)
    {
        return sequences[index];
    }

    /** @return sequence up to which it has had everything. */
    long lowest()
    {
        long lowest = Long.MAX_VALUE;
        for (int code = 0; code < Priority.COUNT; code++)
        {
            lowest = Math.min(lowest, sequences[code]);
        }
        return Math.max(lowest, sequences[Priority.COUNT]);
    }

    /**
     * @param watermarks of the pipeline, read before this entry was.
     * @return the same for a subscription that had what the pipeline had.
     */
    CheckpointEntry live(final long[] watermarks)
    {
        final long[] live = sequences.clone();
        for (int code = 0; code < Priority.COUNT; code++)
        {
            live[code] = Math.max(live[code], watermarks[code]);
        }
        return new CheckpointEntry(id, number, live);
    }

    /** @return the same without what lies behind the end of the journal. */
    CheckpointEntry cut(final long end)
    {
        final long[] cut = sequences.clone();
        for (int i = 0; i < COUNT; i++)
        {
            cut[i] = Math.min(cut[i], end);
        }
        return new CheckpointEntry(id, number, cut);
    }

    private static long[] filled(final long value)
    {
        final long[] sequences = new long[Priority.COUNT + 1];
        Arrays.fill(sequences, value);
        return sequences;
    }
}
