package io.sluice.engine;

import io.sluice.engine.admission.RoomQueue;
import io.sluice.engine.admission.TokenBucket;
import io.sluice.event.Priority;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

/**
 * How many events of one publisher are in each ring: claimed by its threads, completed by the handling threads.
 *
 * <pre>
 *   claimed[p] at 16 + p · 16        completed[p] at 80 + p · 16        (longs; a cache line and its neighbour each)
 * </pre>
 */
final class PublisherShare
{
    private static final VarHandle CELLS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int PADDING = 16;
    private static final int COMPLETED = PADDING + Priority.COUNT * PADDING;

    private final int id;
    private final String name;
    private final TokenBucket bucket;
    private final RoomQueue[] queues = new RoomQueue[Priority.COUNT];
    private final long[] cells = new long[COMPLETED + (Priority.COUNT + 1) * PADDING];
    private volatile boolean open = true;

    PublisherShare(final int id, final String name, final TokenBucket bucket)
    {
        this.id = id;
        this.name = name;
        this.bucket = bucket;
        Arrays.setAll(queues, (code) -> new RoomQueue());
    }

    /** @return what limits its rate, or null. */
    TokenBucket bucket()
    {
        return bucket;
    }

    /** @return its threads that wait for room. */
    RoomQueue queue(final int priorityCode)
    {
        return queues[priorityCode];
    }

    int id()
    {
        return id;
    }

    String name()
    {
        return name;
    }

    /** Any thread of the publisher. */
    void onClaimed(final int priorityCode, final long count)
    {
        CELLS.getAndAdd(cells, PADDING + priorityCode * PADDING, count);
    }

    /** The one thread that handles the priority. */
    void onCompleted(final int priorityCode)
    {
        final int at = COMPLETED + priorityCode * PADDING;
        CELLS.setRelease(cells, at, cells[at] + 1);
    }

    long inFlight(final int priorityCode)
    {
        return (long)CELLS.getAcquire(cells, PADDING + priorityCode * PADDING) -
            (long)CELLS.getAcquire(cells, COMPLETED + priorityCode * PADDING);
    }

    boolean isOpen()
    {
        return open;
    }

    void close()
    {
        open = false;
    }

    boolean isIdle()
    {
        for (int code = 0; code < Priority.COUNT; code++)
        {
            if (inFlight(code) != 0)
            {
                return false;
            }
        }
        return true;
    }
}
