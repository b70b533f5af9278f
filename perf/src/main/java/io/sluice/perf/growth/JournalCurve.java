package io.sluice.perf.growth;

import io.sluice.engine.EngineContext;
import io.sluice.event.Priority;
import io.sluice.index.IndexContext;
import io.sluice.index.JournalIndexer;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.measure.Spread;
import io.sluice.perf.measure.ThreadTimes;
import io.sluice.perf.recovery.JournalCheck;
import io.sluice.perf.recovery.RestartTimes;
import io.sluice.perf.recovery.TimedStart;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.RawOutput;
import io.sluice.perf.subject.MeasuredEngine;
import io.sluice.perf.subject.PublishPath;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.LongStream;

/**
 * Throughput and restart time over journals of several lengths. Each length has a journal of its own, filled once, so
 * that all of them take their turn in each round.
 */
final class JournalCurve
{
    private static final int WARM_UP_PART = 10;
    private static final double LEAST = 0.9;
    private static final double MOST_RESTART = 1.1;
    // What a record takes beside its own bytes: its part of an excerpt, of the queue's index and of the engine's.
    private static final long BESIDE_RECORD = 128;
    // Files that are prepared ahead, floods of children that are killed, what is measured.
    private static final long BESIDE_JOURNAL = 512L << 20;

    private final long[] lengths;
    private final int events;
    private final int warmUp;
    private final int rounds;
    private final int payloadLength;
    private final Path[] directories;
    private final ThreadTimes[] profiles;
    // Events published in this JVM, by journal.
    private final long[] published;
    private final double[][] rates;
    private final RestartTimes times;
    private int children;

    /**
     * @param lengths       of the journals in events, ascending from 0.
     * @param events        of a round.
     * @param warmUp        rounds that come first and do not count.
     * @param rounds        that count.
     * @param payloadLength of the events, at least 8.
     */
    JournalCurve(
        final long[] lengths, final int events, final int warmUp, final int rounds, final int payloadLength)
    {
        this.lengths = lengths.clone();
        this.events = events;
        this.warmUp = warmUp;
        this.rounds = rounds;
        this.payloadLength = payloadLength;
        directories = new Path[lengths.length];
        profiles = new ThreadTimes[lengths.length];
        Arrays.setAll(profiles, (i) -> new ThreadTimes());
        published = new long[lengths.length];
        rates = new double[lengths.length][rounds];
        times = new RestartTimes(new int[lengths.length], lengths.clone(), new double[lengths.length][rounds],
            new double[lengths.length][rounds]);
    }

    /** @return lengths up to one, as they are measured: nothing, 1/64, 1/8 and all of it. */
    static long[] lengthsTo(final long most)
    {
        return LongStream.of(0, most / 64, most / 8, most).distinct().toArray();
    }

    /** @return bytes of disk that a run needs at once. */
    static long bytesNeeded(final long[] lengths, final int events, final int rounds, final int payloadLength)
    {
        final long record = new RecordTemplate(payloadLength).length() + BESIDE_RECORD;
        long bytes = 0;
        for (final long length : lengths)
        {
            bytes += BESIDE_JOURNAL + record * (length + (long)events * rounds * (WARM_UP_PART + 1) / WARM_UP_PART);
        }
        return bytes;
    }

    /**
     * Measure it.
     *
     * @param output   for journals.
     * @param progress told each round.
     * @return its figures.
     * @throws io.sluice.perf.report.MeasurementException if an answer was wrong.
     */
    List<Figure> measure(final RawOutput output, final PrintStream progress)
    {
        try
        {
            for (int i = 0; i < lengths.length; i++)
            {
                directories[i] = output.scratch("journal-" + lengths[i]);
                fill(i);
                progress.printf(Locale.ROOT, "F11 journal of %,d events is there%n", lengths[i]);
            }
            for (int round = -warmUp; round < rounds; round++)
            {
                for (int turn = 0; turn < lengths.length; turn++)
                {
                    playRound(round % 2 == 0 ? turn : lengths.length - 1 - turn, round, output, progress);
                }
            }
            for (int i = 0; i < lengths.length; i++)
            {
                JournalCheck.check(directories[i], 2L * rounds, published[i]);
            }
        }
        finally
        {
            for (final Path directory : directories)
            {
                if (directory != null)
                {
                    output.discard(directory);
                }
            }
        }
        return figures(rates, times);
    }

