package io.sluice.perf.crash;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.PublishResult;
import io.sluice.engine.Publisher;
import io.sluice.engine.Receipt;
import io.sluice.event.EventBuilder;
import io.sluice.event.Verdict;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * In the child: publishes from several threads, each in its own way, until the process is killed. New events,
 * repeated ids and repeated contents; all priorities; small and large; acknowledged as journaled or as synced. Each
 * attempt is told before it is made, each acknowledgement after it came.
 */
final class ChildPublishers
{
    // Enough for several files; a limit keeps a journal small where the parent waits for something else.
    private static final long MAX_ATTEMPTS = 4000;
    private static final int DUPLICATE_ID_ONE_IN = 10;
    private static final int DUPLICATE_CONTENT_ONE_IN = 10;
    private static final int ID_REACH = 2000;
    private static final int CONTENT_REACH = 64;
    private static final int SYNCED_ONE_IN = 3;
    private static final int OUTSTANDING = 32;
    private static final long TIMEOUT_NS = 30_000_000_000L;
    private static final long RETRY_NS = 50_000L;

    private final Engine engine;
    private final FrameWriter frames;
    private final ChildCommand command;
    private final AtomicLong nextAttempt;
    private final AtomicInteger running = new AtomicInteger();
    private final CountDownLatch failed = new CountDownLatch(1);
    private volatile Throwable failure;

    ChildPublishers(final Engine engine, final FrameWriter frames, final ChildCommand command)
    {
        this.engine = engine;
        this.frames = frames;
        this.command = command;
        nextAttempt = new AtomicLong(command.firstAttempt());
    }

