package io.sluice.perf.alloc;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.EngineState;
import io.sluice.engine.EngineStats;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.ThreadingMode;
import io.sluice.event.EventFlyweight;
import io.sluice.journal.JournalContext;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import io.sluice.perf.measure.CompilerRest;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.File;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * One payload size. Publishes slice by slice and reads the counters in between, when nothing moves; a slice in
 * which the journal went on in a new file counts as a roll, the rest as steady.
 */
final class AllocRun
{
    private static final int ROLLS_WANTED = 4;
    private static final int RECORD_HEAD_LENGTH = 220;
    private static final long MIN_ROLL_SIZE = 1L << 20;
    private static final long MAX_ROLL_SIZE = 512L << 20;
    private static final int POLL_LIMIT = 1024;
    private static final long TIMEOUT_NS = 120_000_000_000L;

    private final RawOutput output;
    private final PrintStream progress;
    private final ThreadingMode threadingMode;
    private final int payloadLength;
    private final long warmUp;
    private final long slice;
    private final long slices;
    private final AllocTopics topics = new AllocTopics();
    private final AtomicLong calls = new AtomicLong();
    private final IdleStrategy idle = new YieldingIdleStrategy();
    private final Map<String, Long> steadyBytes = new TreeMap<>();
    private final Map<String, Long> rollBytes = new TreeMap<>();
    private final List<String> places = new ArrayList<>();
    private long steadyEvents;
    private int rolls;

    AllocRun(
        final RawOutput output,
        final PrintStream progress,
        final ThreadingMode threadingMode,
        final int payloadLength,
        final long events,
        final long slice)
    {
        this.output = output;
        this.progress = progress;
        this.threadingMode = threadingMode;
        this.payloadLength = payloadLength;
        this.slice = slice;
        slices = Math.max(1, events / slice);
        // Constants of rare branches are still resolved in the first second.
        warmUp = Math.max(2 * slice, events / 4);
    }

    int payloadLength()
    {
        return payloadLength;
    }

    /** Bytes of slices without a roll, by thread. */
    Map<String, Long> steadyBytes()
    {
        return steadyBytes;
    }

    /** Bytes of slices with a roll, by thread. */
    Map<String, Long> rollBytes()
    {
        return rollBytes;
    }

    long steadyEvents()
    {
        return steadyEvents;
    }

    int rolls()
    {
        return rolls;
    }

    /** What allocates and where, if anything does. */
    List<String> places()
    {
        return places;
    }

    /** Bytes of slices without a roll, by the threads that events pass through. */
    long steadyPathBytes()
    {
        return steadyBytes.entrySet().stream()
            .filter((thread) -> AllocationMeter.isOnPath(thread.getKey()))
            .mapToLong(Map.Entry::getValue)
            .sum();
    }

    /** Bytes of slices without a roll, by the threads that events do not pass through. */
    long steadyOtherBytes()
    {
        return steadyBytes.values().stream().mapToLong(Long::longValue).sum() - steadyPathBytes();
    }

    private static long rollSize(final long journalLength)
    {
        return Math.min(MAX_ROLL_SIZE, Math.max(MIN_ROLL_SIZE, journalLength / (ROLLS_WANTED + 1)));
    }

    /** Measure and check the answer. */
    void run()
    {
        final Path directory = output.scratch("alloc-" + payloadLength);
        final long journalLength = (slices * slice + warmUp) * (payloadLength + RECORD_HEAD_LENGTH);
        final EngineContext context = new EngineContext()
            .directory(directory)
            .threadingMode(threadingMode)
            .journal(new JournalContext().rollSize(rollSize(journalLength)));
        for (final String pattern : topics.patterns())
        {
            context.subscribe(SubscriptionSpec.to(pattern, this::onEvent));
        }
        try (Engine engine = Engine.launch(context))
        {
            while (engine.state() == EngineState.STARTING)
            {
                idle.idle();
            }
            try (AllocLoad load = new AllocLoad(engine, topics, payloadLength, payloadLength))
            {
                measure(engine, load, directory);
                if (steadyPathBytes() + steadyOtherBytes() > 0)
                {
                    sample(engine, load);
                }
                check(engine, load, directory);
            }
        }
        finally
        {
            output.discard(directory);
        }
    }

