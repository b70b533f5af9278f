package io.sluice.perf.recovery;

import io.sluice.engine.EngineContext;
import io.sluice.perf.measure.Spread;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** First starts, then restarts over one journal that grows from length to length. */
final class RecoveryRun
{
    private static final double MOST_START_MS = 1000;
    private static final double MOST_FOOTPRINT_MB = 100;
    private static final double MOST_GROWTH = 1.1;
    private static final int FILES_BEFORE_FOOTPRINT = 2;
    private static final double BYTES_PER_MB = 1e6;

    private final RawOutput output;
    private final PrintStream progress;
    private final int rounds;
    private final int[] files;
    private final long rollSize;
    private final StringBuilder raw = new StringBuilder("kind\tfiles\tround\tms\tjvmMs");
    private final List<Figure> details = new ArrayList<>();
    private int children;

    RecoveryRun(
        final RawOutput output, final PrintStream progress, final int rounds, final int[] files, final long rollSize)
    {
        this.output = output;
        this.progress = progress;
        this.rounds = rounds;
        this.files = files;
        this.rollSize = rollSize;
    }

    void run(final FigureReport report)
    {
        try
        {
            report.add(measureStart());
        }
        catch (final MeasurementException e)
        {
            report.add(Figure.detail("F10", "first start", Double.NaN, "ms").failed(e.getMessage()));
        }
        try
        {
            report.add(measureRestarts());
        }
        catch (final MeasurementException e)
        {
            report.add(Figure.detail("F11", "restart", Double.NaN, "x").failed(e.getMessage()));
        }
        details.forEach(report::add);
        output.writeText("recovery.tsv", raw.toString());
    }

    private TimedStart start(
        final String kind, final int length, final int round, final Path directory, final String... flags)
    {
        final TimedStart started = TimedStart.of(
            directory, rollSize, output.directory().resolve("child-" + children++ + ".err"), flags);
        raw.append(String.format("%n%s\t%d\t%d\t%.1f\t%s", kind, length, round, started.ms(), started.inJvm()));
        return started;
    }

    private Figure measureStart()
    {
        final Path scratch = output.scratch("archive");
        try
        {
            final String[] archived = StartArchive.make(
                scratch, rollSize, output.directory().resolve("child-" + children++ + ".err"));
            final double[] with = new double[rounds];
            final double[] without = new double[rounds];
            for (int round = 0; round < rounds; round++)
            {
                without[round] = measureStart("start", round);
                with[round] = archived.length == 0 ? Double.NaN : measureStart("archived", round, archived);
            }
            return judgeStart(Spread.of(without), archived.length == 0 ? null : Spread.of(with));
        }
        finally
        {
            output.discard(scratch);
        }
    }

    private double measureStart(final String kind, final int round, final String... flags)
    {
        final Path directory = output.scratch("start");
        try (TimedStart started = start(kind, 0, round, directory, flags))
        {
            started.stop();
            JournalCheck.check(directory, 1, 0);
            return started.ms();
        }
        finally
        {
            output.discard(directory);
        }
    }

    private Figure judgeStart(final Spread without, final Spread with)
    {
        final Spread start = with == null ? without : with;
        final String archive = with == null ?
            "this Java makes no archive of classes" : "with an archive of classes; without " + without;
        progress.println("F10 first start: " + start + " ms, " + archive);
        details.add(Figure.detail("F10/start/without-archive", "the same without an archive of classes",
            without.median(), "ms"));
        final Footprint footprint = measureFootprint();
        final double totalMb = footprint.total() / BYTES_PER_MB;
        details.add(Figure.atMost("F10/footprint", "heap after a collection and all memory outside it, no mapped files",
            totalMb, "MB", MOST_FOOTPRINT_MB, Double.NaN, ""));
        addMemory("heap", "heap after a collection", footprint.heap());
        addMemory("direct", "direct buffers", footprint.direct());
        addMemory("off-heap", "all memory outside the heap, direct buffers included", footprint.offHeap());
        addMemory("mapped", "files mapped by the JDK; those that Chronicle maps are not counted", footprint.mapped());
        addMemory("resident", "anonymous pages of the process, JVM included", footprint.resident());
        return new Figure("F10", "from the start of a JVM to the first event handled, new directory", start.median(),
            "ms", "< 1000 ms, <= 100 MB heap + direct", Double.NaN,
            start.median() < MOST_START_MS && totalMb <= MOST_FOOTPRINT_MB,
            start + ", " + archive + "; heap + direct " + Figure.plain(totalMb) + " MB");
    }

