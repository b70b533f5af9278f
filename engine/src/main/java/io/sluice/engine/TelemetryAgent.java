package io.sluice.engine;

import io.sluice.engine.control.ControlServer;
import io.sluice.engine.dedup.Deduplicator;
import io.sluice.engine.ring.PriorityRing;
import io.sluice.engine.telemetry.CounterLabel;
import io.sluice.engine.telemetry.TelemetryWriter;
import io.sluice.event.EventStorageException;
import io.sluice.event.Priority;
import io.sluice.journal.ArchiveStatus;
import io.sluice.journal.PreparerStatus;
import io.sluice.journal.StorageStatus;
import io.sluice.journal.ThreadNiceness;
import java.io.IOException;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.Agent;
import org.agrona.concurrent.OffsetEpochNanoClock;

/**
 * Takes what the stages count to the telemetry files: gauges ten times a second, histograms and types once per
 * interval. Polls the control channel. Runs beside the path of events, on a thread of its own unless the host drives
 * the engine.
 */
final class TelemetryAgent implements Agent
{
    private static final long GAUGES_INTERVAL_NS = 100_000_000L;
    private static final int LAST_STEP = Priority.COUNT + 2;
    private static final long CLOCK_STEP_NS = 50_000_000L;
    private static final long PRESSURE_INTERVAL_NS = 10_000_000L;

    private final EngineCore core;
    private final Supplier<EngineState> state;
    private final TelemetryWriter writer;
    private final Deduplicator deduplicator;
    private final JournalGauges journal;
    private final ControlServer control;
    private long nextGaugesNs;
    private long nextIntervalNs;
    private long nextPressureNs;
    private int step;
    private boolean isLogFailing;
    private boolean isTableFailing;

    /**
     * @param core         of the engine.
     * @param state        of the engine.
     * @param writer       of the files, or null for none.
     * @param deduplicator to look at, or null.
     * @param journal      to look at.
     * @param control      polled beside, or null.
     */
    TelemetryAgent(
        final EngineCore core,
        final Supplier<EngineState> state,
        final TelemetryWriter writer,
        final Deduplicator deduplicator,
        final JournalGauges journal,
        final ControlServer control)
    {
        this.core = core;
        this.state = state;
        this.writer = writer;
        this.deduplicator = deduplicator;
        this.journal = journal;
        this.control = control;
    }

    @Override
    public void onStart()
    {
        if (core.context().threadingMode() != ThreadingMode.INVOKER)
        {
            ThreadNiceness.lower();
        }
        final long nowNs = core.nowNs();
        core.telemetry().start(nowNs);
        nextGaugesNs = nowNs;
        nextPressureNs = nowNs;
        nextIntervalNs = nowNs + core.context().telemetryIntervalNs();
    }

    @Override
    public int doWork()
    {
        final int commands = control == null ? 0 : control.doWork();
        final long nowNs = core.nowNs();
        if (nowNs >= nextPressureNs)
        {
            nextPressureNs = nowNs + PRESSURE_INTERVAL_NS;
            core.pressure().sample();
        }
        if (step > 0)
        {
            takeStep(nowNs);
        }
        else if (nowNs >= nextGaugesNs)
        {
            nextGaugesNs = nowNs + GAUGES_INTERVAL_NS;
            if (nowNs >= nextIntervalNs)
            {
                nextIntervalNs = nowNs + core.context().telemetryIntervalNs();
                followClockSteps();
                core.memory().cleanUp();
                core.rules().forgetOld();
                step = 1;
            }
            writeGauges();
        }
        return commands + (step > 0 ? 1 : 0);
    }

    @Override
    public String roleName()
    {
        return EngineRole.TELEMETRY.threadName();
    }

    /** Write everything once more; only after the stages have ended. */
    void finish()
    {
        core.telemetry().finish(core.nowNs(), this::interval);
        writeLatencies();
        writeTypes();
        writeGauges();
        // The engine is CLOSED only when its files are, and this is one of them. That it failed is worth more to a
        // reader.
        if (writer != null && state.get() != EngineState.FAILED)
        {
            writer.set(CounterLabel.STATE, EngineState.CLOSED.ordinal());
        }
    }

    // One small step per duty cycle: where processors are few, a long stretch of this would hold up the path of events.
    private void takeStep(final long nowNs)
    {
        if (step <= Priority.COUNT)
        {
            core.telemetry().collect(step - 1, nowNs, this::interval);
        }
        else if (step == Priority.COUNT + 1)
        {
            writeLatencies();
        }
        else
        {
            writeTypes();
        }
        step = step == LAST_STEP ? 0 : step + 1;
    }

    private void followClockSteps()
    {
        // The offset clock does not notice that the system's clock was set; the journal time never goes back all the
        // same.
        if (core.clock() instanceof OffsetEpochNanoClock)
        {
            final OffsetEpochNanoClock clock = (OffsetEpochNanoClock)core.clock();
            if (Math.abs(clock.nanoTime() - System.currentTimeMillis() * 1_000_000L) > CLOCK_STEP_NS)
            {
                clock.sample();
            }
        }
    }

    private void interval(final String tag, final Histogram interval)
    {
        if (writer != null)
        {
            writer.interval(tag, interval);
        }
    }

    /**
     * A full disk costs figures, not the engine, and it is said once each time that it begins.
     *
     * @return true if it failed.
     */
    private boolean report(final IOException failure, final boolean wasFailing)
    {
        if (failure != null && !wasFailing)
        {
            core.onError(new EventStorageException(
                "telemetry is not written for now, the figures in memory go on: " + failure.getMessage(), failure));
        }
        return failure != null;
    }

