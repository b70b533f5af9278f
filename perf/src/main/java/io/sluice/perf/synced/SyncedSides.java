package io.sluice.perf.synced;

import io.sluice.engine.Durability;
import io.sluice.engine.EngineContext;
import io.sluice.event.Priority;
import io.sluice.perf.measure.ThreadTimes;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import io.sluice.perf.subject.MeasuredEngine;
import io.sluice.perf.subject.PublishPath;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.HdrHistogram.Histogram;

/** Everything that is measured, one after the other; each from scratch, checked, and deleted. */
final class SyncedSides
{
    private static final int WARM_UP_PART = 5;
    private static final int CHECK_EVERY = 64;
    private static final long TIMEOUT_NS = 120_000_000_000L;
    private static final double NS_PER_S = 1e9;

    private final RawOutput output;
    private final SyncedSetting setting;
    private ThreadTimes streamTimes = new ThreadTimes();
    private ThreadTimes aeronTimes = new ThreadTimes();
    private String aeronSettings = "";

    /**
     * What a side with acknowledgements took.
     *
     * @param latency         of each event.
     * @param eventsPerSecond acknowledged.
     */
    record Result(Histogram latency, double eventsPerSecond)
    {
    }

    SyncedSides(final RawOutput output, final SyncedSetting setting)
    {
        this.output = output;
        this.setting = setting;
    }

    /** @return how Aeron was set up, in words; after its first run. */
    String aeronSettings()
    {
        return aeronSettings;
    }

    /** One force per record. */
    Result forces(final boolean isGrowing)
    {
        return inScratch(isGrowing ? "growing" : "preallocated", (directory) ->
        {
            final ForceLoop.Result result =
                new ForceLoop(setting.payloadLength()).run(directory, isGrowing, setting.durationNs());
            return new Result(result.latency(), result.eventsPerSecond());
        });
    }

    /** Publishers that each wait for SYNCED before the next event. */
    Result waiting(final int publishers)
    {
        return inScratch("waiting", (directory) ->
        {
            try (LaneEngine engine = new LaneEngine(
                new EngineContext().directory(directory).durability(Durability.SYNCED),
                setting.payloadLength(),
                publishers))
            {
                final WaitingPublishers waiting = new WaitingPublishers(
                    engine.lanes(), Durability.SYNCED, "synced." + publishers, setting.durationNs() / WARM_UP_PART);
                waiting.start();
                waiting.runFor(setting.durationNs());
                engine.closeAndCheck();
                return new Result(waiting.latency(), waiting.eventsPerSecond());
            }
        });
    }

    /** As many threads, that wait for nothing in turn. */
    Result handOvers(final int threads)
    {
        final HandOvers handOvers = new HandOvers(threads, "hand-overs." + threads)
            .run(setting.durationNs() / WARM_UP_PART, setting.durationNs());
        return new Result(handOvers.latency(), handOvers.perSecond());
    }

    /** One publisher that does not wait, with a number of events outstanding. */
    Result outstanding(final int events)
    {
        return inScratch("outstanding", (directory) ->
        {
            try (LaneEngine engine = new LaneEngine(
                new EngineContext().directory(directory).durability(Durability.SYNCED), setting.payloadLength(), 1))
            {
                final Result result = publishOutstanding(engine.lanes().get(0), events);
                engine.closeAndCheck();
                return result;
            }
        });
    }

    /** A stream of events, until the watermark of what is synced has reached the last. */
    double pipelined(final PublishPath path)
    {
        return inScratch("pipelined", (directory) ->
        {
            try (MeasuredEngine engine = new MeasuredEngine(
                new EngineContext().directory(directory).durability(Durability.SYNCED),
                setting.payloadLength(),
                (number, priorityCode) -> {}))
            {
                stream(engine, path, setting.events() / WARM_UP_PART);
                streamTimes = new ThreadTimes();
                streamTimes.begin();
                final long startNs = System.nanoTime();
                stream(engine, path, setting.events());
                final double rate = setting.events() * NS_PER_S / (System.nanoTime() - startNs);
                streamTimes.end();
                engine.closeAndCheck();
                return rate;
            }
        });
    }

