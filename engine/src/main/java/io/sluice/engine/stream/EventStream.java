package io.sluice.engine.stream;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStreamException;
import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The events of one subscriber, which fetches them: with {@link #poll}, without allocation, or with {@link #next},
 * {@link #iterator} or {@link #publisher}, as copies. Each event that matches comes once, those of one priority in the
 * order of their sequence; what was missed is told in its place.
 *
 * <p>One thread at a time; {@link #close} and {@link #stats} from any. Waiting takes the interrupt of a thread as the
 * end of the time and leaves it set. Don't interrupt a thread that catches up from the journal: the files that it reads
 * are closed by that.
 */
public final class EventStream implements Iterable<StreamItem>, AutoCloseable
{
    private static final long JOURNAL_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final StreamBuffer buffer;
    private final StreamQueue queue;
    private final CatchUp catchUp;
    private final EventStreams streams;
    private final EventFlyweight view = new EventFlyweight();
    private final AtomicBoolean isInUse = new AtomicBoolean();
    private final Queue<StreamItem> items = new ArrayDeque<>();
    private final StreamHandler collector = new Collector();
    private volatile long delivered;
    private volatile long fromJournal;
    private volatile boolean isCatchingUp;

    EventStream(
        final StreamBuffer buffer, final StreamFeed feed, final EventStreamsContext context, final EventStreams streams)
    {
        this.buffer = buffer;
        this.streams = streams;
        queue = buffer.queue();
        catchUp = new CatchUp(buffer, feed, context);
    }

    /** @return what the subscriber wants. */
    public EventStreamSpec spec()
    {
        return buffer.spec();
    }

    /**
     * Hand out what is there, without waiting.
     *
     * @param handler of it.
     * @param limit   of events.
     * @return events handed out; 0 if there is none, or none will come, see {@link #isEnded}.
     * @throws EventStreamException  if the stream was disconnected and all that was buffered has been handed out.
     * @throws IllegalStateException if another thread reads the stream.
     * @throws io.sluice.event.EventStorageException if the journal can't be read where the stream catches up.
     */
    public int poll(final StreamHandler handler, final int limit)
    {
        enter();
        try
        {
            final int count = drain(handler, limit);
            if (count == 0)
            {
                checkConnected();
            }
            return count;
        }
        finally
        {
            exit();
        }
    }

    /**
     * Hand out what is there; if there is no event, wait for the first.
     *
     * @param handler   of it.
     * @param limit     of events.
     * @param timeoutNs to wait at most.
     * @return events handed out; 0 if none came in time, or none will come, see {@link #isEnded}.
     * @throws EventStreamException  if the stream was disconnected and all that was buffered has been handed out.
     * @throws IllegalStateException if another thread reads the stream.
     * @throws io.sluice.event.EventStorageException if the journal can't be read where the stream catches up.
     */
    public int poll(final StreamHandler handler, final int limit, final long timeoutNs)
    {
        enter();
        try
        {
            return await(handler, limit, timeoutNs);
        }
        finally
        {
            exit();
        }
    }

    /**
     * The next event or notice, as a copy. Allocates.
     *
     * @param timeoutNs to wait at most, 0 for not at all.
     * @return it, or null if none came in time, or none will come, see {@link #isEnded}.
     * @throws EventStreamException  if the stream was disconnected and all that was buffered has been handed out.
     * @throws IllegalStateException if another thread reads the stream.
     * @throws io.sluice.event.EventStorageException if the journal can't be read where the stream catches up.
     */
    public StreamItem next(final long timeoutNs)
    {
        enter();
        try
        {
            if (items.isEmpty())
            {
                await(collector, 1, timeoutNs);
            }
            return items.poll();
        }
        finally
        {
            exit();
        }
    }

    /**
     * All that comes, as copies, until the stream ends; {@code hasNext} waits. Allocates.
     *
     * @return to be used by the thread that reads the stream. Throws {@link EventStreamException} if the stream is
     *         disconnected, or the thread is interrupted while it waits.
     */
    @Override
    public Iterator<StreamItem> iterator()
    {
        return new StreamIterator(this);
    }

    /**
     * The stream as a publisher for exactly one subscriber, whose cancellation closes the stream. Notices of missed
     * events are items as well. Allocates.
     *
     * @param executor runs the subscriber; the stream holds a thread of it while there is demand.
     * @return the publisher.
     */
    public Flow.Publisher<StreamItem> publisher(final Executor executor)
    {
        return new StreamPublisher(this, executor);
    }

    /** @return true if nothing comes any more and all that was buffered has been handed out; on the reading thread. */
    public boolean isEnded()
    {
        return !buffer.isOpen() && items.isEmpty() && queue.size() == 0 && !isLeftToJournal();
    }

    /** @return figures of the stream; any thread. */
    public StreamStats stats()
    {
        final StreamState end = buffer.end();
        final StreamState state = isCatchingUp || buffer.feeding() != StreamBuffer.LIVE ?
            StreamState.CATCHING_UP : StreamState.LIVE;
        return new StreamStats(
            spec().name(),
            end == null ? state : end,
            delivered,
            fromJournal,
            buffer.missed(),
            queue.size(),
            queue.bytes(),
            buffer.fullSinceNs(),
            buffer.isSlow());
    }

    /**
     * End the stream; what is buffered is let go. Any thread, also while another one reads: its call returns.
     * Idempotent.
     */
    @Override
    public void close()
    {
        streams.remove(this);
        buffer.end(StreamState.CLOSED, 0);
        if (isInUse.compareAndSet(false, true))
        {
            exit();
        }
    }

    StreamBuffer buffer()
    {
        return buffer;
    }

    private int await(final StreamHandler handler, final int limit, final long timeoutNs)
    {
        int count = drain(handler, limit);
        final long deadline = System.nanoTime() + timeoutNs;
        while (count == 0 && items.isEmpty() && !isEnded())
        {
            final long left = deadline - System.nanoTime();
            if (left <= 0 || Thread.currentThread().isInterrupted())
            {
                return 0;
            }
            buffer.startWaiting();
            try
            {
                count = drain(handler, limit);
                if (count == 0 && items.isEmpty() && !isEnded())
                {
                    // Nobody wakes whoever waits for the journal.
                    LockSupport.parkNanos(this, catchUp.isReading() ? Math.min(left, JOURNAL_INTERVAL_NS) : left);
                    count = drain(handler, limit);
                }
            }
            finally
            {
                buffer.stopWaiting();
            }
        }
        if (count == 0)
        {
            checkConnected();
        }
        return count;
    }

    private int drain(final StreamHandler handler, final int limit)
    {
        int count = 0;
        while (count < limit)
        {
            if (catchUp.isReading())
            {
                count += catchUpWith(handler, limit - count);
                if (catchUp.isReading())
                {
                    return count;
                }
                continue;
            }
            // Asked before the buffer: nothing comes into it once the stream is detached.
            final boolean isDetached = buffer.feeding() == StreamBuffer.DETACHED;
            final StreamNode node = queue.poll();
            if (node != null)
            {
                count += hand(node, handler);
            }
            else if (isDetached && isLeftToJournal())
            {
                isCatchingUp = true;
                catchUp.start();
            }
            else
            {
                return count;
            }
        }
        return count;
    }

    /** @return true if there is more in the journal that belongs to the stream. */
    private boolean isLeftToJournal()
    {
        return buffer.end() != StreamState.CLOSED && !catchUp.isFinished() &&
            (catchUp.isReading() || buffer.feeding() != StreamBuffer.LIVE);
    }

    private int catchUpWith(final StreamHandler handler, final int limit)
    {
        final long before = catchUp.delivered();
        try
        {
            return catchUp.poll(handler, limit);
        }
        finally
        {
            final long count = catchUp.delivered() - before;
            fromJournal += count;
            delivered += count;
            isCatchingUp = catchUp.isReading();
        }
    }

    private int hand(final StreamNode node, final StreamHandler handler)
    {
        try
        {
            if (catchUp.hasHad(node))
            {
                return 0;
            }
            tellMissed(node, handler);
            if (!node.hasEvent())
            {
                return 0;
            }
            delivered++;
            handler.onEvent(node.view(view));
            return 1;
        }
        finally
        {
            view.unwrap();
            queue.release(node);
        }
    }

    private void tellMissed(final StreamNode node, final StreamHandler handler)
    {
        long first = node.sequence();
        long last = first;
        long count = node.hasEvent() ? 0 : 1;
        if (queue.missedCount() > 0)
        {
            first = count == 0 ? queue.missedFirst() : Math.min(first, queue.missedFirst());
            last = count == 0 ? queue.missedLast() : Math.max(last, queue.missedLast());
            count += queue.missedCount();
        }
        if (count > 0)
        {
            handler.onMissed(new MissedEvents(first, last, count));
        }
    }

    private void checkConnected()
    {
        if (buffer.end() == StreamState.DISCONNECTED && queue.size() == 0)
        {
            throw buffer.disconnected();
        }
    }

    private void enter()
    {
        if (!isInUse.compareAndSet(false, true))
        {
            throw new IllegalStateException(
                "stream '" + spec().name() + "' is being read by another thread: read it by one thread at a time");
        }
    }

    private void exit()
    {
        if (buffer.end() == StreamState.CLOSED)
        {
            catchUp.close();
            items.clear();
        }
        isInUse.set(false);
        // Closed after this thread looked, by one that found the stream in use.
        if (buffer.end() == StreamState.CLOSED && catchUp.isReading() && isInUse.compareAndSet(false, true))
        {
            catchUp.close();
            isInUse.set(false);
        }
    }

    private final class Collector implements StreamHandler
    {
        @Override
        public void onEvent(final EventFlyweight event)
        {
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[event.recordLength()]);
            event.copyTo(copy, 0);
            items.add(new StreamItem(new EventFlyweight().wrap(copy, 0).deliveryFlags(event.flags()), null));
        }

        @Override
        public void onMissed(final MissedEvents missed)
        {
            items.add(new StreamItem(null, missed));
        }
    }
}