    private void writeLatencies()
    {
        if (writer == null)
        {
            return;
        }
        for (int code = 0; code < Priority.COUNT; code++)
        {
            writer.set(CounterLabel.P50_NS, code, core.telemetry().handedPercentileNs(code, 50));
            writer.set(CounterLabel.P99_NS, code, core.telemetry().handedPercentileNs(code, 99));
            writer.set(CounterLabel.P999_NS, code, core.telemetry().handedPercentileNs(code, 99.9));
            writer.set(CounterLabel.MAX_NS, code, core.telemetry().handedPercentileNs(code, 100));
        }
        isLogFailing = report(writer.flush(), isLogFailing);
    }

    private void writeTypes()
    {
        if (writer == null)
        {
            return;
        }
        final StringBuilder table = new StringBuilder();
        for (final TypeStats type : core.types().snapshot())
        {
            table.append(type.type()).append('\t')
                .append(type.count()).append('\t')
                .append(type.failures()).append('\t')
                .append(type.totalNs()).append('\t')
                .append(type.maxNs()).append('\n');
        }
        isTableFailing = report(writer.types(table.toString()), isTableFailing);
    }

    private void writeGauges()
    {
        if (writer == null)
        {
            return;
        }
        for (final PriorityRing ring : core.rings())
        {
            final int code = ring.priority().code();
            writer.set(CounterLabel.ACCEPTED, code, ring.claimed() + 1 - core.counts().voids(code));
            writer.set(CounterLabel.REFUSED, code, core.admission().refused(code));
            writer.set(CounterLabel.BACK_PRESSURED, code, refused(code, PublishResult.BACK_PRESSURED));
            writer.set(CounterLabel.PUBLISHER_LIMITED, code, refused(code, PublishResult.PUBLISHER_LIMITED));
            writer.set(CounterLabel.BYTES_LIMITED, code, refused(code, PublishResult.BYTES_LIMITED));
            writer.set(CounterLabel.RATE_LIMITED, code, refused(code, PublishResult.RATE_LIMITED));
            writer.set(CounterLabel.DROPPED, code, refused(code, PublishResult.DROPPED));
            writer.set(CounterLabel.PRESSED, code, core.pressure().isPressed(code) ? 1 : 0);
            writer.set(CounterLabel.SEQUENCED, code, core.counts().sequenced(code));
            writer.set(CounterLabel.DUPLICATES, code, core.counts().duplicates(code));
            writer.set(CounterLabel.HANDLED, code, core.counts().handled(code));
            writer.set(CounterLabel.FAILED, code, core.counts().failed(code));
            writer.set(CounterLabel.OVER_BUDGET, code, core.counts().overBudget(code));
            writer.set(CounterLabel.REDELIVERED, code, core.counts().redelivered(code));
            writer.set(CounterLabel.DEPTH, code, ring.depth());
            writer.set(CounterLabel.LIMIT, code, ring.limit());
            writer.set(CounterLabel.BUDGET_NS, code, core.budgetNs(code));
        }
        // Looked at first and written last: whoever reads that it is DEGRADED finds the reason.
        final EngineState stateNow = state.get();
        writer.set(CounterLabel.LAST_SEQUENCE, core.journaledSequence());
        writer.set(CounterLabel.SYNCED_SEQUENCE, core.syncedSequence());
        writer.set(CounterLabel.JOURNAL_BYTES, journal.bytes());
        writer.set(CounterLabel.JOURNAL_ROLLS, journal.rolls());
        final PreparerStatus preparer = journal.preparer();
        writer.set(CounterLabel.PREPARER_MODE, preparer.mode().ordinal());
        writer.set(CounterLabel.PREPARE_AHEAD_BYTES, preparer.aheadBytes());
        writer.set(CounterLabel.RESERVED_BYTES, preparer.reservedBytes());
        writer.set(CounterLabel.PREPARED_BYTES, preparer.preparedBytes());
        writer.set(CounterLabel.OVERTAKEN, preparer.overtaken());
        final StorageStatus storage = journal.storage();
        writer.set(CounterLabel.STORAGE_EPISODES, storage.episodes());
        writer.storageReason(storage.reason());
        writer.set(CounterLabel.INDEXED_SEQUENCE, journal.indexedSequence());
        writeArchive(journal.archive());
        writer.set(CounterLabel.ERRORS, core.errors());
        writer.set(CounterLabel.DEDUP_SHORTENED, deduplicator == null ? 0 : deduplicator.shortened());
        writer.set(CounterLabel.ARENA_USED, core.arena().usedLength());
        writer.set(CounterLabel.ARENA_ALLOCATED, core.arena().allocatedLength());
        writer.set(CounterLabel.LOAD_PERCENT, Math.round(core.pressure().load() * 100));
        writer.set(CounterLabel.MEMORY_USED, core.memory().used());
        writer.set(CounterLabel.MEMORY_LIMIT, core.memory().limit());
        writer.set(CounterLabel.MEMORY_TRIMMED, core.memory().trimmed());
        writer.set(CounterLabel.SUBSCRIPTIONS, core.subscriptions().current().all().length);
        writer.set(CounterLabel.STATE, stateNow.ordinal());
        writer.updated();
    }

    private long refused(final int code, final long reason)
    {
        return core.admission().refused(code, (int)-reason);
    }

    private void writeArchive(final ArchiveStatus archive)
    {
        writer.set(CounterLabel.ARCHIVE_FILES, archive.files());
        writer.set(CounterLabel.ARCHIVE_BYTES, archive.bytes());
        writer.set(CounterLabel.EXPIRED, archive.expired());
        writer.set(CounterLabel.ARCHIVE_HELD, archive.held());
        writer.set(CounterLabel.ARCHIVE_FAILURES, archive.failures());
    }
}
