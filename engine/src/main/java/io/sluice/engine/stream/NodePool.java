package io.sluice.engine.stream;

import io.sluice.engine.admission.GrowingMemory;
import io.sluice.event.EventFlyweight;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The memory of all streams: nodes in sizes that grow by half and by a third in turns, made as they are needed and
 * kept. Taken by the feed only, given back by any thread without waiting. Where other sizes are wanted than before, and
 * the bound is reached, nodes that nobody uses are let go.
 */
final class NodePool
{
    /** Bytes of a node besides those of its record: objects, headers, alignment. */
    static final int OVERHEAD = 128;
    /** Room for one small event. */
    static final int MIN_BUFFER = 1024;

    private static final int SMALLEST = 256;
    private static final int CLASSES = 46;
    private static final int NO_ROOM_CLASS = 0;
    private static final VarHandle RETURNED;

    static
    {
        try
        {
            RETURNED = MethodHandles.lookup().findVarHandle(NodePool.class, "returned", StreamNode.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final long maxBytes;
    private final GrowingMemory memory;
    private final StreamNode[] free = new StreamNode[CLASSES];
    private long bytes;
    private int seenShortages;
    private volatile StreamNode returned;

    /**
     * @param maxBytes of all nodes.
     * @param memory   to reserve from before a node is made.
     */
    NodePool(final long maxBytes, final GrowingMemory memory)
    {
        this.maxBytes = maxBytes;
        this.memory = memory;
        seenShortages = memory.shortages();
    }

    /** @return bytes that an event with a record of that length takes. */
    static int footprint(final int recordLength)
    {
        return capacity(sizeClass(recordLength)) + OVERHEAD;
    }

    /** @return a node that holds the event, or null if there is no memory. */
    StreamNode take(final EventFlyweight event)
    {
        final StreamNode node = take(sizeClass(event.recordLength()));
        if (node != null)
        {
            node.hold(event);
        }
        return node;
    }

    /** @return a node that stands for the event. */
    StreamNode takePlace(final EventFlyweight event)
    {
        StreamNode node = take(NO_ROOM_CLASS);
        if (node == null)
        {
            // A notice is never lost for want of its few bytes.
            memory.take(OVERHEAD);
            node = make(NO_ROOM_CLASS);
        }
        node.holdPlaceOnly(event);
        return node;
    }

    /** Any thread. */
    void giveBack(final StreamNode node)
    {
        StreamNode head;
        do
        {
            head = returned;
            node.next(head);
        }
        while (!RETURNED.compareAndSet(this, head, node));
    }

    /** @return bytes of all nodes there are, used or not. */
    long bytes()
    {
        return bytes;
    }

    /** Feed, now and then: let go of nodes that nobody uses, if memory has become short since. */
    void trim()
    {
        final int shortages = memory.shortages();
        if (shortages != seenShortages)
        {
            seenShortages = shortages;
            collect();
            for (int i = 0; i < CLASSES; i++)
            {
                while (free[i] != null)
                {
                    letGo(i);
                }
            }
        }
    }

    private StreamNode take(final int sizeClass)
    {
        if (free[sizeClass] == null)
        {
            collect();
        }
        final StreamNode node = free[sizeClass];
        if (node != null)
        {
            free[sizeClass] = node.next();
            node.next(null);
            return node;
        }
        return isRoomMade(capacity(sizeClass) + OVERHEAD) ? make(sizeClass) : null;
    }

    private boolean isRoomMade(final int footprint)
    {
        if (isReserved(footprint))
        {
            return true;
        }
        for (int i = CLASSES - 1; i >= 0; i--)
        {
            while (free[i] != null)
            {
                letGo(i);
                if (isReserved(footprint))
                {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isReserved(final int footprint)
    {
        return bytes + footprint <= maxBytes && memory.tryReserve(footprint);
    }

    private void letGo(final int sizeClass)
    {
        final StreamNode node = free[sizeClass];
        free[sizeClass] = node.next();
        bytes -= node.footprint();
        memory.release(node.footprint());
    }

    private StreamNode make(final int sizeClass)
    {
        final int capacity = capacity(sizeClass);
        final StreamNode node = new StreamNode(this, sizeClass, capacity, capacity + OVERHEAD);
        bytes += node.footprint();
        return node;
    }

    // All at once, so that no node can come back to the top while another thread looks at it.
    private void collect()
    {
        StreamNode node = (StreamNode)RETURNED.getAndSet(this, null);
        while (node != null)
        {
            final StreamNode following = node.next();
            node.next(free[node.sizeClass()]);
            free[node.sizeClass()] = node;
            node = following;
        }
    }

    private static int sizeClass(final int length)
    {
        int sizeClass = 1;
        while (capacity(sizeClass) < length)
        {
            sizeClass++;
        }
        return sizeClass;
    }

    // 0, 256, 384, 512, 768, 1024, 1536, and so on.
    private static int capacity(final int sizeClass)
    {
        if (sizeClass == NO_ROOM_CLASS)
        {
            return 0;
        }
        final int octave = SMALLEST << ((sizeClass - 1) >> 1);
        final long capacity = (sizeClass & 1) == 1 ? octave : octave + (octave >> 1);
        return capacity <= 0 ? Integer.MAX_VALUE - OVERHEAD - 8 : (int)capacity;
    }
}
