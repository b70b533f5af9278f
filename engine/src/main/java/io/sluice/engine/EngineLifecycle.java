package io.sluice.engine;

import io.sluice.engine.control.ControlServer;
import io.sluice.engine.dedup.Deduplicator;
import io.sluice.engine.ring.PriorityRing;
import io.sluice.engine.telemetry.TelemetryWriter;
import io.sluice.event.EventStorageException;
import io.sluice.event.EventStreamException;
import io.sluice.journal.ArchiveAction;
import io.sluice.journal.ArchiveListener;
import io.sluice.journal.ArchivePolicy;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.DataDirectoryException;
import io.sluice.journal.EventAppender;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import io.sluice.journal.NoJournal;
import io.sluice.journal.StorageStatus;
import io.sluice.journal.SyncListener;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.agrona.concurrent.SleepingIdleStrategy;

/**
 * Brings an engine up and down, in order.
 *
 * <pre>
 *   up:    flags ─► journal (lock, recovery) ─► positions ─► dedup rebuilt ─► stages ─► redelivery ─► admission open
 *   down:  admission closed ─► drained ─► checkpoints end ─► stages end ─► journal ─► telemetry ─► positions
 * </pre>
 */
final class EngineLifecycle
{
    private static final long PAUSE_NS = 50_000L;
    private static final long TELEMETRY_PAUSE_NS = 10_000_000L;

    private final EngineContext context;
    private final EngineCore core;
    private final EventAppender appender;
    private final Deduplicator deduplicator;
    private final TelemetryWriter writer;
    private final ControlServer control;
    private final TelemetryAgent telemetry;
    private final List<StageLoop> loops;
    private final EngineThreads threads;
    private final AgentThread telemetryThread;
    private final Delivery delivery;
    private final IndexAgent index;
    private final AgentThread indexThread;
    // The threads of the stages and the one that closes: the last one to let go closes the journal.
    private final AtomicInteger journalUsers = new AtomicInteger(1);
    private final Invoker invoker;
    private final AtomicReference<EngineState> state = new AtomicReference<>(EngineState.STARTING);
    private boolean closed;

    private EngineLifecycle(
        final EngineContext context,
        final EngineErrors errors,
        final EventAppender appender,
        final Watermarks watermarks)
    {
        this.context = context;
        this.appender = appender;
        final long lastSequence = appender.lastSequence();
        final DataDirectory directory = isJournaling(context) ? new DataDirectory(context.directory()) : null;
        final Checkpoints checkpoints =
            directory == null ? null : new Checkpoints(directory, context.journal(), appender);
        final PipelinePositions positions =
            directory == null ? PipelinePositions.inMemory() : checkpoints.openPipeline();
        delivery = new Delivery(context, directory, context::newTail, checkpoints);
        core = new EngineCore(context, positions, errors, appender, watermarks, delivery.subscriptions());
        watermarks.listener(core::onSynced);
        delivery.subscribe(core);
        watermarks.open(lastSequence, isSyncHonoured(), appender.syncedSequence());
        final long nowNs = Math.max(core.nowNs(), appender.lastJournalTime());
        deduplicator = context.dedup().enabled() ? new Deduplicator(context.dedup().limits(), nowNs) : null;
        if (directory != null && deduplicator != null && lastSequence > 0)
        {
            DedupRebuild.run(context.newTail(), deduplicator, context.dedup().idCapacity(), lastSequence, nowNs);
        }
        writer = directory == null ? null : new TelemetryWriter(directory.telemetry(), appender.runId(), core.clock());
        errors.writer(writer);
        index = isIndexing(context) ? new IndexAgent(context, core::onError) : null;
        final JournalGauges gauges =
            appender instanceof JournalAppender journal ? new AppenderGauges(journal, index) : JournalGauges.NONE;
        control = directory == null || !context.control() ? null : new ControlServer(
            directory, appender.runId(), core.clock(), () -> state.get().name(), core::onError);
        if (control != null)
        {
            DeliveryCommands.add(control.commands(), core, delivery);
        }
        telemetry = new TelemetryAgent(core, state::get, writer, deduplicator, gauges, control);
        final Redelivery redelivery = directory == null ?
            null : redelivery(context, errors, positions.lowest() + 1, lastSequence);
        if (redelivery == null)
        {
            core.onRedelivered();
        }
        core.onFailure(this::onFailure);
        core.onStorage(this::onStorage);
        loops = Topology.of(core, appender, deduplicator, redelivery);
        journalUsers.addAndGet(delivery.prepare(core, this::letGoOfJournal));
        if (context.threadingMode() == ThreadingMode.INVOKER)
        {
            invoker = new Invoker(core, loops.get(0), appender, telemetry, delivery);
            telemetryThread = null;
            threads = null;
            core.acknowledgements().invoker(invoker);
        }
        else
        {
            invoker = null;
            journalUsers.addAndGet(loops.size());
            threads = new EngineThreads(context, core, loops, this::letGoOfJournal);
            telemetryThread = new AgentThread(
                new PinnedAgent(EngineRole.TELEMETRY, core, telemetry),
                new PausingIdleStrategy(TELEMETRY_PAUSE_NS),
                core::onError);
        }
        indexThread = index == null ?
            null : new AgentThread(index, new SleepingIdleStrategy(IndexAgent.PAUSE_NS), core::onError);
    }

