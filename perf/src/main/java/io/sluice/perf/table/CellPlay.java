package io.sluice.perf.table;

import io.sluice.engine.Durability;
import io.sluice.engine.EngineContext;
import io.sluice.engine.ThreadingMode;
import io.sluice.event.Priority;
import io.sluice.perf.latency.LatencyRecorder;
import io.sluice.perf.latency.OpenLoop;
import io.sluice.perf.measure.CompilerRest;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import io.sluice.perf.subject.MeasuredEngine;
import io.sluice.perf.subject.PublishPath;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Plays cells, each on an engine and a directory of its own.
 *
 * <p>To be told of each acknowledgement would cost as much as the event itself. So of each priority some thousands a
 * second are asked for, and they are told on the engine's own thread, without an executor between.
 */
final class CellPlay
{
    private static final long LEAD_NS = 10_000_000L;
    private static final double NS_PER_S = 1e9;
    private static final double MOST_COMPILING = 0.01;
    private static final double NS_PER_MS = 1e6;
    private static final int LEAST_ROUNDS = 2;
    private static final int MOST_ROUNDS = 6;
    private static final int LEAST_RATE = 100;
    private static final int ACKNOWLEDGEMENTS_PER_S = 5000;
    // Each is read back from the journal, which must fit into memory or reading takes longer than the measurement.
    private static final long MOST_EVENTS = 6_000_000L;

    private final RawOutput output;
    private final TableSetting setting;

    CellPlay(final RawOutput output, final TableSetting setting)
    {
        this.output = output;
        this.setting = setting;
    }

    /**
     * Publish as fast as the engine takes it, round by round until the compilers do next to nothing.
     *
     * @return events per second of the best round.
     */
    double capacity(final TableDurability durability, final ThreadingMode threadingMode)
    {
        final CompilerRest compilers = new CompilerRest();
        double rate = 0;
        long mostMs;
        int round = 0;
        do
        {
            compilers.workedMs();
            final long beginNs = System.nanoTime();
            rate = Math.max(rate, closedLoop(durability, threadingMode));
            mostMs = (long)((System.nanoTime() - beginNs) / NS_PER_MS * MOST_COMPILING);
            round++;
        }
        while (round < LEAST_ROUNDS || compilers.workedMs() > mostMs && round < MOST_ROUNDS);
        return rate;
    }

    /**
     * Play one cell.
     *
     * @param cell     to play.
     * @param capacity events per second, of which it offers a part or more than that.
     * @return what became of the events.
     */
    CellResult play(final TableCell cell, final double capacity)
    {
        final int rate = Math.max(LEAST_RATE, (int)(capacity * cell.load() / 100));
        final double fits = Math.min(1, MOST_EVENTS * NS_PER_S / rate / (setting.warmUpNs() + setting.durationNs()));
        final long warmUpNs = (long)(setting.warmUpNs() * fits);
        final long durationNs = (long)(setting.durationNs() * fits);
        final Path directory = output.scratch(cell.file());
        final LatencyRecorder handled = new LatencyRecorder(cell.tag() + ".handled");
        try (MeasuredEngine engine = new MeasuredEngine(
            context(directory, cell.durability(), cell.threadingMode()),
            setting.payloadLength(),
            cell.durability().visibleAt(),
            handled))
        {
            final long startNs = System.nanoTime() + LEAD_NS;
            final Generator generator = new Generator(engine, cell, rate, startNs + warmUpNs);
            handled.from(startNs + warmUpNs);
            OpenLoop.run(generator::offer, rate, startNs, warmUpNs + durationNs);
            final double tookNs = System.nanoTime() - startNs;
            engine.closeAndCheck();
            MeasurementException.require("acknowledgements", generator.asked, generator.told.get());
            return new CellResult(cell, rate, Math.min(1, (warmUpNs + durationNs) / tookNs),
                generator.offered, generator.refused, handled, generator.acknowledged);
        }
        finally
        {
            output.discard(directory);
        }
    }

    private double closedLoop(final TableDurability durability, final ThreadingMode threadingMode)
    {
        final Path directory = output.scratch("capacity");
        try (MeasuredEngine engine = new MeasuredEngine(
            context(directory, durability, threadingMode),
            setting.payloadLength(),
            durability.visibleAt(),
            (number, priority) -> {}))
        {
            final long offsetNs = engine.clockOffsetNs();
            final long beginNs = System.nanoTime();
            long nowNs = beginNs;
            long count = 0;
            while (nowNs - beginNs < setting.roundNs() && count < MOST_EVENTS)
            {
                engine.publish(PublishPath.EVERYDAY, count, OpenLoop.priorityOf(count), nowNs + offsetNs);
                count++;
                nowNs = System.nanoTime();
            }
            engine.awaitHandled();
            final double rate = count * NS_PER_S / (System.nanoTime() - beginNs);
            engine.closeAndCheck();
            return rate;
        }
        finally
        {
            output.discard(directory);
        }
    }

    private static EngineContext context(
        final Path directory, final TableDurability durability, final ThreadingMode threadingMode)
    {
        final EngineContext context = new EngineContext()
            .durability(durability.ofEngine())
            .threadingMode(threadingMode)
            .completionExecutor(Runnable::run);
        return durability.ofEngine() == Durability.NONE ? context : context.directory(directory);
    }

    /** One thread publishes; acknowledgements may be told on several. */
    private static final class Generator
    {
        private final MeasuredEngine engine;
        private final Durability durability;
        private final long offsetNs;
        private final long fromNs;
        private final LatencyRecorder acknowledged;
        private final long[] offered = new long[Priority.COUNT];
        private final long[] refused = new long[Priority.COUNT];
        private final long[] untilAsked = new long[Priority.COUNT];
        private final long[] askEvery = new long[Priority.COUNT];
        private final AtomicLong told = new AtomicLong();
        private long asked;

        private Generator(final MeasuredEngine engine, final TableCell cell, final int rate, final long fromNs)
        {
            this.engine = engine;
            this.fromNs = fromNs;
            durability = cell.durability().ofEngine();
            offsetNs = engine.clockOffsetNs();
            acknowledged = new LatencyRecorder(cell.tag() + ".acknowledged").from(fromNs);
            for (final Priority priority : Priority.values())
            {
                askEvery[priority.code()] =
                    Math.max(1, Math.round(rate * OpenLoop.partOf(priority) / ACKNOWLEDGEMENTS_PER_S));
            }
        }

        private void offer(final long intendedNs, final Priority priority)
        {
            final int code = priority.code();
            final boolean isAccepted = durability != Durability.NONE && untilAsked[code]-- <= 0 ?
                askFor(intendedNs, priority) :
                engine.tryPublish(PublishPath.EVERYDAY, intendedNs, priority, intendedNs + offsetNs);
            if (isAccepted && durability == Durability.NONE)
            {
                acknowledged.onHandled(intendedNs, code);
            }
            if (intendedNs >= fromNs)
            {
                offered[code]++;
                refused[code] += isAccepted ? 0 : 1;
            }
        }

        private boolean askFor(final long intendedNs, final Priority priority)
        {
            final boolean isAccepted = engine.tryPublish(
                intendedNs, priority, durability, () -> onAcknowledged(intendedNs, priority.code()));
            if (isAccepted)
            {
                asked++;
                untilAsked[priority.code()] = askEvery[priority.code()] - 1;
            }
            return isAccepted;
        }

        private void onAcknowledged(final long intendedNs, final int code)
        {
            synchronized (acknowledged)
            {
                acknowledged.onHandled(intendedNs, code);
            }
            told.incrementAndGet();
        }
    }
}
