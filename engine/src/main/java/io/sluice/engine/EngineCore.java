package io.sluice.engine;

import io.sluice.engine.admission.MemoryBudget;
import io.sluice.engine.admission.OverflowPolicy;
import io.sluice.engine.admission.PressureMonitor;
import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.RetryLog;
import io.sluice.engine.ring.EventArena;
import io.sluice.engine.ring.PriorityRing;
import io.sluice.engine.ring.PriorityWheel;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventStorageException;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectoryException;
import io.sluice.journal.EventAppender;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.EpochNanoClock;

/**
 * What the stages and the publishers of one engine share. Values are set once; the moving parts are named in their
 * methods.
 */
final class EngineCore
{
    /** What a void slot becomes, see {@link PriorityRing#remember}. */
    static final long OUTCOME_VOID = Long.MIN_VALUE;

    private final EngineContext context;
    private final MemoryBudget memory;
    private final EventArena arena;
    private final PressureMonitor pressure;
    private final PriorityRing[] rings = new PriorityRing[Priority.COUNT];
    private final PublisherShares shares;
    private final EventAppender appender;
    private final Watermarks watermarks;
    private final Acknowledgements acknowledgements;
    private final Receipts receipts = new Receipts(this);
    private final EngineRules rules;
    private final Admission admission;
    private final PipelineCounts counts = new PipelineCounts();
    private final Subscriptions subscriptions;
    private final AtomicInteger attention = new AtomicInteger();
    private final long recoveredSequence;
    private final TypeRecords types = new TypeRecords();
    private final LatencyTotals telemetry;
    private final PipelinePositions positions;
    private final EpochNanoClock clock;
    private final long[] budgetsNs = new long[Priority.COUNT];
    private final AtomicLong scratches = new AtomicLong();
    private final ThreadLocal<PublishScratch> scratch;
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final AtomicLong errors = new AtomicLong();
    private final boolean sequencesHere;
    private final boolean routesHere;
    private volatile boolean redelivered;
    private volatile boolean closing;
    private volatile boolean flushing;
    private RetryLog retryLog;
    private Retries retries;
    private volatile long handled;
    private volatile int routedGeneration = -1;
    private volatile Runnable deliveryWaker = () ->
    {
    };
    private volatile Runnable onFailure = () ->
    {
    };
    private volatile StorageListener onStorage = (isReady) ->
    {
    };
    private volatile EngineErrors errorSink;
    private final CallWatch watch = new CallWatch(this);

    EngineCore(
        final EngineContext context,
        final PipelinePositions positions,
        final EngineErrors errorSink,
        final EventAppender appender,
        final Watermarks watermarks,
        final Subscriptions subscriptions)
    {
        this.appender = appender;
        this.subscriptions = subscriptions;
        recoveredSequence = appender.lastSequence();
        this.watermarks = watermarks;
        this.context = context;
        this.positions = positions;
        this.errorSink = errorSink;
        clock = context.clock();
        memory = new MemoryPlan(context).newBudget();
        arena = new EventArena(context.arenaLength(), memory::tryReserve, memory::release);
        memory.addPromised(MemoryPlan.of(arena), arena.maxLength());
        for (final Priority priority : Priority.values())
        {
            rings[priority.code()] =
                new PriorityRing(priority, context.limit(priority), context.slotLength(), arena);
            budgetsNs[priority.code()] = context.budgetNs(priority);
        }
        pressure = newPressureMonitor();
        shares = new PublisherShares(rings, context.admission().newRateLimits(), clock);
        admission = context.admission().isLimiting() ?
            new LimitedAdmission(rings, arena, shares, receipts, context) :
            new Admission(rings, arena, shares, receipts, context.maxEventLength());
        memory.onRelease(admission::onBytesFreed);
        rules = new EngineRules(
            context, appender, failure::get, () -> scratch().isEngineThread(), EngineRules.TIMEOUT_NS);
        telemetry = new LatencyTotals();
        acknowledgements = new Acknowledgements(this, watermarks);
        final ThreadingMode mode = context.threadingMode();
        sequencesHere = mode == ThreadingMode.INVOKER || mode == ThreadingMode.SHARED;
        routesHere = sequencesHere || mode == ThreadingMode.PAIRED;
        final EventDefaults defaults = new EventDefaults(clock, new IdGenerator(context.seed()));
        if (!context.source().isEmpty())
        {
            defaults.source(context.source());
        }
        if (!context.metadata().isEmpty())
        {
            defaults.metadata(context.metadata());
        }
        // The first thread continues the seed as given, so that a single-threaded run is repeatable.
        scratch = ThreadLocal.withInitial(() -> new PublishScratch(
            defaults.withIds(new IdGenerator(context.seed() + scratches.getAndIncrement())), context.maxEventLength()));
    }

