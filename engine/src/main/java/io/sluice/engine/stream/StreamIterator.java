package io.sluice.engine.stream;

import io.sluice.event.EventStreamException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.TimeUnit;

/** Waits for each item of a stream, until it ends. */
final class StreamIterator implements Iterator<StreamItem>
{
    private static final long WAIT_NS = TimeUnit.SECONDS.toNanos(1);

    private final EventStream stream;
    private StreamItem item;

    StreamIterator(final EventStream stream)
    {
        this.stream = stream;
    }

    @Override
    public boolean hasNext()
    {
        while (item == null)
        {
            item = stream.next(WAIT_NS);
            if (item == null)
            {
                if (stream.isEnded())
                {
                    return false;
                }
                if (Thread.currentThread().isInterrupted())
                {
                    throw new EventStreamException(
                        "interrupted while waiting for stream '" + stream.spec().name() +
                        "': clear the interrupt to go on, or close the stream");
                }
            }
        }
        return true;
    }

    @Override
    public StreamItem next()
    {
        if (!hasNext())
        {
            throw new NoSuchElementException("stream '" + stream.spec().name() + "' has ended");
        }
        final StreamItem result = item;
        item = null;
        return result;
    }
}
