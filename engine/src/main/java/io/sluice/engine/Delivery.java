package io.sluice.engine;

import io.sluice.engine.deadletter.DeadLetterProcessor;
import io.sluice.engine.deadletter.DeadLetterSelection;
import io.sluice.engine.delivery.RegisteredSubscription;
import io.sluice.engine.failure.BreakerState;
import io.sluice.engine.failure.RetryLog;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventStorageException;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/**
 * The subscriptions of an engine, the files that keep the durable ones, and what serves from the journal those that the
 * rings do not serve. Without a journal there are only subscriptions.
 */
final class Delivery
{
    // Two of them are made at each start: room for what may fail within some duty cycles of the delivery thread.
    private static final int RETRY_SEGMENT_LENGTH = 1 << 18;
    private static final long MARK_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long LEAST_JOIN_NS = TimeUnit.SECONDS.toNanos(1);

    private final EngineContext context;
    private final Supplier<TailerContext> tails;
    private final DurableSubscriptions durable;
    private final Subscriptions subscriptions;
    private final DataDirectory directory;
    private final AtomicLong letterRuns = new AtomicLong();
    private final Checkpoints checkpoints;
    private RetryLog log;
    private Retries retries;
    private EngineCore core;
    private DeliveryAgent agent;
    private AgentThread thread;
    private AgentThread markThread;

    /**
     * @param context     of the engine.
     * @param directory   of the journal, or null.
     * @param tails       settings to read the journal with.
     * @param checkpoints of the engine; null without a journal.
     */
    Delivery(
        final EngineContext context,
        final DataDirectory directory,
        final Supplier<TailerContext> tails,
        final Checkpoints checkpoints)
    {
        this.context = context;
        this.tails = tails;
        this.directory = directory;
        this.checkpoints = checkpoints;
        durable = directory == null ? null : checkpoints.openSubscriptions(context.clock());
        subscriptions = new Subscriptions(durable == null ? null : tails, durable);
    }

    Subscriptions subscriptions()
    {
        return subscriptions;
    }

    /** Before the stages are made: the subscriptions that are given at launch. */
    void subscribe(final EngineCore core)
    {
        subscriptions.core(core);
        if (durable != null)
        {
            log = RetryLog.open(directory, RETRY_SEGMENT_LENGTH, core::onError);
            log.forceListener(context.journal().forceListener());
            core.retryLog(log);
            durable.recover(core.positions(), checkpoints.isPowerLost());
            checkpoints.positions(core.positions(), durable, log);
            // Before anything is handed out.
            checkpoints.tryMark(false, core::onError);
        }
        for (final SubscriptionSpec spec : context.subscriptions())
        {
            subscriptions.add(spec, core.recoveredSequence());
        }
        subscriptions.launched();
        if (durable != null)
        {
            durable.launched(subscriptions.list());
        }
        subscriptions.attention(core::raiseAttention);
    }

    /**
     * Make what reads the journal.
     *
     * @param engine of these subscriptions.
     * @param onEnd  done last on its thread.
     * @return threads that it has.
     */
    int prepare(final EngineCore engine, final Runnable onEnd)
    {
        if (durable == null)
        {
            engine.rules().history(new RuleHistory(engine));
            return 0;
        }
        core = engine;
        checkpoints.core(core);
        final boolean isInvoked = context.threadingMode() == ThreadingMode.INVOKER;
        retries = new Retries(
            core,
            tails,
            log,
            () -> DeadLetterProcessor.open(context.deadLetters()
                .directory(directory.root())
                .clock(context.clock())
                .errorHandler(core::onError)
                .forceThread(!isInvoked)),
            Files.exists(directory.deadLetters()),
            new Random(context.seed()));
        retries.recover();
        core.rules().history(new RuleHistory(core, tails, durable, retries, log));
        core.retries(retries);
        agent = new DeliveryAgent(
            core,
            tails,
            durable,
            isInvoked ? DeliveryWorkers.inline() : DeliveryWorkers.threads(),
            retries,
            this::checkpoint);
        if (isInvoked)
        {
            return 0;
        }
        thread = new AgentThread(
            new PinnedAgent(EngineRole.DELIVERY, core, agent),
            new DeliveryIdleStrategy(agent::isAnyAway),
            core::onError,
            onEnd);
        markThread = new AgentThread(
            new PinnedAgent(EngineRole.MARK, core, checkpoints),
            new PausingIdleStrategy(MARK_PAUSE_NS),
            core::onError,
            onEnd);
        core.deliveryWaker(() -> LockSupport.unpark(thread.thread()));
        return 2;
    }

    /** Forget a durable subscription and what it failed with; false if there is none. */
    boolean remove(final String name)
    {
        checkRunning();
        final long id = subscriptions.removeDurable(name);
        if (id != 0)
        {
            retries.forget(id);
        }
        return id != 0;
    }

    private void checkRunning()
    {
        if (retries != null)
        {
            retries.requests().checkRunning();
        }
    }

    boolean isDurable(final String name)
    {
        return subscriptions.isDurable(name);
    }

    CompletionStage<Long> seek(final String name, final StartPosition to)
    {
        checkRunning();
        return subscriptions.seek(
            name, to, (retryId, sequence) -> retries.forgetFrom(retryId, sequence, this::checkpoint));
    }

    CompletionStage<Boolean> retryDeadLetter(final long letter)
    {
        return withLetters(letters -> letters.find(letter) != null, () -> retries.retryNow(letter));
    }

