package io.sluice.perf.query;

import io.sluice.event.Verdict;
import io.sluice.index.IndexContext;
import io.sluice.index.JournalIndexer;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.query.QuerySide.Answer;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes the journal and the database, indexes both, and asks them the same questions in turn. */
final class QueryPerfRun
{
    private static final int LIMIT = 1000;
    private static final int BATCH = 64;
    private static final int LAG_RATE = 100_000;
    private static final double LOOK_UP_MS = 1;
    private static final double RANGE_MS = 100;
    private static final double LAG_MS = 1000;
    private static final double BUILD_RATE = 1_000_000;
    private static final double SIZE_PERCENT = 20;
    private static final double P99 = 99;

    private final RawOutput output;
    private final PrintStream progress;
    private final QuerySettings settings;
    private final QueryTraffic traffic;
    private final List<Histogram> histograms = new ArrayList<>();
    private final List<Figure> judged = new ArrayList<>();
    private final List<Figure> details = new ArrayList<>();

    QueryPerfRun(final RawOutput output, final PrintStream progress, final QuerySettings settings)
    {
        this.output = output;
        this.progress = progress;
        this.settings = settings;
        traffic = new QueryTraffic(settings.events());
    }

    void run(final FigureReport report)
    {
        String failure = "";
        final Path journal = output.scratch("query-journal");
        final Path database = output.scratch("query-sqlite");
        final Path live = output.scratch("query-live");
        try
        {
            write(journal);
            index(journal);
            ask(journal, database);
            lag(live);
            output.writeHistograms("query", histograms);
        }
        catch (final MeasurementException ex)
        {
            failure = ex.getMessage();
        }
        finally
        {
            List.of(journal, database, live).forEach(output::discard);
        }
        final long missed = judged.stream().filter((figure) -> !figure.ok()).count();
        final Figure headline = Figure.atMost(
            "J1", "conditions of queries that were missed, of those below with a target",
            failure.isEmpty() ? (double)missed : Double.NaN, "missed", 0, Double.NaN,
            missed == 0 ? "" : "see the rows J1/… that are not ok");
        report.add(failure.isEmpty() ? headline : headline.failed(failure));
        judged.forEach(report::add);
        details.forEach(report::add);
    }

