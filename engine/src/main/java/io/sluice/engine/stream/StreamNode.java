package io.sluice.engine.stream;

import io.sluice.event.EventFlyweight;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One event in memory, shared by the streams that hold it. Written by the feed before any stream has it, then read
 * only; whoever gives the last reference back puts it into the pool again. One without bytes stands for an event that
 * there was no room for.
 */
final class StreamNode
{
    private static final VarHandle REFERENCES;

    static
    {
        try
        {
            REFERENCES = MethodHandles.lookup().findVarHandle(StreamNode.class, "references", int.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final NodePool pool;
    private final int sizeClass;
    private final int footprint;
    private final UnsafeBuffer buffer;
    private int length;
    private int flags;
    private long sequence;
    private int priorityCode;
    @SuppressWarnings("unused")
    private int references;
    /** The next one in the pool. */
    private StreamNode next;

    StreamNode(final NodePool pool, final int sizeClass, final int capacity, final int footprint)
    {
        this.pool = pool;
        this.sizeClass = sizeClass;
        this.footprint = footprint;
        buffer = new UnsafeBuffer(new byte[capacity]);
    }

    void hold(final EventFlyweight event)
    {
        length = event.copyTo(buffer, 0);
        keep(event);
    }

    void holdPlaceOnly(final EventFlyweight event)
    {
        length = 0;
        keep(event);
    }

    /** @return false for an event that there was no room for. */
    boolean hasEvent()
    {
        return length > 0;
    }

    EventFlyweight view(final EventFlyweight view)
    {
        return view.wrap(buffer, 0).deliveryFlags(flags);
    }

    long sequence()
    {
        return sequence;
    }

    int priorityCode()
    {
        return priorityCode;
    }

    int sizeClass()
    {
        return sizeClass;
    }

    /** @return bytes that it takes. */
    int footprint()
    {
        return footprint;
    }

    /** By the feed, before any stream has it. */
    void references(final int count)
    {
        REFERENCES.set(this, count);
    }

    void release()
    {
        if ((int)REFERENCES.getAndAdd(this, -1) == 1)
        {
            pool.giveBack(this);
        }
    }

    StreamNode next()
    {
        return next;
    }

    void next(final StreamNode node)
    {
        next = node;
    }

    private void keep(final EventFlyweight event)
    {
        flags = event.flags();
        sequence = event.sequence();
        priorityCode = event.priorityCode();
    }
}