    static EngineLifecycle launch(final EngineContext context)
    {
        return launch(context, JournalAppender::open);
    }

    /**
     * @param context concluded.
     * @param journal opens the journal.
     */
    static EngineLifecycle launch(final EngineContext context, final Function<JournalContext, EventAppender> journal)
    {
        JvmFlags.check();
        final EngineErrors errors = new EngineErrors(context.errorHandler());
        final Watermarks watermarks = new Watermarks();
        final EventAppender appender = openAppender(context, errors, watermarks, journal);
        final EngineLifecycle lifecycle;
        try
        {
            lifecycle = new EngineLifecycle(context, errors, appender, watermarks);
        }
        catch (final Throwable ex)
        {
            appender.close();
            throw ex;
        }
        lifecycle.start();
        return lifecycle;
    }

    EngineCore core()
    {
        return core;
    }

    Delivery delivery()
    {
        return delivery;
    }

    EngineState state()
    {
        return state.get();
    }

    long runId()
    {
        return appender.runId();
    }

    /** @return the control channel, to add commands to; null if there is none. */
    ControlServer control()
    {
        return control;
    }

    int invoke()
    {
        if (invoker == null)
        {
            throw new IllegalStateException(
                "invoke() is for threading mode INVOKER: this engine runs its own threads (" +
                context.threadingMode() + ")");
        }
        return invoker.invoke();
    }

    boolean drain(final long timeoutNs)
    {
        if (beginDraining())
        {
            core.admission().hosts(PublishResult.NOT_OPEN);
            if (core.failure() != null)
            {
                core.admission().hosts(PublishResult.FAILED);
            }
        }
        final long deadline = System.nanoTime() + timeoutNs;
        while (!isAtRest())
        {
            if (System.nanoTime() - deadline >= 0 || core.failure() != null)
            {
                return false;
            }
            pause();
        }
        // A publisher may have passed the gate before it was closed and claim only now: from here on no claim succeeds.
        for (final PriorityRing ring : core.rings())
        {
            while (!ring.trySeal())
            {
                if (System.nanoTime() - deadline >= 0)
                {
                    return false;
                }
                pause();
            }
        }
        core.flushing(true);
        while (!isAtRest() || !delivery.isEveryBatchHandled())
        {
            if (System.nanoTime() - deadline >= 0 || core.failure() != null)
            {
                return false;
            }
            pause();
        }
        return true;
    }

    /** Back to RUNNING; the sequencing thread sees to it that this becomes DEGRADED where it is held up. */
    void reopen()
    {
        if (transition(EngineState.DRAINING, EngineState.RUNNING))
        {
            for (final PriorityRing ring : core.rings())
            {
                ring.unseal();
            }
            core.flushing(false);
            core.admission().hosts(0L);
        }
    }

    StorageStatus storage()
    {
        return appender.storage();
    }

    EngineStats stats()
    {
        return StatsSnapshot.of(core, state.get(), appender, loops);
    }

    synchronized void close(final long timeoutNs)
    {
        if (closed)
        {
            return;
        }
        closed = true;
        final long deadline = System.nanoTime() + timeoutNs;
        drain(timeoutNs);
        core.admission().hosts(PublishResult.CLOSED);
        core.admission().handlers(PublishResult.CLOSED);
        endIndexing(deadline);
        final boolean marksEnded = delivery.endMarks(deadline);
        final boolean stagesEnded = endThreads(deadline);
        final boolean ended = delivery.end(deadline) && stagesEnded && marksEnded;
        if (threads != null)
        {
            threads.endWatch(deadline);
        }
        if (!ended)
        {
            core.receipts().refuse(PublishResult.CLOSED);
        }
        // Files stay mapped for as long as a thread may write to them.
        letGoOfJournal();
        releaseWaiters();
        if (endTelemetry(deadline) && ended)
        {
            closeTelemetry();
        }
        changeState(EngineState.CLOSED);
    }

    private void start()
    {
        if (invoker != null)
        {
            invoker.start();
        }
        else
        {
            telemetryThread.start();
            threads.start();
            delivery.start();
        }
        while (!core.isRedelivered() && core.failure() == null)
        {
            pause();
        }
        final Throwable failure = core.failure();
        if (failure != null)
        {
            close(context.closeTimeoutNs());
            throw failure instanceof EventStorageException ?
                (EventStorageException)failure :
                new EventStorageException("the engine could not start: " + failure, failure);
        }
        transition(EngineState.STARTING, EngineState.RUNNING);
        core.admission().hosts(0L);
        if (indexThread != null)
        {
            indexThread.start();
        }
    }

    private boolean endThreads(final long deadline)
    {
        if (invoker != null)
        {
            invoker.close();
            return true;
        }
        return threads.end(deadline);
    }

    private void endIndexing(final long deadline)
    {
        if (indexThread != null)
        {
            indexThread.requestStop();
            indexThread.join(Math.max(deadline - System.nanoTime(), TimeUnit.SECONDS.toNanos(1)));
        }
    }

