package io.sluice.perf.peers;

import io.sluice.event.Priority;
import io.sluice.perf.measure.ThreadEnd;
import io.sluice.perf.report.MeasurementException;
import java.io.BufferedOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.PriorityBlockingQueue;

/**
 * What many write first: the publisher appends to a buffered file, and puts the event into a {@link
 * PriorityBlockingQueue} once it is safe; a thread takes from the queue. The queue has no order among equals, so
 * elements carry a number.
 */
final class QueueFilePeer implements Peer
{
    private static final int BATCH = 128;
    private static final int BUFFER_BYTES = 1 << 16;

    private final boolean isForced;
    private final PriorityBlockingQueue<Element> queue = new PriorityBlockingQueue<>();
    private final List<Element> batch = new ArrayList<>();
    private Path file;
    private FileOutputStream stream;
    private OutputStream out;
    private Thread consumer;
    private long published;

    /** Highest priority first, then in order of publishing. */
    private record Element(Priority priority, long number, byte[] event) implements Comparable<Element>
    {
        @Override
        public int compareTo(final Element other)
        {
            final int byPriority = Integer.compare(priority.code(), other.priority.code());
            return byPriority != 0 ? byPriority : Long.compare(number, other.number);
        }
    }

    /**
     * @param isForced whether it forces the file; otherwise it only empties its buffer.
     */
    QueueFilePeer(final boolean isForced)
    {
        this.isForced = isForced;
    }

    @Override
    public String name()
    {
        return isForced ? "queue-file-forced" : "queue-file";
    }

    @Override
    public DurabilityClass durability()
    {
        return isForced ? DurabilityClass.POWER : DurabilityClass.PROCESS;
    }

    @Override
    public void start(final Path directory, final ArrivalCheck arrivals) throws IOException
    {
        file = Files.createDirectories(directory).resolve("events");
        stream = new FileOutputStream(file.toFile());
        out = new BufferedOutputStream(stream, BUFFER_BYTES);
        consumer = new Thread(() -> consume(arrivals), "perf-queue-file");
        consumer.setDaemon(true);
        consumer.start();
    }

    @Override
    public String settings()
    {
        return "PriorityBlockingQueue, java.io.BufferedOutputStream of 64 KiB; no dedup, no checksum, no recovery; " +
            "unbatched: append, flush" + (isForced ? ", fdatasync" : "") + ", put, per event; batched: the same per " +
            BATCH + " events";
    }

    @Override
    public void publish(final PeerEvent event) throws IOException
    {
        append(event);
        release();
    }

    @Override
    public boolean hasBatches()
    {
        return true;
    }

    @Override
    public void publishBatched(final PeerEvent event) throws IOException
    {
        append(event);
        if (batch.size() == BATCH)
        {
            release();
        }
    }

    @Override
    public void awaitAcknowledged() throws IOException
    {
        if (!batch.isEmpty())
        {
            release();
        }
    }

    @Override
    public void check() throws IOException
    {
        MeasurementException.require("bytes in the file", published * PeerEvent.length(), Files.size(file));
    }

    @Override
    public void close()
    {
        if (consumer != null)
        {
            consumer.interrupt();
            ThreadEnd.await(consumer);
        }
        if (stream != null)
        {
            try
            {
                stream.close();
            }
            catch (final IOException e)
            {
                throw new MeasurementException("can't close " + file, e);
            }
        }
    }

    private void append(final PeerEvent event) throws IOException
    {
        final byte[] bytes = event.toBytes();
        out.write(bytes);
        batch.add(new Element(event.priority(), event.number(), bytes));
        published++;
    }

    private void release() throws IOException
    {
        out.flush();
        if (isForced)
        {
            stream.getChannel().force(false);
        }
        queue.addAll(batch);
        batch.clear();
    }

    private void consume(final ArrivalCheck arrivals)
    {
        try
        {
            while (true)
            {
                arrivals.onArrival(queue.take().event());
            }
        }
        catch (final InterruptedException e)
        {
            // Closed.
            Thread.currentThread().interrupt();
        }
    }
}
