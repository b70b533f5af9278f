package io.sluice.engine.batch;

/** Checks indices of events in a batch. */
final class BatchIndex
{
    private BatchIndex()
    {
    }

    static int check(final int index, final int size)
    {
        if (index < 0 || index >= size)
        {
            throw new IndexOutOfBoundsException(
                "event " + index + " of a batch of " + size + ": use 0 to " + (size - 1));
        }
        return index;
    }
}