    private boolean endTelemetry(final long deadline)
    {
        if (telemetryThread == null)
        {
            return true;
        }
        telemetryThread.requestStop();
        return telemetryThread.join(Math.max(deadline - System.nanoTime(), TimeUnit.SECONDS.toNanos(1)));
    }

    private void letGoOfJournal()
    {
        if (journalUsers.decrementAndGet() == 0)
        {
            closeJournal();
        }
    }

    private void closeJournal()
    {
        delivery.forceFiles();
        try
        {
            appender.close();
        }
        catch (final RuntimeException ex)
        {
            core.onError(ex);
        }
        core.positions().close();
        delivery.closeFiles();
    }

    // Only now, for closing has forced what it could.
    private void releaseWaiters()
    {
        final long result = core.failure() == null ? PublishResult.CLOSED : PublishResult.FAILED;
        core.acknowledgements().end(result);
        core.receipts().refuseUnsynced(result);
    }

    private void closeTelemetry()
    {
        if (control != null)
        {
            control.onClose();
        }
        telemetry.finish();
        if (writer != null)
        {
            writer.close();
        }
    }

    private boolean isAtRest()
    {
        if (core.admission().isSpilling())
        {
            return false;
        }
        for (final PriorityRing ring : core.rings())
        {
            if (ring.depth() > 0)
            {
                return false;
            }
        }
        return true;
    }

    private void pause()
    {
        if (invoker != null)
        {
            invoker.invoke();
        }
        else
        {
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    private boolean isSyncHonoured()
    {
        try
        {
            core.checkSyncIsHonoured();
            return true;
        }
        catch (final DataDirectoryException ex)
        {
            if (core.subscriptions().isAnyForSynced())
            {
                throw ex;
            }
            return false;
        }
    }

    private boolean beginDraining()
    {
        EngineState from = state.get();
        while ((from == EngineState.RUNNING || from == EngineState.DEGRADED) &&
            !transition(from, EngineState.DRAINING))
        {
            from = state.get();
        }
        return from == EngineState.RUNNING || from == EngineState.DEGRADED;
    }

    private void onStorage(final boolean isReady)
    {
        if (isReady)
        {
            transition(EngineState.DEGRADED, EngineState.RUNNING);
        }
        else if (state.get() == EngineState.RUNNING)
        {
            transition(EngineState.RUNNING, EngineState.DEGRADED);
        }
    }

    private void onFailure()
    {
        core.admission().hosts(PublishResult.FAILED);
        core.admission().handlers(PublishResult.FAILED);
        changeState(EngineState.FAILED);
    }

    private boolean transition(final EngineState from, final EngineState to)
    {
        final boolean changed = state.compareAndSet(from, to);
        if (changed)
        {
            context.stateListener().onState(from, to);
        }
        return changed;
    }

    private void changeState(final EngineState to)
    {
        final EngineState from = state.getAndSet(to);
        if (from != to)
        {
            context.stateListener().onState(from, to);
        }
    }

    private static Redelivery redelivery(
        final EngineContext context, final EngineErrors errors, final long firstSequence, final long lastSequence)
    {
        return new Redelivery(
            () -> context.newTail().expiredRangeListener((first, last) -> errors.onError(new EventStreamException(
                "events " + first + " to " + last + " are not delivered again: retention removed them"))),
            firstSequence,
            lastSequence);
    }

    private static EventAppender openAppender(
        final EngineContext context,
        final EngineErrors errors,
        final Watermarks watermarks,
        final Function<JournalContext, EventAppender> opener)
    {
        final long generated = context.runId() == 0 ? RunIds.next(context) : context.runId();
        if (!isJournaling(context))
        {
            return new NoJournal(generated, context.clock());
        }
        final JournalContext journal = context.journal()
            .directory(context.directory())
            .maxEventLength(context.maxEventLength())
            .clock(context.clock())
            .runId(generated);
        final SyncListener host = journal.syncListener();
        journal.syncListener((sequence) ->
        {
            watermarks.onSynced(sequence);
            host.onSynced(sequence);
        });
        if (context.durability() == Durability.SYNCED)
        {
            journal.syncAlways(true);
        }
        if (context.threadingMode() == ThreadingMode.INVOKER)
        {
            journal.prepareAhead(0L).syncThread(false);
        }
        watch(journal.archive(), context, errors);
        return opener.apply(journal);
    }

    private static void watch(final ArchivePolicy archive, final EngineContext context, final EngineErrors errors)
    {
        final ArchiveListener host = archive.listener();
        PipelineHold.addTo(archive, context.directory()).listener((action) ->
        {
            if (action.kind() == ArchiveAction.Kind.FAILED)
            {
                errors.onError(new EventStorageException(action.file() + ": " + action.text()));
            }
            host.onAction(action);
        });
    }

    private static boolean isIndexing(final EngineContext context)
    {
        return context.index() && isJournaling(context) && context.threadingMode() != ThreadingMode.INVOKER;
    }

    private static boolean isJournaling(final EngineContext context)
    {
        return context.durability() != Durability.NONE;
    }
}