    EngineContext context()
    {
        return context;
    }

    PriorityRing[] rings()
    {
        return rings;
    }

    EventArena arena()
    {
        return arena;
    }

    MemoryBudget memory()
    {
        return memory;
    }

    PressureMonitor pressure()
    {
        return pressure;
    }

    PublisherShares shares()
    {
        return shares;
    }

    Admission admission()
    {
        return admission;
    }

    EngineRules rules()
    {
        return rules;
    }

    Receipts receipts()
    {
        return receipts;
    }

    PipelineCounts counts()
    {
        return counts;
    }

    Subscriptions subscriptions()
    {
        return subscriptions;
    }

    /** @return sequence of the last event of the journal that was recovered. */
    long recoveredSequence()
    {
        return recoveredSequence;
    }

    /** @return changes when a subscription is to change its feed. */
    int attention()
    {
        return attention.get();
    }

    /** Any thread: a subscription wants to change its feed, or may. */
    void raiseAttention()
    {
        attention.incrementAndGet();
        deliveryWaker.run();
    }

    /** Any thread: there is something to do for the delivery thread. */
    void wakeDelivery()
    {
        deliveryWaker.run();
    }

    /** Whether batches are to be handed over as soon as there is an event in them. */
    void flushing(final boolean value)
    {
        flushing = value;
        deliveryWaker.run();
    }

    boolean isFlushing()
    {
        return flushing;
    }

    void deliveryWaker(final Runnable action)
    {
        deliveryWaker = action;
    }

    /** Routing thread: from now on routes know the table of subscriptions of that generation. */
    void routedGeneration(final int generation)
    {
        routedGeneration = generation;
    }

    int routedGeneration()
    {
        return routedGeneration;
    }

    TypeRecords types()
    {
        return types;
    }

    LatencyTotals telemetry()
    {
        return telemetry;
    }

    PipelinePositions positions()
    {
        return positions;
    }

    EpochNanoClock clock()
    {
        return clock;
    }

    long nowNs()
    {
        return clock.nanoTime();
    }

    long budgetNs(final int priorityCode)
    {
        return budgetsNs[priorityCode];
    }

    HeadAgeing newAgeing(final long[] heads)
    {
        return new HeadAgeing(rings, heads, budgetsNs);
    }

    PriorityWheel newWheel(final HeadAgeing ageing)
    {
        return new PriorityWheel(context.shares(), ageing);
    }

    /** Where failures are recorded; before the stages are made. */
    void retryLog(final RetryLog log)
    {
        retryLog = log;
    }

    RetryLog retryLog()
    {
        return retryLog;
    }

    void retries(final Retries value)
    {
        retries = value;
    }

    /** While events are redelivered: will one that failed in an earlier run be tried again without that? */
    boolean isToBeRetried(final Subscription subscription, final long sequence)
    {
        return retries != null && retries.isOpen(subscription, sequence);
    }

    /** While events are redelivered: has anything of it failed in an earlier run that will be tried again? */
    boolean isAnyToBeRetried(final Subscription subscription)
    {
        return retries != null && retries.open(subscription) > 0;
    }

    /** @return records failures of one thread; null without a journal. */
    FailureRecorder newFailureRecorder()
    {
        return retryLog == null ? null : new FailureRecorder(retryLog, new Random(context.seed()));
    }

    /** @return looks after calls of handlers. */
    CallWatch watch()
    {
        return watch;
    }

    /** No handler is to be called any more that was not. */
    void closing()
    {
        closing = true;
    }

    boolean isClosing()
    {
        return closing;
    }

    /** @return whether events of a priority go on from the journal when its ring is full. */
    boolean isSpilling(final int priorityCode)
    {
        return context.admission().overflow(Priority.of(priorityCode)) == OverflowPolicy.SPILL;
    }

    /** @return finds routes for one thread; it counts for the rules where it is the first to see an event. */
    RuleRouter newRouter(final boolean isCounting)
    {
        return new RuleRouter(
            new RouteTable(subscriptions, types), isCounting ? rules.newRun(this::onError) : rules.newQuietRun());
    }

    PublishScratch scratch()
    {
        return scratch.get();
    }

