package io.sluice.handlers.exchange;

import java.io.IOException;

/**
 * Reads events one after another. Whatever the bytes are, a call gives an event or says what is wrong with a record,
 * and comes to an end. Memory is bounded by the longest record that the source allows. Confined to one thread.
 */
public interface EventInput extends AutoCloseable
{
    /**
     * Go to the next record, good or bad.
     *
     * @param record gets it.
     * @return false at the end.
     * @throws IOException from the source.
     */
    boolean next(InputRecord record) throws IOException;

    /**
     * Pass over records that were read before, good and bad ones alike.
     *
     * @param count  of them.
     * @param record scratch.
     * @return how many there were, fewer than asked for only at the end.
     * @throws IOException from the source.
     */
    default long skip(final long count, final InputRecord record) throws IOException
    {
        long skipped = 0;
        while (skipped < count && next(record))
        {
            skipped++;
        }
        return skipped;
    }

    /** Release what it has opened itself; the source is closed by others. */
    @Override
    default void close()
    {
    }
}
