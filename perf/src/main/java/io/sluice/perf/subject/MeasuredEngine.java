package io.sluice.perf.subject;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.EngineState;
import io.sluice.engine.EngineStats;
import io.sluice.engine.EventClaim;
import io.sluice.engine.PublishException;
import io.sluice.engine.PublishResult;
import io.sluice.engine.Publisher;
import io.sluice.engine.Receipt;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import io.sluice.journal.VisibleAt;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * An engine with a journal and one immediate handler, which counts. Each event has a number in the first eight
 * bytes of its payload, so no two are alike.
 *
 * <p>One thread publishes; any may ask how much was handled.
 */
public final class MeasuredEngine implements AutoCloseable
{
    private static final String TYPE = RecordTemplate.TYPE.toString();
    private static final String SOURCE = RecordTemplate.SOURCE.toString();
    private static final long HANDLED_TIMEOUT_NS = 120_000_000_000L;
    private static final int RECORD_HEAD_LENGTH = 192;
    private static final int CLOCK_EVERY = 64;

    private final Path directory;
    private final Engine engine;
    private final Publisher publisher;
    private final HandledListener listener;
    private final UnsafeBuffer payload;
    private final EventBuilder builder = new EventBuilder();
    private final EventClaim claim = new EventClaim();
    private final EventEncoder encoder = new EventEncoder();
    private final IdGenerator ids = new IdGenerator(System.nanoTime());
    private final IdleStrategy idle = new YieldingIdleStrategy();
    private final AtomicLong handled = new AtomicLong();
    private long handledSum;
    private long published;
    private long publishedSum;
    private long refusals;
    private long coarseEpochNs;

    /**
     * Launch the engine.
     *
     * @param context       with the directory and whatever differs from the defaults; the handler is added here.
     * @param payloadLength of the events, at least 8.
     * @param listener      of handled events.
     */
    public MeasuredEngine(final EngineContext context, final int payloadLength, final HandledListener listener)
    {
        this(context, payloadLength, VisibleAt.JOURNALED, listener);
    }

    /**
     * Launch the engine.
     *
     * @param context       with the directory and whatever differs from the defaults; the handler is added here.
     * @param payloadLength of the events, at least 8.
     * @param visibleAt     how far an event must have come before the handler sees it.
     * @param listener      of handled events.
     */
    public MeasuredEngine(
        final EngineContext context,
        final int payloadLength,
        final VisibleAt visibleAt,
        final HandledListener listener)
    {
        directory = context.directory();
        this.listener = listener;
        payload = RecordTemplate.payload(payloadLength);
        engine = Engine.launch(context.subscribe(
            SubscriptionSpec.to(TYPE, this::onEvent).name("measured").visibleAt(visibleAt)));
        while (engine.state() == EngineState.STARTING)
        {
            idle.idle();
        }
        publisher = engine.publisher();
    }

    /** @return the engine. */
    public Engine engine()
    {
        return engine;
    }

    /**
     * Publish one event; tries again while the engine pushes back.
     *
     * @param path       to take.
     * @param number     to put into it.
     * @param priority   of it.
     * @param intendedNs when it should have been published, by the engine's clock.
     */
    public void publish(final PublishPath path, final long number, final Priority priority, final long intendedNs)
    {
        idle.reset();
        while (!tryPublish(path, number, priority, intendedNs))
        {
            idle.idle();
        }
    }

    /**
     * Publish one event unless the engine pushes back.
     *
     * @param path       to take.
     * @param number     to put into it.
     * @param priority   of it.
     * @param intendedNs when it should have been published, by the engine's clock.
     * @return true if it was accepted.
     */
    public boolean tryPublish(
        final PublishPath path, final long number, final Priority priority, final long intendedNs)
    {
        payload.putLong(0, number);
        final long ticket = path == PublishPath.CLAIM ?
            publishInClaim(priority, intendedNs) : publishBuilt(priority, intendedNs);
        if (ticket < 0)
        {
            refuse(ticket);
            return false;
        }
        published++;
        publishedSum += number;
        return true;
    }

    /**
     * Publish one event on the everyday path unless the engine pushes back, and be told of its acknowledgement.
     *
     * @param number         to put into it.
     * @param priority       of it.
     * @param durability     to be told of.
     * @param onAcknowledged called when it has come so far, on the completion executor of the engine; never if it was
     *                       not accepted.
     * @return true if it was accepted.
     */
    public boolean tryPublish(
        final long number, final Priority priority, final Durability durability, final Runnable onAcknowledged)
    {
        payload.putLong(0, number);
        final CompletableFuture<Receipt> receipt =
            publisher.publishAsync(build(priority), durability).toCompletableFuture();
        // A refusal is known at once.
        if (receipt.isCompletedExceptionally())
        {
            refuse(resultOf(receipt));
            return false;
        }
        published++;
        publishedSum += number;
        final CompletableFuture<Void> unused = receipt.thenRun(onAcknowledged);
        return true;
    }

