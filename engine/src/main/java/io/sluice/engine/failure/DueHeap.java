package io.sluice.engine.failure;

import java.util.Arrays;

/**
 * What is due some time, the first one on top; by subscription and sequence where times are equal, so that the order is
 * always the same. Each knows its place, so any can be taken out.
 *
 * <p>A heap and no timer wheel: a wheel hands out what is due within one tick in any order, and has to be turned tick
 * by tick, also over a leap of the clock by hours, which a test's clock makes and that of a machine that slept.
 */
final class DueHeap
{
    private static final int FIRST_CAPACITY = 64;

    private PendingRetry[] heap = new PendingRetry[FIRST_CAPACITY];
    private int size;

    /** @return the first one, or null. */
    PendingRetry peek()
    {
        return size == 0 ? null : heap[0];
    }

    /** Put in, or to the right place after its time has changed. */
    void put(final PendingRetry retry)
    {
        if (retry.index == PendingRetry.NOWHERE)
        {
            if (size == heap.length)
            {
                heap = Arrays.copyOf(heap, 2 * size);
            }
            place(retry, size);
            size++;
        }
        up(retry);
        down(retry);
    }

    /** Take out, if it is in. */
    void remove(final PendingRetry retry)
    {
        final int index = retry.index;
        if (index == PendingRetry.NOWHERE)
        {
            return;
        }
        retry.index = PendingRetry.NOWHERE;
        size--;
        final PendingRetry last = heap[size];
        heap[size] = null;
        if (last != retry)
        {
            place(last, index);
            up(last);
            down(last);
        }
    }

    private void up(final PendingRetry retry)
    {
        int index = retry.index;
        while (index > 0)
        {
            final PendingRetry parent = heap[(index - 1) / 2];
            if (!isBefore(retry, parent))
            {
                break;
            }
            final int above = parent.index;
            place(parent, index);
            index = above;
        }
        place(retry, index);
    }

    private void down(final PendingRetry retry)
    {
        int index = retry.index;
        while (2 * index + 1 < size)
        {
            int least = 2 * index + 1;
            if (least + 1 < size && isBefore(heap[least + 1], heap[least]))
            {
                least++;
            }
            if (!isBefore(heap[least], retry))
            {
                break;
            }
            place(heap[least], index);
            index = least;
        }
        place(retry, index);
    }

    private void place(final PendingRetry retry, final int index)
    {
        heap[index] = retry;
        retry.index = index;
    }

    private static boolean isBefore(final PendingRetry left, final PendingRetry right)
    {
        if (left.dueNs != right.dueNs)
        {
            return left.dueNs < right.dueNs;
        }
        if (left.subscription() != right.subscription())
        {
            return left.subscription() < right.subscription();
        }
        return left.sequence() < right.sequence();
    }
}
