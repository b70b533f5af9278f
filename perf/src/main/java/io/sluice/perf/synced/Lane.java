package io.sluice.perf.synced;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.PublishResult;
import io.sluice.engine.Receipt;
import io.sluice.event.EventBuilder;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.report.MeasurementException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One publisher of many on one engine. Its events carry its index and a count, so that the journal tells which are
 * there. Publishes from one thread; acknowledgements may come on any.
 */
final class Lane
{
    private static final int INDEX_SHIFT = 40;
    private static final long RETRY_NS = 10_000L;
    private static final long TIMEOUT_NS = 60_000_000_000L;
    private static final String TYPE = RecordTemplate.TYPE.toString();
    private static final String SOURCE = RecordTemplate.SOURCE.toString();

    private final Engine engine;
    private final int index;
    private final UnsafeBuffer payload;
    private final EventBuilder event = new EventBuilder();
    private final AtomicLong acknowledged = new AtomicLong();
    private final AtomicLong sequenceSum = new AtomicLong();
    private long published;

    Lane(final Engine engine, final int index, final int payloadLength)
    {
        this.engine = engine;
        this.index = index;
        payload = RecordTemplate.payload(payloadLength);
    }

    /**
     * Publish one event and wait for its acknowledgement.
     *
     * @param durability to wait for.
     */
    void publishAndAwait(final Durability durability)
    {
        fill();
        long ticket = engine.publisher().publish(event);
        while (ticket < 0)
        {
            requireTransient(ticket);
            LockSupport.parkNanos(RETRY_NS);
            ticket = engine.publisher().publish(event);
        }
        published++;
        final long sequence = engine.publisher().await(ticket, durability, TIMEOUT_NS);
        if (sequence < 0)
        {
            throw new MeasurementException(
                "no acknowledgement: " + PublishResult.describe(sequence), engine.failure());
        }
        onAcknowledged(sequence, durability);
    }

    /**
     * Publish one event and go on.
     *
     * @param durability of the acknowledgement.
     * @return completes with it.
     */
    CompletableFuture<Void> publishAsync(final Durability durability)
    {
        fill();
        CompletableFuture<Receipt> receipt = engine.publisher().publishAsync(event, durability).toCompletableFuture();
        // A refusal is known at once.
        while (receipt.isCompletedExceptionally())
        {
            if (engine.failure() != null)
            {
                throw new MeasurementException("the engine failed", engine.failure());
            }
            LockSupport.parkNanos(RETRY_NS);
            receipt = engine.publisher().publishAsync(event, durability).toCompletableFuture();
        }
        published++;
        return receipt.thenAccept((told) -> onAcknowledged(told.sequence(), durability));
    }

    long acknowledged()
    {
        return acknowledged.get();
    }

    long published()
    {
        return published;
    }

    /** @return of the sequences in its acknowledgements. */
    long sequenceSum()
    {
        return sequenceSum.get();
    }

    /** @return lane of an event by its number. */
    static int indexOf(final long number)
    {
        return (int)(number >>> INDEX_SHIFT);
    }

    /** @return which event of its lane it is, from 0. */
    static long countOf(final long number)
    {
        return number & ((1L << INDEX_SHIFT) - 1);
    }

    private void fill()
    {
        payload.putLong(0, (long)index << INDEX_SHIFT | published);
        event.clear().type(TYPE).source(SOURCE).payload(payload, 0, payload.capacity());
    }

    private void onAcknowledged(final long sequence, final Durability durability)
    {
        if (durability == Durability.SYNCED && engine.syncedSequence() < sequence)
        {
            throw new MeasurementException("sequence " + sequence +
                " was acknowledged as synced while the engine had synced up to " + engine.syncedSequence());
        }
        sequenceSum.addAndGet(sequence);
        acknowledged.incrementAndGet();
    }

    private void requireTransient(final long ticket)
    {
        if (!PublishResult.isTransient(ticket))
        {
            throw new MeasurementException("publish refused: " + PublishResult.describe(ticket), engine.failure());
        }
    }
}