    private void write(final Path directory)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[QueryTraffic.RECORD_LENGTH]);
        try (JournalAppender appender = JournalAppender.open(new JournalContext().directory(directory)))
        {
            for (int n = 0; n < settings.events(); n++)
            {
                appender.stage(
                    buffer, 0, traffic.encode(n, buffer), Verdict.ACCEPTED, 0, traffic.recordedNs(n));
                if (appender.stagedCount() == BATCH)
                {
                    appender.commit();
                }
            }
            appender.commit();
        }
        progress.printf("%,d events written%n", settings.events());
    }

    private void index(final Path directory)
    {
        final JournalIndexer indexer = JournalIndexer.open(new IndexContext().directory(directory));
        final double seconds;
        try
        {
            final long startNs = System.nanoTime();
            while (indexer.doWork() > 0)
            {
                Thread.onSpinWait();
            }
            seconds = (System.nanoTime() - startNs) / 1e9;
            MeasurementException.require(
                "events that the indexer read", settings.events(), indexer.status().events());
        }
        finally
        {
            indexer.onClose();
        }
        final double rate = settings.events() / seconds;
        final long journalBytes = bytes(directory.resolve("journal"));
        final long indexBytes = bytes(directory.resolve("index"));
        judged.add(Figure.atLeast("J1/build", "events a second that the index is made of, on one thread",
            rate, "events/s", BUILD_RATE, Double.NaN, ""));
        judged.add(Figure.atMost("J1/size", "index / journal, events of 256 bytes of payload and all keys",
            100.0 * indexBytes / journalBytes, "%", SIZE_PERCENT, Double.NaN, ""));
        details.add(Figure.detail("J1/size/journal", "bytes of an event in the journal",
            (double)journalBytes / settings.events(), "bytes"));
        details.add(Figure.detail("J1/size/index", "bytes of an event in the index",
            (double)indexBytes / settings.events(), "bytes"));
        progress.printf("indexed, %,.0f events/s%n", rate);
    }

    private void ask(final Path directory, final Path database)
    {
        try (SluiceSide sluice = new SluiceSide(directory, true))
        {
            ask("", sluice, settings.lookUps(), settings.ranges(), true);
        }
        try (SluiceSide scan = new SluiceSide(directory, false))
        {
            final Histogram histogram = histogram("J1/scan");
            final int n = settings.events() - 1;
            time(histogram, () -> require("scan", new Answer(1, n), scan.byId(traffic.id(n))));
            details.add(Figure.detail("J1/scan", "look-up by id without the index: all of the journal is read",
                histogram.getMaxValue() / 1e6, "ms"));
        }
        if (settings.isWithSqlite())
        {
            askSqlite(database);
        }
    }

    private void askSqlite(final Path database)
    {
        try
        {
            Files.createDirectories(database);
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        progress.println("SQLite is loaded and indexed");
        try (SqliteSide sqlite = SqliteSide.load(database.resolve("events.db"), traffic, settings.events()))
        {
            details.add(Figure.detail("J1/sqlite/load", "rows a second, without any index",
                settings.events() / sqlite.loadSeconds(), "events/s"));
            details.add(Figure.detail("J1/sqlite/build", "rows a second that its indexes are made of",
                settings.events() / sqlite.indexSeconds(), "events/s"));
            details.add(Figure.detail("J1/sqlite/size", "its indexes / its table", 100 * sqlite.indexShare(), "%"));
            ask("sqlite/", sqlite, settings.lookUps(), settings.ranges(), false);
        }
    }

    /** The first tenth warms up. */
    private void ask(
        final String prefix, final QuerySide side, final int lookUps, final int ranges, final boolean isJudged)
    {
        final Random random = new Random(7);
        final int events = settings.events();
        final IntFunction<Runnable> byId = (n) -> () ->
            require("look-up by id", new Answer(1, n), side.byId(traffic.id(n)));
        final IntFunction<Runnable> byCorrelation = (n) -> () -> require(
            "events of correlation " + n, traffic.correlated(n, events),
            side.byCorrelation(traffic.correlation(n)).count());
        final IntFunction<Runnable> byAggregate = (n) -> () -> require(
            "events of aggregate " + n, traffic.aggregated(n, events),
            side.byAggregate(traffic.aggregateType(n), traffic.aggregateId(n)).count());
        lookUp(prefix + "id", "look-up by id", byId, lookUps, random, isJudged);
        lookUp(prefix + "correlation", "look-up by correlation: 5 events", byCorrelation, lookUps, random, isJudged);
        lookUp(prefix + "aggregate", "look-up by aggregate: 10 events", byAggregate, lookUps, random, isJudged);
        ranges(prefix, side, ranges, random, isJudged);
        progress.printf("%s asked%n", prefix.isEmpty() ? "journal" : prefix.replace("/", ""));
    }

    private void lookUp(
        final String what,
        final String text,
        final IntFunction<Runnable> question,
        final int count,
        final Random random,
        final boolean isJudged)
    {
        final Histogram histogram = histogram("J1/" + what);
        for (int i = -count / 10; i < count; i++)
        {
            final Runnable ask = question.apply(random.nextInt(settings.events()));
            if (i < 0)
            {
                ask.run();
            }
            else
            {
                time(histogram, ask);
            }
        }
        add("J1/" + what, text, histogram, LOOK_UP_MS, isJudged);
    }

    private void ranges(
        final String prefix, final QuerySide side, final int count, final Random random, final boolean isJudged)
    {
        final Histogram histogram = histogram("J1/" + prefix + "range");
        // One event in forty has the type, one in ten of these the status: some more than are asked for.
        final int span = (int)Math.min(settings.events() / 2, LIMIT * 44L * 10);
        for (int i = -Math.max(1, count / 10); i < count; i++)
        {
            final int type = random.nextInt(QueryTraffic.TYPES);
            final int from = random.nextInt(settings.events() - span);
            final long fromNs = QueryTraffic.START_NS + from * QueryTraffic.DISTANCE_NS;
            final long toNs = fromNs + span * QueryTraffic.DISTANCE_NS;
            final Answer wanted = errors(type, from, span, fromNs, toNs);
            final Runnable ask = () -> require(
                "errors of a type in a range", wanted,
                side.errors(QueryTraffic.typeName(type), fromNs, toNs, LIMIT));
            if (i < 0)
            {
                ask.run();
            }
            else
            {
                time(histogram, ask);
            }
        }
        add("J1/" + prefix + "range", "time range, type and a condition on the payload: the first 1,000 events",
            histogram, RANGE_MS, isJudged);
    }

    /** What the generator says the answer is. */
    private Answer errors(final int type, final int from, final int span, final long fromNs, final long toNs)
    {
        final String name = QueryTraffic.typeName(type);
        final int slack = 100;
        long count = 0;
        long sum = 0;
        for (int n = Math.max(0, from - slack); n < Math.min(settings.events(), from + span + slack); n++)
        {
            if (count < LIMIT && traffic.timeNs(n) >= fromNs && traffic.timeNs(n) < toNs &&
                "error".equals(QueryTraffic.status(n)) && name.equals(traffic.type(n)))
            {
                count++;
                sum += n;
            }
        }
        return new Answer(count, sum);
    }

    private void lag(final Path directory)
    {
        final Histogram ages = new IndexLag().measure(directory, traffic, LAG_RATE, settings.lagSeconds());
        histograms.add(ages);
        judged.add(Figure.atMost("J1/lag", "age of the oldest event that is not indexed, at 100,000 events a second",
            ages.getValueAtPercentile(P99) / 1e6, "ms", LAG_MS, Double.NaN,
            "p50 " + Figure.plain(ages.getValueAtPercentile(50) / 1e6) + ", max " +
            Figure.plain(ages.getMaxValue() / 1e6) + " ms"));
    }

    private void add(
        final String id, final String text, final Histogram histogram, final double targetMs, final boolean isJudged)
    {
        final double p99 = histogram.getValueAtPercentile(P99) / 1e6;
        final String spread = "p50 " + Figure.plain(histogram.getValueAtPercentile(50) / 1e6) + ", max " +
            Figure.plain(histogram.getMaxValue() / 1e6) + " ms";
        if (isJudged)
        {
            judged.add(Figure.atMost(id, text + ", p99", p99, "ms", targetMs, Double.NaN, spread));
        }
        else
        {
            details.add(new Figure(id, text + ", p99", p99, "ms", "", Double.NaN, true, spread));
        }
    }

    private Histogram histogram(final String tag)
    {
        final Histogram histogram = Histograms.create(tag.replace('/', '-'));
        histograms.add(histogram);
        return histogram;
    }

    private static void time(final Histogram histogram, final Runnable work)
    {
        final long startNs = System.nanoTime();
        work.run();
        Histograms.record(histogram, System.nanoTime() - startNs);
    }

    private static void require(final String what, final Answer wanted, final Answer found)
    {
        MeasurementException.require(what + ": events", wanted.count(), found.count());
        MeasurementException.require(what + ": sum of their numbers", wanted.sum(), found.sum());
    }

    private static void require(final String what, final long wanted, final long found)
    {
        MeasurementException.require(what, wanted, found);
    }

    private static long bytes(final Path directory)
    {
        try (Stream<Path> files = Files.list(directory))
        {
            return files.mapToLong((file) -> file.toFile().length()).sum();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