    /** Returns only by throwing. */
    void publishUntilKilled()
    {
        running.set(3);
        start("crash-receipts", new Random(command.seed()), this::publishForReceipts);
        start("crash-awaits", new Random(command.seed() + 1), this::publishAndAwait);
        start("crash-tickets", new Random(command.seed() + 2), this::publishForTickets);
        try
        {
            failed.await();
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
        throw new IllegalStateException("publishing failed", failure);
    }

    private interface Publishing
    {
        void publish(Random random) throws Exception;
    }

    private void start(final String name, final Random random, final Publishing publishing)
    {
        final Thread thread = new Thread(
            () ->
            {
                try
                {
                    publishing.publish(random);
                    if (running.decrementAndGet() == 0)
                    {
                        frames.send(Frame.Kind.EXHAUSTED);
                    }
                }
                catch (final Exception e)
                {
                    failure = e;
                    failed.countDown();
                }
            },
            name);
        thread.setDaemon(true);
        thread.start();
    }

    private record Draft(long attempt, long idKey)
    {
    }

    // Null when enough was published.
    private Draft draft(final EventBuilder builder, final Random random)
    {
        final long attempt = nextAttempt.getAndIncrement();
        if (attempt >= command.firstAttempt() + MAX_ATTEMPTS)
        {
            return null;
        }
        long idKey = attempt;
        long contentKey = attempt;
        if (attempt > 0 && random.nextInt(DUPLICATE_ID_ONE_IN) == 0)
        {
            idKey = attempt - 1 - random.nextInt((int)Math.min(attempt, ID_REACH));
        }
        else if (attempt > 0 && random.nextInt(DUPLICATE_CONTENT_ONE_IN) == 0)
        {
            contentKey = attempt - 1 - random.nextInt((int)Math.min(attempt, CONTENT_REACH));
        }
        builder.clear()
            .id(CrashEvent.id(idKey))
            .type(CrashEvent.type(contentKey))
            .source(CrashEvent.SOURCE)
            .priority(CrashEvent.priority(attempt))
            .payload(CrashEvent.payload(contentKey));
        frames.send(Frame.Kind.ATTEMPT, 0, attempt, idKey, contentKey, 0);
        return new Draft(attempt, idKey);
    }

    private void publishForReceipts(final Random random) throws InterruptedException
    {
        final EventBuilder builder = new EventBuilder();
        final Publisher publisher = engine.publisher();
        final Deque<CompletableFuture<?>> outstanding = new ArrayDeque<>();
        Draft draft = draft(builder, random);
        while (draft != null)
        {
            final Draft current = draft;
            final Durability durability = durability(random);
            CompletableFuture<Receipt> receipt = publisher.publishAsync(builder, durability).toCompletableFuture();
            // A refusal is known at once; anything later that fails is a failure of the engine.
            while (receipt.isCompletedExceptionally())
            {
                LockSupport.parkNanos(RETRY_NS);
                receipt = publisher.publishAsync(builder, durability).toCompletableFuture();
            }
            outstanding.add(receipt.thenAccept((told) -> frames.send(
                Frame.Kind.ACKNOWLEDGED,
                told.verdict().code(),
                current.attempt,
                told.sequence(),
                told.originalSequence(),
                CrashEvent.idKey(told.id()))));
            if (outstanding.size() >= OUTSTANDING)
            {
                join(outstanding.remove());
            }
            draft = draft(builder, random);
        }
        for (final CompletableFuture<?> rest : outstanding)
        {
            join(rest);
        }
    }

    private static void join(final CompletableFuture<?> future) throws InterruptedException
    {
        try
        {
            future.get();
        }
        catch (final ExecutionException e)
        {
            throw new IllegalStateException("an accepted event got no receipt", e);
        }
    }

    private void publishAndAwait(final Random random)
    {
        final EventBuilder builder = new EventBuilder();
        final Publisher publisher = engine.publisher();
        Draft draft = draft(builder, random);
        while (draft != null)
        {
            acknowledge(publisher, draft, publish(publisher, builder), durability(random));
            draft = draft(builder, random);
        }
    }

    private void publishForTickets(final Random random)
    {
        final EventBuilder builder = new EventBuilder();
        final Deque<Draft> drafts = new ArrayDeque<>();
        final Deque<Long> tickets = new ArrayDeque<>();
        try (Publisher publisher = engine.publisher("tickets"))
        {
            Draft draft = draft(builder, random);
            while (draft != null)
            {
                drafts.add(draft);
                tickets.add(publish(publisher, builder));
                if (tickets.size() == OUTSTANDING)
                {
                    while (!tickets.isEmpty())
                    {
                        acknowledge(publisher, drafts.remove(), tickets.remove(), Durability.JOURNALED);
                    }
                }
                draft = draft(builder, random);
            }
            while (!tickets.isEmpty())
            {
                acknowledge(publisher, drafts.remove(), tickets.remove(), durability(random));
            }
        }
    }

    private static long publish(final Publisher publisher, final EventBuilder builder)
    {
        long ticket = publisher.publish(builder);
        while (ticket == PublishResult.BACK_PRESSURED || ticket == PublishResult.PUBLISHER_LIMITED ||
            ticket == PublishResult.BYTES_LIMITED)
        {
            LockSupport.parkNanos(RETRY_NS);
            ticket = publisher.publish(builder);
        }
        if (ticket < 0)
        {
            throw new IllegalStateException("publish refused: " + PublishResult.describe(ticket));
        }
        return ticket;
    }

    // An acknowledgement is one, whatever it promises besides: both survive what happens here.
    private static Durability durability(final Random random)
    {
        return random.nextInt(SYNCED_ONE_IN) == 0 ? Durability.SYNCED : Durability.JOURNALED;
    }

    private void acknowledge(
        final Publisher publisher, final Draft draft, final long ticket, final Durability durability)
    {
        final long sequence = publisher.await(ticket, durability, TIMEOUT_NS);
        if (sequence == PublishResult.EXPIRED)
        {
            // The ring has moved on; without a sequence there is no acknowledgement to check.
            return;
        }
        if (sequence < 0)
        {
            throw new IllegalStateException("await of " + draft + ": " + PublishResult.describe(sequence));
        }
        frames.send(
            Frame.Kind.ACKNOWLEDGED,
            publisher.isDuplicate(ticket) ? Ledger.SOME_DUPLICATE : Verdict.ACCEPTED.code(),
            draft.attempt,
            sequence,
            Ledger.NOT_TOLD,
            draft.idKey);
    }
}
