package io.sluice.perf.baseline;

import com.lmax.disruptor.EventHandler;
import com.lmax.disruptor.InsufficientCapacityException;
import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.YieldingWaitStrategy;
import com.lmax.disruptor.dsl.Disruptor;
import com.lmax.disruptor.dsl.ProducerType;
import io.sluice.event.EventDescriptor;
import io.sluice.perf.report.MeasurementException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.agrona.BitUtil;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * Disruptor ring, one consumer, Chronicle append: what one would wire by hand. Any thread may publish, as with
 * Sluice. On the consumer's thread each record optionally gets a CRC32C in its checksum field, is appended, and is
 * then shown to a listener.
 */
public final class HandWiredPipeline implements AutoCloseable
{
    /** Where the checksum goes: the last field of the fixed header. */
    public static final int CHECKSUM_OFFSET = EventDescriptor.FIXED_LENGTH - 8;

    private static final int RING_SIZE = 1 << 14;
    private static final long CLOSE_TIMEOUT_S = 30;

    private final Disruptor<Slot> disruptor;
    private final RingBuffer<Slot> ring;
    private final UnsafeBuffer slots;
    private final IdleStrategy idle = new YieldingIdleStrategy();
    private final int slotLength;
    private final Appending appending;

    /**
     * Start the consumer.
     *
     * @param directory     of the queue.
     * @param template      of the records that will be published.
     * @param preparedBytes of the queue's file to prepare with the first event, 0 for none.
     * @param hasChecksum   whether to compute a CRC32C.
     * @param listener      gets the number of each event after its append, on the consumer's thread.
     */
    public HandWiredPipeline(
        final Path directory,
        final RecordTemplate template,
        final long preparedBytes,
        final boolean hasChecksum,
        final LongConsumer listener)
    {
        slotLength = BitUtil.align(template.length(), BitUtil.CACHE_LINE_LENGTH);
        final ByteBuffer memory = ByteBuffer.allocateDirect(RING_SIZE * slotLength);
        slots = new UnsafeBuffer(memory);
        disruptor = new Disruptor<>(
            Slot::new,
            RING_SIZE,
            (task) -> new Thread(task, "perf-hand-wired"),
            ProducerType.MULTI,
            new YieldingWaitStrategy());
        ring = disruptor.getRingBuffer();
        appending = new Appending(
            directory, template, preparedBytes, hasChecksum ? new CRC32C() : null, memory, listener);
        disruptor.handleEventsWith(appending);
        disruptor.start();
    }

    /**
     * Publish a record; waits while the ring is full. One thread at a time: the ring could take more, the waiting
     * can't.
     *
     * @param record to copy.
     */
    public void publish(final RecordTemplate record)
    {
        final long sequence = claim();
        final Slot slot = ring.get(sequence);
        final int offset = (int)(sequence & (RING_SIZE - 1)) * slotLength;
        slot.offset = offset;
        slots.putBytes(offset, record.buffer(), 0, record.length());
        ring.publish(sequence);
    }

    /** @return events appended so far. */
    public long appended()
    {
        return appending.appended.get();
    }

    /**
     * Wait until events are appended, spinning.
     *
     * @param count of them since the start.
     */
    public void await(final long count)
    {
        while (appending.appended.getAcquire() < count)
        {
            if (appending.failure != null)
            {
                throw new MeasurementException("the hand-wired pipeline failed", appending.failure);
            }
            Thread.onSpinWait();
        }
    }

    @Override
    public void close()
    {
        try
        {
            disruptor.shutdown(CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
        }
        catch (final com.lmax.disruptor.TimeoutException e)
        {
            throw new MeasurementException("the hand-wired pipeline did not stop in " + CLOSE_TIMEOUT_S + " s", e);
        }
        appending.awaitClosed();
    }

    private long claim()
    {
        idle.reset();
        while (true)
        {
            try
            {
                return ring.tryNext();
            }
            catch (final InsufficientCapacityException e)
            {
                idle.idle();
            }
        }
    }

    private static final class Slot
    {
        private int offset;
    }

    private static final class Appending implements EventHandler<Slot>
    {
        private final Path directory;
        private final RecordTemplate template;
        private final long preparedBytes;
        private final CRC32C crc;
        private final ByteBuffer crcView;
        private final UnsafeBuffer slots;
        private final LongConsumer listener;
        private final PointerBytesStore record = new PointerBytesStore();
        private final CountDownLatch closed = new CountDownLatch(1);
        private ChronicleQueue queue;
        private ExcerptAppender appender;
        private final AtomicLong appended = new AtomicLong();
        private volatile Throwable failure;

        private Appending(
            final Path directory,
            final RecordTemplate template,
            final long preparedBytes,
            final CRC32C crc,
            final ByteBuffer memory,
            final LongConsumer listener)
        {
            this.directory = directory;
            this.template = template;
            this.preparedBytes = preparedBytes;
            this.crc = crc;
            crcView = memory.duplicate();
            slots = new UnsafeBuffer(memory);
            this.listener = listener;
        }

        @Override
        public void onStart()
        {
            queue = SingleChronicleQueueBuilder.binary(directory.toFile()).build();
            appender = queue.createAppender();
        }

        @Override
        public void onEvent(final Slot slot, final long sequence, final boolean endOfBatch)
        {
            if (failure != null)
            {
                return;
            }
            try
            {
                append(slot.offset);
            }
            catch (final RuntimeException e)
            {
                failure = e;
            }
        }

        @Override
        public void onShutdown()
        {
            appender.close();
            queue.close();
            closed.countDown();
        }

        private void append(final int offset)
        {
            if (crc != null)
            {
                crc.reset();
                crcView.limit(offset + CHECKSUM_OFFSET).position(offset);
                crc.update(crcView);
                crcView.clear();
                slots.putLong(offset + CHECKSUM_OFFSET, crc.getValue());
            }
            record.set(slots.addressOffset() + offset, template.length());
            appender.writeBytes(record);
            if (appended.getPlain() == 0 && preparedBytes > 0)
            {
                PreparedPages.prepare(directory, appender.wire().bytes().writePosition(), preparedBytes);
            }
            listener.accept(slots.getLong(offset + template.numberOffset()));
            appended.setRelease(appended.getPlain() + 1);
        }

        private void awaitClosed()
        {
            try
            {
                closed.await();
            }
            catch (final InterruptedException e)
            {
                Thread.currentThread().interrupt();
                throw new MeasurementException("interrupted while the hand-wired pipeline stopped", e);
            }
        }
    }
}