    DeadLetterRetry retryDeadLetters(final DeadLetterSelection selection)
    {
        if (retries == null)
        {
            throw new IllegalStateException("an engine without a journal has no dead letters to retry");
        }
        checkRunning();
        final DeadLetterRetry run = DeadLetterRetry.select(
            directory.root(), selection, letterRuns.incrementAndGet(), core::raiseAttention);
        retries.requests().add(() -> retries.run(run), refusal -> run.end(DeadLetterRetryState.CLOSED));
        return run;
    }

    CompletionStage<Boolean> dropDeadLetter(final long letter, final String reason)
    {
        return withLetters(letters -> letters.dropped(letter, reason), () ->
        {
            // Nothing is handed over.
        });
    }

    CompletionStage<Boolean> fixDeadLetter(final long letter, final UnaryOperator<EventBuilder> repair)
    {
        return withLetters(
            letters ->
            {
                final EventBuilder event = new EventBuilder();
                return letters.event(letter, event::from) && letters.fixed(letter, repair.apply(event));
            },
            () -> retries.retryRepaired(letter));
    }

    private CompletionStage<Boolean> withLetters(
        final Predicate<DeadLetterProcessor> action, final Runnable next)
    {
        final CompletableFuture<Boolean> outcome = new CompletableFuture<>();
        if (retries == null)
        {
            outcome.complete(false);
            return outcome;
        }
        retries.requests().add(() ->
        {
            try
            {
                final boolean isDone = retries.letters() != null && action.test(retries.letters());
                if (isDone)
                {
                    next.run();
                }
                outcome.complete(isDone);
            }
            catch (final RuntimeException ex)
            {
                outcome.completeExceptionally(ex);
            }
        }, outcome::completeExceptionally);
        return outcome;
    }

    List<SubscriptionStats> stats(final EngineCore core)
    {
        final List<SubscriptionStats> stats = new ArrayList<>();
        final Set<String> handled = new HashSet<>();
        for (final Subscription one : subscriptions.list())
        {
            stats.add(one.stats(core));
            if (one.spec().isDurable())
            {
                handled.add(one.name());
            }
        }
        if (durable != null)
        {
            durable.list().stream()
                .filter(one -> !handled.contains(one.name()))
                .forEach(one -> stats.add(orphan(core, one)));
        }
        return stats;
    }

    private SubscriptionStats orphan(final EngineCore core, final RegisteredSubscription one)
    {
        final long sequence = durable.lowest(one.name());
        return new SubscriptionStats(
            0L,
            one.name(),
            one.subscriber(),
            one.pattern(),
            one.where(),
            one.minimumPriority(),
            one.mode(),
            true,
            SubscriptionState.ORPHANED,
            0L,
            0L,
            0L,
            0L,
            0L,
            BreakerState.CLOSED,
            0L,
            sequence,
            Math.max(0L, core.journaledSequence() - sequence),
            0L,
            0L);
    }

    void start()
    {
        if (thread != null)
        {
            thread.start();
            markThread.start();
        }
    }

    /** Where the host drives the engine: one duty cycle. */
    int invoke()
    {
        return agent == null ? 0 : agent.doWork() + checkpoints.doWork();
    }

    /**
     * @return whether nothing from the rings waits in a batch. Where a breaker is open nobody knows how long it will,
     *         and the next run delivers it again; so for what comes from the journal.
     */
    boolean isEveryBatchHandled()
    {
        for (final Subscription one : subscriptions.current().all())
        {
            final boolean isFromRings = one.batches() != null && one.gate().phase() == LiveGate.LIVE;
            if (isFromRings && one.batches().pending() > 0 && one.breakerState() == BreakerState.CLOSED)
            {
                return false;
            }
        }
        return true;
    }

    private void checkpoint()
    {
        checkpoints.tryMark(false, core::onError);
    }

    /**
     * Make no more checkpoints, before anything that they read or force is closed.
     *
     * @param deadline until then, see {@link System#nanoTime}.
     * @return false if the device holds the thread up still.
     */
    boolean endMarks(final long deadline)
    {
        if (markThread == null)
        {
            return true;
        }
        markThread.requestStop();
        LockSupport.unpark(markThread.thread());
        return markThread.join(Math.max(deadline - System.nanoTime(), LEAST_JOIN_NS));
    }

    /**
     * Call no more handlers. A call in progress is waited for.
     *
     * @param deadline until then, see {@link System#nanoTime}.
     * @return false if the thread still runs.
     */
    boolean end(final long deadline)
    {
        if (agent == null)
        {
            return true;
        }
        core.closing();
        agent.closeDeadline(deadline);
        if (thread == null)
        {
            agent.onClose();
            return true;
        }
        thread.requestStop();
        LockSupport.unpark(thread.thread());
        return thread.join(Math.max(deadline - System.nanoTime(), 0L) + TimeUnit.MILLISECONDS.toNanos(100));
    }

    /** Before the journal says that the run ended in order, which is believed after a power loss, too. */
    void forceFiles()
    {
        try
        {
            if (durable != null)
            {
                durable.force(context.journal().forceListener());
                checkpoints.tryMark(true, core::onError);
            }
        }
        catch (final EventStorageException ex)
        {
            core.onError(ex);
        }
    }

    /** Last: no thread writes a position any more. */
    void closeFiles()
    {
        if (durable != null)
        {
            durable.close();
        }
    }
}