    private void addMemory(final String part, final String name, final long bytes)
    {
        details.add(
            Figure.detail("F10/footprint/" + part, name, bytes < 0 ? Double.NaN : bytes / BYTES_PER_MB, "MB"));
    }

    private Footprint measureFootprint()
    {
        final Path directory = output.scratch("footprint");
        try (TimedStart started = start("footprint", 0, 0, directory, Footprint.TRACKING))
        {
            // What is set up later than the first event, and what files that are full leave behind, counts too.
            started.child().send("fill " + FILES_BEFORE_FOOTPRINT);
            started.child().await(RecoveryChild.FILLED);
            started.child().send("footprint");
            final Footprint footprint = Footprint.parse(started.child().await(RecoveryChild.FOOTPRINT));
            started.stop();
            return footprint;
        }
        finally
        {
            output.discard(directory);
        }
    }

    private Figure measureRestarts()
    {
        final Path directory = output.scratch("restart");
        final RestartTimes times = new RestartTimes(
            files, new long[files.length], new double[files.length][rounds], new double[files.length][rounds]);
        long starts = 0;
        long filled = 0;
        try
        {
            int closed = 0;
            for (int i = 0; i < files.length; i++)
            {
                try (TimedStart started = start("fill", closed, 0, directory))
                {
                    started.child().send("fill " + (files[i] - closed));
                    filled += Long.parseLong(started.child().await(RecoveryChild.FILLED));
                    started.stop();
                }
                closed = files[i];
                times.events()[i] = filled;
                measureLength(directory, i, times);
                starts += 1 + 2L * rounds;
                progress.printf("F11 restart over %d files, %d events: clean %s ms, killed %s ms%n", closed, filled,
                    Spread.of(times.clean()[i]), Spread.of(times.killed()[i]));
            }
            JournalCheck.check(directory, starts, filled);
        }
        finally
        {
            output.discard(directory);
        }
        return judge(times);
    }

    private void measureLength(final Path directory, final int i, final RestartTimes times)
    {
        for (int round = 0; round < rounds; round++)
        {
            // In order before this one: the last fill, or the last round.
            try (TimedStart started = start("clean", files[i], round, directory))
            {
                times.clean()[i][round] = started.ms();
                started.killInFlood();
            }
            try (TimedStart started = start("killed", files[i], round, directory))
            {
                times.killed()[i][round] = started.ms();
                started.stop();
            }
        }
    }

    private Figure judge(final RestartTimes times)
    {
        for (int i = 0; i < files.length; i++)
        {
            addLength("F11/restart/" + files[i] + "-files/clean", "after a stop in order", times.events()[i],
                times.clean()[i]);
            addLength("F11/restart/" + files[i] + "-files/killed", "after SIGKILL while publishing", times.events()[i],
                times.killed()[i]);
        }
        final int reference = times.reference(new EngineContext().dedup().idCapacity());
        final double clean = times.growth(times.clean(), reference);
        final double killed = times.growth(times.killed(), reference);
        final int last = files.length - 1;
        return Figure.atMost("F11",
            "restart to the first event handled over " + files[last] + " files / over " + files[reference] +
                ", the worse of clean and killed (the part of F11 that this command measures)",
            Math.max(clean, killed), "x", MOST_GROWTH, 1,
            "clean " + Figure.plain(clean) + ", killed " + Figure.plain(killed) +
                "; compared from the length on that has the ids that dedup reads again at each start");
    }

    private void addLength(final String id, final String name, final long events, final double[] times)
    {
        final Spread spread = Spread.of(times);
        details.add(new Figure(id, "start of a JVM to the first new event handled, " + name, spread.median(), "ms", "",
            Double.NaN, true, spread + "; " + events + " events in the journal"));
    }
}