    private void measure(final Engine engine, final AllocLoad load, final Path directory)
    {
        warmUp(engine, load);
        final AllocationMeter meter = new AllocationMeter();
        for (long i = 0; i < slices; i++)
        {
            final int filesBefore = files(directory);
            final Map<String, Long> before = meter.read();
            publish(engine, load, slice);
            final Map<String, Long> bytes = AllocationMeter.between(before, meter.read());
            final int newFiles = files(directory) - filesBefore;
            rolls += newFiles;
            final Map<String, Long> sums = newFiles > 0 ? rollBytes : steadyBytes;
            bytes.forEach((thread, count) -> sums.merge(thread, count, Long::sum));
            steadyEvents += newFiles > 0 ? 0 : slice;
        }
        progress.printf("F8 %d B: %,d steady events, %,d bytes on their path, %,d bytes beside it; %d rolls%n",
            payloadLength, steadyEvents, steadyPathBytes(), steadyOtherBytes(), rolls);
    }

    // Until nothing is compiled any more, but at most as long as it is measured.
    private void warmUp(final Engine engine, final AllocLoad load)
    {
        publish(engine, load, warmUp);
        final CompilerRest rest = new CompilerRest();
        for (long i = 0; i < slices && !rest.isReached(); i++)
        {
            publish(engine, load, slice);
        }
    }

    private void sample(final Engine engine, final AllocLoad load)
    {
        final String name = "alloc-" + payloadLength + "B";
        places.addAll(AllocationSamples.record(
            output.directory().resolve(name + ".jfr"), () -> publish(engine, load, 2 * slice)));
        for (final String place : places)
        {
            progress.println("  " + place);
        }
        output.writeText(name + ".txt", String.join("\n", places));
    }

    private void publish(final Engine engine, final AllocLoad load, final long count)
    {
        final long target = load.published() + count;
        final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
        load.publishUpTo(target);
        idle.reset();
        while (load.published() < target || calls.getAcquire() < load.expectedCalls())
        {
            if (load.failure() != null || engine.failure() != null)
            {
                throw new MeasurementException(
                    "publishing or the engine failed", load.failure() == null ? engine.failure() : load.failure());
            }
            if (System.nanoTime() - deadlineNs > 0)
            {
                throw new MeasurementException("published " + load.published() + " of " + target + ", " +
                    calls.get() + " of " + load.expectedCalls() + " handler calls");
            }
            idle.idle();
        }
    }

    private void check(final Engine engine, final AllocLoad load, final Path directory)
    {
        final EngineStats stats = engine.stats();
        final long published = load.published();
        engine.close();
        MeasurementException.require("events accepted by the engine's count", published, stats.accepted());
        final long[] found = new long[2];
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)))
        {
            int count;
            do
            {
                count = tailer.poll(
                    (event) ->
                    {
                        MeasurementException.require("sequence", found[0] + 1, event.sequence());
                        found[0]++;
                        found[1] += event.verdict().isDuplicate() ? 1 : 0;
                    },
                    POLL_LIMIT);
            }
            while (count > 0);
        }
        MeasurementException.require("events in the journal", published, found[0]);
        MeasurementException.require("duplicates in the journal", load.expectedDuplicates(), found[1]);
        // Last: an event that was wrongly called a duplicate, or was not, has other calls than expected, too.
        MeasurementException.require("handler calls", load.expectedCalls(), calls.get());
    }

    private void onEvent(final EventFlyweight event)
    {
        calls.setRelease(calls.getPlain() + (event.recordLength() > payloadLength ? 1 : 0));
    }

    private static int files(final Path directory)
    {
        final File[] files = directory.resolve("journal").toFile().listFiles((dir, name) -> name.endsWith(".cq4"));
        return files == null ? 0 : files.length;
    }
}