    Acknowledgements acknowledgements()
    {
        return acknowledgements;
    }

    /** Sequencing thread: everything up to here is journaled, and visible in the rings before this is. */
    void onJournaled(final long lastSequence)
    {
        watermarks.journaled(lastSequence);
        acknowledgements.onJournaled();
    }

    /** The thread that forces: everything up to here is on the device. */
    void onSynced(final long sequence)
    {
        acknowledgements.onSynced();
        receipts.onSynced(sequence);
    }

    long journaledSequence()
    {
        return watermarks.journaled();
    }

    long syncedSequence()
    {
        return watermarks.synced();
    }

    long handledSequence()
    {
        return handled;
    }

    /** Delivery thread: what the pipeline's positions, which are mapped, say by now. */
    void observeHandled()
    {
        handled = positions.lowest();
    }

    /** Have a journaled record forced; any thread. Where nothing is forced any more, the engine fails. */
    void requestSync(final long sequence)
    {
        try
        {
            appender.requestSync(sequence);
        }
        catch (final EventStorageException ex)
        {
            fail(ex);
        }
    }

    /**
     * Can records be forced?
     *
     * @throws DataDirectoryException if not.
     */
    void checkSyncIsHonoured()
    {
        try
        {
            // Every record before the first one is forced: only the question is left.
            appender.requestSync(0L);
        }
        catch (final DataDirectoryException ex)
        {
            throw ex;
        }
        catch (final EventStorageException ex)
        {
            fail(ex);
        }
    }

    /** Does a CRITICAL event wait at an earlier stage that runs on the thread of the handling stage? */
    boolean isCriticalWaiting()
    {
        if (!routesHere)
        {
            return false;
        }
        final PriorityRing ring = rings[0];
        final long sequenced = ring.sequenced().get();
        return sequenced > ring.routed().get() || (sequencesHere && ring.isPublished(sequenced + 1));
    }

    void onFailure(final Runnable action)
    {
        onFailure = action;
    }

    void onRedelivered()
    {
        redelivered = true;
    }

    /** @return whether everything that an earlier run left unhandled has been handed out. */
    boolean isRedelivered()
    {
        return redelivered;
    }

    void onStorage(final StorageListener listener)
    {
        onStorage = listener;
    }

    /** Sequencing thread, every duty cycle while the appender is not ready, and once when it is again. */
    void onStorage(final boolean isReady)
    {
        onStorage.onStorage(isReady);
    }

    /** The journal can't be trusted with another append. The first cause stays. */
    void fail(final Throwable cause)
    {
        if (failure.compareAndSet(null, cause))
        {
            onFailure.run();
            acknowledgements.end(PublishResult.FAILED);
            onError(cause);
        }
    }

    Throwable failure()
    {
        return failure.get();
    }

    void onError(final Throwable error)
    {
        errors.incrementAndGet();
        errorSink.onError(error);
    }

    void onHandlerError(final Subscription subscription, final Throwable error)
    {
        if (FailureRecorder.causeOf(error) == FailureCause.UNDECODABLE && !subscription.calls().isWorthSaying())
        {
            errors.incrementAndGet();
            return;
        }
        onError(new HandlerException(subscription.name(), error));
    }

    long errors()
    {
        return errors.get();
    }

    void closePublisher(final PublisherShare share)
    {
        shares.close(share);
        admission.wakeAll();
    }

    long sequenceOf(final long ticket)
    {
        final long outcome = outcomeOf(ticket);
        return outcome > 0 ? outcome >>> 1 : resultOf(outcome);
    }

    boolean isDuplicate(final long ticket)
    {
        final long outcome = outcomeOf(ticket);
        return outcome > 0 && (outcome & 1L) != 0;
    }

    private PressureMonitor newPressureMonitor()
    {
        final AdmissionContext settings = context.admission();
        return new PressureMonitor(
            rings, arena, context.arenaLength(), settings.pressureHigh(), settings.pressureLow(),
            settings.pressureListener(), this::onError);
    }

    private long outcomeOf(final long ticket)
    {
        return rings[Admission.priorityCodeOf(ticket)].sequenceAt(Admission.positionOf(ticket));
    }

    private static long resultOf(final long outcome)
    {
        if (outcome == OUTCOME_VOID)
        {
            return PublishResult.VOID;
        }
        return outcome == PriorityRing.NOT_SEQUENCED ? PublishResult.NOT_SEQUENCED : PublishResult.EXPIRED;
    }
}