    /** @return what to add to {@link System#nanoTime()} to have a time by the engine's clock. */
    public long clockOffsetNs()
    {
        return engine.context().clock().nanoTime() - System.nanoTime();
    }

    /** @return events accepted so far; ask on the publishing thread. */
    public long published()
    {
        return published;
    }

    /** @return calls that were pushed back. */
    public long refusals()
    {
        return refusals;
    }

    /** @return events handled so far. */
    public long handled()
    {
        return handled.getAcquire();
    }

    /** Wait until everything that was published is handled. */
    public void awaitHandled()
    {
        final long deadlineNs = System.nanoTime() + HANDLED_TIMEOUT_NS;
        idle.reset();
        while (handled() < published)
        {
            idle.idle();
            if (engine.failure() != null)
            {
                throw new MeasurementException("the engine failed", engine.failure());
            }
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new MeasurementException("only " + handled() + " of " + published + " events were handled");
            }
        }
    }

    /**
     * Close the engine and check all it did: handled once each, counted alike by the engine, and, if it has a journal,
     * journaled once each in dense sequence, none called a duplicate.
     *
     * @throws MeasurementException if anything differs.
     */
    public void closeAndCheck()
    {
        closeAndCheckAfter(0);
        if (engine.context().durability() != Durability.NONE)
        {
            JournalSum.of(directory).check(published, publishedSum);
        }
    }

    /**
     * Close the engine and check what it did without reading its journal, which held events before: handled once each,
     * counted alike by the engine, given as many sequences, none called a duplicate.
     *
     * @param sequence that the journal ended with when the engine was launched.
     * @throws MeasurementException if anything differs.
     */
    public void closeAndCheckAfter(final long sequence)
    {
        awaitHandled();
        final EngineStats stats = engine.stats();
        engine.close();
        MeasurementException.require("events handled", published, handled());
        MeasurementException.require("sum of the numbers handled", publishedSum, handledSum);
        MeasurementException.require("events accepted by the engine's count", published, stats.accepted());
        MeasurementException.require("duplicates by the engine's count", 0, stats.duplicates());
        MeasurementException.require("last sequence by the engine's count", sequence + published, stats.lastSequence());
    }

    @Override
    public void close()
    {
        engine.close();
    }

    private static long resultOf(final CompletableFuture<Receipt> refused)
    {
        try
        {
            refused.join();
            return 0;
        }
        catch (final CompletionException e)
        {
            if (e.getCause() instanceof PublishException refusal)
            {
                return refusal.result();
            }
            throw e;
        }
    }

    private void refuse(final long result)
    {
        if (!PublishResult.isTransient(result))
        {
            throw new MeasurementException("publish refused: " + PublishResult.describe(result), engine.failure());
        }
        refusals++;
    }

    private long publishBuilt(final Priority priority, final long intendedNs)
    {
        return publisher.publish(build(priority), intendedNs);
    }

    private EventBuilder build(final Priority priority)
    {
        return builder.clear()
            .type(TYPE).source(SOURCE).priority(priority).payload(payload, 0, payload.capacity());
    }

    private long publishInClaim(final Priority priority, final long intendedNs)
    {
        if (published % CLOCK_EVERY == 0)
        {
            coarseEpochNs = System.currentTimeMillis() * 1_000_000L;
        }
        final long ticket = publisher.tryClaim(claim, priority, payload.capacity() + RECORD_HEAD_LENGTH, intendedNs);
        if (ticket >= 0)
        {
            ids.next(coarseEpochNs);
            encoder.wrap(claim.buffer(), claim.offset(), claim.capacity())
                .priority(priority)
                .eventTime(coarseEpochNs)
                .uuid(ids.high(), ids.low())
                .put(RecordTemplate.TYPE)
                .put(RecordTemplate.SOURCE)
                .put(EventField.PAYLOAD, payload, 0, payload.capacity())
                .complete();
            claim.publish();
        }
        return ticket;
    }

    private void onEvent(final EventFlyweight event)
    {
        final long number = JournalSum.numberOf(event);
        handledSum += number;
        listener.onHandled(number, event.priorityCode());
        handled.setRelease(handled.getPlain() + 1);
    }
}