    /** @return what the threads did in the last stream, in words. */
    String streamProfile()
    {
        return "Sluice: " + streamTimes.perEvent(setting.events()) + "; Aeron Archive: " +
            aeronTimes.perEvent(setting.events());
    }

    /** @return events per second of the processors, at what an event of the last stream took of them. */
    double mostStreamedPerSecond()
    {
        return streamTimes.mostPerSecond(setting.events());
    }

    /** The same stream into Aeron Archive. */
    double aeron()
    {
        return inScratch("aeron", (directory) ->
        {
            try (AeronRecording recording =
                new AeronRecording(directory, setting.payloadLength(), setting.isDedicated()))
            {
                aeronSettings = recording.settings();
                recording.publish(setting.events() / WARM_UP_PART);
                aeronTimes = new ThreadTimes();
                aeronTimes.begin();
                final long startNs = System.nanoTime();
                recording.publish(setting.events());
                final double rate = setting.events() * NS_PER_S / (System.nanoTime() - startNs);
                aeronTimes.end();
                recording.check();
                return rate;
            }
        });
    }

    /**
     * A publisher of JOURNALED events on a schedule, alone or beside one that waits for SYNCED.
     *
     * @return from the intended time to the acknowledgement as JOURNALED.
     */
    Histogram journaled(final boolean isBeside)
    {
        return inScratch("journaled", (directory) ->
        {
            // Completed where it is journaled: another executor would add its own delays.
            final EngineContext context = new EngineContext().directory(directory).completionExecutor(Runnable::run);
            try (LaneEngine engine = new LaneEngine(context, setting.payloadLength(), 2))
            {
                final ScheduledPublisher scheduled = new ScheduledPublisher(
                    engine.lanes().get(0), setting.rate(), isBeside ? "journaled.beside" : "journaled.alone");
                final WaitingPublishers synced = new WaitingPublishers(
                    engine.lanes().subList(1, 2), Durability.SYNCED, "synced.beside", 0);
                if (isBeside)
                {
                    synced.start();
                }
                try
                {
                    scheduled.run(setting.durationNs() / WARM_UP_PART, setting.durationNs());
                }
                finally
                {
                    if (isBeside)
                    {
                        synced.runFor(0);
                    }
                }
                engine.closeAndCheck();
                return scheduled.latency();
            }
        });
    }

    private Result publishOutstanding(final Lane lane, final int most)
    {
        final WindowedLatency latency = new WindowedLatency("synced.outstanding." + most);
        final Semaphore free = new Semaphore(most);
        final long startNs = System.nanoTime();
        latency.open(startNs + setting.durationNs() / WARM_UP_PART, setting.durationNs());
        long nowNs = startNs;
        while (!latency.isOver(nowNs))
        {
            free.acquireUninterruptibly();
            nowNs = System.nanoTime();
            final long beforeNs = nowNs;
            // An acknowledgement that fails is missed when everything is checked.
            final CompletableFuture<Void> acknowledgement = lane.publishAsync(Durability.SYNCED);
            final CompletableFuture<Void> unused = acknowledgement.whenComplete((nothing, failure) ->
            {
                if (failure == null)
                {
                    latency.record(beforeNs, System.nanoTime());
                }
                free.release();
            });
        }
        free.acquireUninterruptibly(most);
        return new Result(latency.histogram(), latency.eventsPerSecond());
    }

    private static void stream(final MeasuredEngine engine, final PublishPath path, final int events)
    {
        final long first = engine.published();
        for (long number = first; number < first + events; number++)
        {
            engine.publish(path, number, Priority.NORMAL, engine.engine().context().clock().nanoTime());
        }
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        for (long i = 1; engine.engine().syncedSequence() < first + events; i++)
        {
            Thread.yield();
            if (i % CHECK_EVERY == 0 && System.nanoTime() - deadlineNs > 0)
            {
                throw new MeasurementException("only " + engine.engine().syncedSequence() + " of " +
                    (first + events) + " events were synced", engine.engine().failure());
            }
        }
    }

    private <T> T inScratch(final String name, final Function<Path, T> measurement)
    {
        // What the last side left behind must not be collected on this side's time.
        System.gc();
        final Path directory = output.scratch(name);
        try
        {
            return measurement.apply(directory);
        }
        finally
        {
            output.discard(directory);
        }
    }
}