    /** What rates and times say. */
    List<Figure> figures(final double[][] byLength, final RestartTimes restarts)
    {
        final List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < lengths.length; i++)
        {
            final String id = "F11/journal/" + lengths[i];
            final Spread rate = Spread.of(byLength[i]);
            figures.add(new Figure(id + "/rate", "publish to handled, over a journal of this length", rate.median(),
                "events/s", "", Spread.of(byLength[0]).median(), true, rate.toString()));
            if (i > 0)
            {
                final Spread ratio = Spread.ratios(byLength[i], byLength[0]);
                final Figure figure = Figure.atLeast(id + "/of-first", "throughput of it / over an empty journal",
                    ratio.median(), "x", LEAST, 1, ratio.toString());
                figures.add(figure.ok() ? figure : figure.noted("profile: " + profiles[i].perEvent(events) +
                    "; over an empty one: " + profiles[0].perEvent(events)));
            }
            addTimes(figures, id + "/clean", "after a stop in order", restarts.clean()[i]);
            addTimes(figures, id + "/killed", "after SIGKILL while publishing", restarts.killed()[i]);
        }
        final int last = lengths.length - 1;
        final long remembered = new EngineContext().dedup().idCapacity();
        final int from = restarts.reference(remembered);
        final double clean = restarts.growth(restarts.clean(), from);
        final double killed = restarts.growth(restarts.killed(), from);
        figures.add(Figure.atMost("F11/journal/" + lengths[last] + "/restart",
            "restart over it / over " + lengths[from] + " events, the worse of clean and killed",
            Math.max(clean, killed), "x", MOST_RESTART, 1, "clean " + Figure.plain(clean) + ", killed " +
                Figure.plain(killed) + (restarts.events()[from] >= remembered ? "" :
                "; this journal is too short to say: a start reads again what dedup remembers, up to " + remembered +
                    " ids, and the shorter one has fewer")));
        return figures;
    }

    private static void addTimes(
        final List<Figure> figures, final String id, final String name, final double[] times)
    {
        final Spread spread = Spread.of(times);
        figures.add(new Figure(id, "start of a JVM to the first new event handled, " + name, spread.median(), "ms", "",
            Double.NaN, true, spread.toString()));
    }

    private void fill(final int journal)
    {
        if (lengths[journal] > 0)
        {
            try (MeasuredEngine engine = open(directories[journal]))
            {
                publish(engine, journal, lengths[journal]);
                engine.closeAndCheckAfter(0);
            }
            // The index would catch up in the first rounds otherwise, and only where there is something to catch up on.
            final JournalIndexer indexer = JournalIndexer.open(new IndexContext().directory(directories[journal]));
            while (indexer.doWork() > 0)
            {
                continue;
            }
            indexer.onClose();
        }
    }

    private void playRound(final int journal, final int round, final RawOutput output, final PrintStream progress)
    {
        System.gc();
        final double rate;
        if (lengths[journal] == 0)
        {
            final Path empty = output.scratch("journal-empty");
            try (MeasuredEngine engine = open(empty))
            {
                rate = time(engine, journal);
                engine.closeAndCheck();
            }
            finally
            {
                output.discard(empty);
            }
        }
        else
        {
            try (MeasuredEngine engine = open(directories[journal]))
            {
                final long before = engine.engine().stats().lastSequence();
                rate = time(engine, journal);
                engine.closeAndCheckAfter(before);
            }
        }
        if (round >= 0)
        {
            rates[journal][round] = rate;
            restart(journal, round, output.directory());
            progress.printf(Locale.ROOT,
                "F11 journal round %d of %d: %,12d events %,12.0f events/s, restart %,6.0f ms, killed %,6.0f ms%n",
                round + 1, rounds, lengths[journal], rate, times.clean()[journal][round],
                times.killed()[journal][round]);
        }
    }

    private double time(final MeasuredEngine engine, final int journal)
    {
        final long before = published[journal];
        publish(engine, journal, Math.max(1, events / WARM_UP_PART));
        profiles[journal] = new ThreadTimes();
        profiles[journal].begin();
        final long startNs = System.nanoTime();
        publish(engine, journal, events);
        final long tookNs = System.nanoTime() - startNs;
        profiles[journal].end();
        if (lengths[journal] == 0)
        {
            // These went to a journal that is thrown away.
            published[journal] = before;
        }
        return events * 1e9 / tookNs;
    }

    private void restart(final int journal, final int round, final Path directory)
    {
        final long rollSize = new EngineContext().journal().rollSize();
        try (TimedStart start = TimedStart.of(directories[journal], rollSize, errors(directory)))
        {
            times.clean()[journal][round] = start.ms();
            start.killInFlood();
        }
        try (TimedStart start = TimedStart.of(directories[journal], rollSize, errors(directory)))
        {
            times.killed()[journal][round] = start.ms();
            start.stop();
        }
    }

    private Path errors(final Path directory)
    {
        return directory.resolve("child-" + children++ + ".err");
    }

    private MeasuredEngine open(final Path directory)
    {
        return new MeasuredEngine(
            new EngineContext().directory(directory), payloadLength, (number, priority) -> {});
    }

    private void publish(final MeasuredEngine engine, final int journal, final long count)
    {
        for (long i = 0; i < count; i++)
        {
            engine.publish(PublishPath.EVERYDAY, published[journal]++, Priority.NORMAL,
                engine.engine().context().clock().nanoTime());
        }
        engine.awaitHandled();
    }
}
