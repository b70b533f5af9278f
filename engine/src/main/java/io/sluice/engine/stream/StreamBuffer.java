package io.sluice.engine.stream;

import io.sluice.event.EventStreamException;
import io.sluice.event.Priority;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * What feed and subscriber of a stream share. The feed writes, decides what happens when there is no room, and wakes
 * the subscriber.
 *
 * <pre>
 *   LIVE ──(feed: no room, WAIT)──► DETACHED ──(subscriber: near the end of the journal)──► JOINING ──(feed)──► LIVE
 * </pre>
 *
 * While DETACHED or JOINING nothing is offered. Each step is taken by one side only, and what it leaves for the other
 * is written before.
 */
final class StreamBuffer
{
    static final int LIVE = 0;
    static final int DETACHED = 1;
    static final int JOINING = 2;

    private final EventStreamSpec spec;
    private final EventStreamsContext context;
    private final StreamQueue queue;
    private final long maxBytes;
    private final long calmBytes;
    private final int calmSize;
    private final long startSequence;
    private final long[] detachedAt = new long[Priority.COUNT];
    private volatile int feeding = LIVE;
    private volatile long joinedAt;
    private volatile StreamState end;
    private volatile long endedAt;
    private volatile Thread waiter;
    private volatile long fullSinceNs;
    private volatile boolean isSlow;
    private volatile long placesOffered;

    StreamBuffer(final EventStreamSpec spec, final EventStreamsContext context, final long startSequence)
    {
        this.spec = spec;
        this.context = context;
        this.startSequence = startSequence;
        queue = new StreamQueue(sizeOf(spec, context));
        maxBytes = bytesOf(spec, context);
        calmSize = (int)(queue.limit() * context.backPressureThreshold());
        calmBytes = (long)(maxBytes * context.backPressureThreshold());
    }

    /** @return bytes that a stream may take. */
    static long footprint(final EventStreamSpec spec, final EventStreamsContext context)
    {
        return bytesOf(spec, context) + StreamQueue.footprint(sizeOf(spec, context));
    }

    /** @return bytes that it takes without events. */
    static long emptyFootprint(final EventStreamSpec spec, final EventStreamsContext context)
    {
        return StreamQueue.footprint(sizeOf(spec, context));
    }

    EventStreamSpec spec()
    {
        return spec;
    }

    StreamQueue queue()
    {
        return queue;
    }

    boolean isOpen()
    {
        return end == null;
    }

    /** @return why nothing comes any more, or null. */
    StreamState end()
    {
        return end;
    }

    /** @return sequence up to which a stream that catches up still gets events after the end. */
    long endedAt()
    {
        return endedAt;
    }

    int feeding()
    {
        return feeding;
    }

    long fullSinceNs()
    {
        return fullSinceNs;
    }

    boolean isSlow()
    {
        return isSlow;
    }

    /** @return events that the stream missed. */
    long missed()
    {
        return queue.dropped() + placesOffered;
    }

    // The feed's.

    /** @return false if the stream is not live, or no room can be made for a node of that size. */
    boolean makeRoom(final int footprint)
    {
        if (feeding != LIVE)
        {
            return false;
        }
        if (hasRoom(footprint))
        {
            return true;
        }
        if (spec.overflow() == StreamOverflow.WAIT)
        {
            return false;
        }
        onFull();
        // What is with the subscriber keeps its bytes until it is done with.
        while (!hasRoom(footprint) && footprint <= maxBytes && queue.drop())
        {
            // One more has gone.
        }
        return hasRoom(footprint);
    }

    void offer(final StreamNode node)
    {
        queue.offer(node);
        if (end != null)
        {
            // Closed meanwhile: whichever of the two comes last finds it.
            discardIfClosed();
        }
        wake();
    }

    /** Put in the place of an event that there is no room for; a notice needs no room but its place. */
    void offerPlace(final StreamNode place)
    {
        onFull();
        while (!hasRoom(place.footprint()) && queue.drop())
        {
            // One more has gone.
        }
        placesOffered++;
        offer(place);
    }

    /** From here on the subscriber reads the journal. */
    void detach(final long[] fed, final long handled)
    {
        if (feeding == LIVE)
        {
            for (int code = 0; code < Priority.COUNT; code++)
            {
                detachedAt[code] = Math.max(Math.max(fed[code], handled), startSequence);
            }
            onFull();
            feeding = DETACHED;
            wake();
        }
    }

    /** If the stream asked to be live, it is from the next event on. */
    void tryJoin(final long lastFed)
    {
        if (feeding == JOINING)
        {
            joinedAt = lastFed;
            calm();
            feeding = LIVE;
        }
    }

    /** @return true if the stream still is full. */
    boolean checkFull(final long nowNs)
    {
        if (fullSinceNs == 0 || end != null)
        {
            return false;
        }
        if (feeding == LIVE && queue.size() <= calmSize && queue.bytes() <= calmBytes)
        {
            calm();
            return false;
        }
        if (!isSlow && nowNs - fullSinceNs >= context.slowTimeoutNs())
        {
            isSlow = true;
            if (spec.overflow() == StreamOverflow.DISCONNECT)
            {
                end(StreamState.DISCONNECTED, 0);
                context.errorHandler().onError(disconnected());
                return false;
            }
        }
        return true;
    }

    EventStreamException disconnected()
    {
        return new EventStreamException(
            "stream '" + spec.name() + "' was disconnected: it was full for " +
            TimeUnit.NANOSECONDS.toMillis(context.slowTimeoutNs()) + " ms, since " + fullSinceNs + " ns; subscribe " +
            "again, with a larger buffer, a narrower filter or StreamOverflow.WAIT");
    }

    // The subscriber's.

    void copyDetachedAt(final long[] target)
    {
        for (int code = 0; code < Priority.COUNT; code++)
        {
            target[code] = Math.max(target[code], detachedAt[code]);
        }
    }

    void askToJoin()
    {
        feeding = JOINING;
    }

    long joinedAt()
    {
        return joinedAt;
    }

    /** Announce that the calling thread is about to sleep; it must look once more before it does. */
    void startWaiting()
    {
        waiter = Thread.currentThread();
    }

    void stopWaiting()
    {
        waiter = null;
    }

    // Any thread's.

    /** No more events; the first reason stays. */
    synchronized void end(final StreamState reason, final long lastSequence)
    {
        if (end == null || reason == StreamState.CLOSED)
        {
            endedAt = lastSequence;
            end = reason;
        }
        discardIfClosed();
        wake();
    }

    private void discardIfClosed()
    {
        if (end == StreamState.CLOSED)
        {
            queue.clear();
        }
    }

    private void wake()
    {
        final Thread sleeper = waiter;
        if (sleeper != null)
        {
            waiter = null;
            LockSupport.unpark(sleeper);
        }
    }

    private boolean hasRoom(final int footprint)
    {
        return queue.size() < queue.limit() && queue.bytes() + footprint <= maxBytes;
    }

    private void onFull()
    {
        if (fullSinceNs == 0)
        {
            fullSinceNs = Math.max(1, context.clock().nanoTime());
        }
    }

    private void calm()
    {
        fullSinceNs = 0;
        isSlow = false;
    }

    private static int sizeOf(final EventStreamSpec spec, final EventStreamsContext context)
    {
        return spec.bufferSize() == 0 ? context.bufferSize() : spec.bufferSize();
    }

    private static long bytesOf(final EventStreamSpec spec, final EventStreamsContext context)
    {
        return spec.bufferBytes() == 0 ? context.bufferBytes() : spec.bufferBytes();
    }
}
