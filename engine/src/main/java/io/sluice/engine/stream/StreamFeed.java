package io.sluice.engine.stream;

import io.sluice.engine.EventHandler;
import io.sluice.engine.admission.GrowingMemory;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.event.filter.EventFilterSet;
import java.util.Arrays;
import java.util.List;

/**
 * Hands each event to the streams that want it: matched once for all, copied once for all. Called by one thread at a
 * time; the streams that there are may be changed by any thread meanwhile. Never waits, never throws for what a stream
 * does.
 */
final class StreamFeed implements EventHandler
{
    private static final long CHECK_INTERVAL_NS = 10_000_000;

    /** The streams there are. The set is used by the feeding thread only, and never changed. */
    private static final class Matching
    {
        private final EventFilterSet filters = new EventFilterSet();
        private final StreamBuffer[] streams;
        private final StreamBuffer[] takers;

        Matching(final List<StreamBuffer> buffers)
        {
            streams = buffers.toArray(new StreamBuffer[0]);
            takers = new StreamBuffer[streams.length];
            for (final StreamBuffer stream : streams)
            {
                filters.add(stream.spec().newFilter());
            }
        }
    }

    private final EventStreamsContext context;
    private final GrowingMemory memory;
    private final NodePool pool;
    private final long[] fed = new long[Priority.COUNT];
    private volatile boolean isJoinAsked;
    private volatile Matching matching = new Matching(List.of());
    private volatile long lastFed;
    private boolean isAnyFull;
    private long nextCheckNs;

    StreamFeed(final EventStreamsContext context)
    {
        this.context = context;
        memory = new GrowingMemory("streams", context.memory());
        pool = new NodePool(context.maxBytes(), memory);
    }

    /** From now on these. One thread at a time, any. */
    void streams(final List<StreamBuffer> streams)
    {
        matching = new Matching(streams);
    }

    /** A stream wants to be live again; any thread. */
    void requestJoin()
    {
        isJoinAsked = true;
    }

    /** @return greatest sequence that was fed; any thread. */
    long lastFed()
    {
        return lastFed;
    }

    /** What the streams take besides their events; any thread. */
    GrowingMemory memory()
    {
        return memory;
    }

    /** @return bytes of all buffered events; on the feeding thread. */
    long pooledBytes()
    {
        return pool.bytes();
    }

    @Override
    public void onEvent(final EventFlyweight event)
    {
        final Matching current = matching;
        if (isJoinAsked)
        {
            isJoinAsked = false;
            join(current);
        }
        final int count = current.filters.match(event);
        if (count > 0)
        {
            hand(event, current, count);
        }
        final int code = event.priorityCode();
        final long sequence = event.sequence();
        if (sequence > fed[code])
        {
            fed[code] = sequence;
        }
        if (sequence > lastFed)
        {
            lastFed = sequence;
        }
        if (isAnyFull)
        {
            checkFull(current);
        }
        pool.trim();
    }

    private void hand(final EventFlyweight event, final Matching current, final int count)
    {
        final int footprint = NodePool.footprint(event.recordLength());
        final StreamBuffer[] takers = current.takers;
        int takerCount = 0;
        for (int i = 0; i < count; i++)
        {
            final StreamBuffer stream = current.streams[current.filters.matched(i)];
            if (stream.isOpen())
            {
                if (stream.makeRoom(footprint))
                {
                    takers[takerCount++] = stream;
                }
                else
                {
                    findNoRoom(stream, event);
                }
                isAnyFull |= stream.fullSinceNs() != 0;
            }
        }
        if (takerCount > 0)
        {
            offer(event, takers, takerCount);
        }
    }

    private void offer(final EventFlyweight event, final StreamBuffer[] takers, final int takerCount)
    {
        final StreamNode node = pool.take(event);
        if (node == null)
        {
            for (int i = 0; i < takerCount; i++)
            {
                findNoRoom(takers[i], event);
            }
        }
        else
        {
            node.references(takerCount);
            for (int i = 0; i < takerCount; i++)
            {
                takers[i].offer(node);
            }
        }
        Arrays.fill(takers, 0, takerCount, null);
    }

    private void findNoRoom(final StreamBuffer stream, final EventFlyweight event)
    {
        if (stream.spec().overflow() == StreamOverflow.WAIT)
        {
            stream.detach(fed, context.handledSequence().getAsLong());
        }
        else
        {
            final StreamNode place = pool.takePlace(event);
            place.references(1);
            stream.offerPlace(place);
        }
    }

    private void join(final Matching current)
    {
        for (final StreamBuffer stream : current.streams)
        {
            stream.tryJoin(lastFed);
        }
    }

    private void checkFull(final Matching current)
    {
        final long nowNs = context.clock().nanoTime();
        if (nowNs < nextCheckNs)
        {
            return;
        }
        nextCheckNs = nowNs + CHECK_INTERVAL_NS;
        isAnyFull = false;
        for (final StreamBuffer stream : current.streams)
        {
            isAnyFull |= stream.checkFull(nowNs);
        }
    }
}
