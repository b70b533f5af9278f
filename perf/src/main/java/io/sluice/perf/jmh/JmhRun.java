package io.sluice.perf.jmh;

import io.sluice.perf.child.ChildFlags;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.RawOutput;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Measures one benchmark after the other, each in JVMs of its own. */
final class JmhRun
{
    /** What JMH itself says meanwhile. */
    static final String LOG = "jmh-log.txt";
    /** Its results in its own form, for tools that read that. */
    static final String RAW = "jmh-raw.json";

    private static final String IGNORE_LOCK_PROP_NAME = "jmh.ignoreLock";

    private final RawOutput output;
    private final PrintStream progress;
    private final JmhSetting setting;

    JmhRun(final RawOutput output, final PrintStream progress, final JmhSetting setting)
    {
        this.output = output;
        this.progress = progress;
        this.setting = setting;
    }

    /**
     * Measure.
     *
     * @param benchmarks to measure.
     * @param report     for the figures.
     */
    void run(final List<JmhBenchmark> benchmarks, final FigureReport report)
    {
        // The lock is one file for the whole machine: who else is busy is told by the load average, as everywhere here.
        System.setProperty(IGNORE_LOCK_PROP_NAME, "true");
        final Path scratch = output.scratch("jmh");
        final List<RunResult> results = new ArrayList<>();
        final List<String> failed = new ArrayList<>();
        final List<Figure> details = new ArrayList<>();
        try (PrintStream log = new PrintStream(
            output.directory().resolve(LOG).toFile(), StandardCharsets.UTF_8))
        {
            final OutputFormat format = OutputFormatFactory.createFormatInstance(log, VerboseMode.NORMAL);
            for (final JmhBenchmark benchmark : benchmarks)
            {
                final Collection<RunResult> found = measure(benchmark, options(benchmark, scratch), format);
                if (found.size() != benchmark.cases())
                {
                    failed.add(benchmark.name());
                    progress.println(benchmark.name() + ": failed, see " + LOG);
                }
                for (final RunResult result : found)
                {
                    final JmhFigures figures = JmhFigures.of(result);
                    progress.println(figures.line());
                    details.addAll(figures.figures());
                }
                results.addAll(found);
            }
            writeRaw(results);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't write " + LOG + ": " + e.getMessage(), e);
        }
        finally
        {
            output.discard(scratch);
        }
        final Figure headline = Figure.atMost(
            JmhFigures.ID, "benchmarks that failed, of " + benchmarks.size(),
            failed.size(), "failed", 0, Double.NaN, "");
        report.add(failed.isEmpty() ? headline : headline.failed(String.join(", ", failed) + ": see " + LOG));
        details.forEach(report::add);
    }

    private Collection<RunResult> measure(
        final JmhBenchmark benchmark, final Options options, final OutputFormat format)
    {
        try
        {
            return new Runner(options, format).run();
        }
        catch (final RunnerException e)
        {
            progress.println(benchmark.name() + ": " + e.getMessage());
            return List.of();
        }
    }

    private Options options(final JmhBenchmark benchmark, final Path scratch)
    {
        final List<String> flags = new ArrayList<>(ChildFlags.flags(
            ManagementFactory.getRuntimeMXBean().getInputArguments(), Runtime.version().feature()));
        flags.add("-D" + ScratchJournal.DIRECTORY_PROP_NAME + "=" + scratch);
        return new OptionsBuilder()
            .include("^" + Pattern.quote(benchmark.method()) + "$")
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(setting.forks())
            .warmupIterations(setting.warmUps())
            .warmupTime(TimeValue.milliseconds(setting.iterationMs()))
            .measurementIterations(setting.iterations())
            .measurementTime(TimeValue.milliseconds(setting.iterationMs()))
            .addProfiler(GCProfiler.class)
            .jvmArgs(flags.toArray(new String[0]))
            .shouldFailOnError(false)
            .build();
    }

    private void writeRaw(final List<RunResult> results) throws IOException
    {
        try (PrintStream raw = new PrintStream(output.directory().resolve(RAW).toFile(), StandardCharsets.UTF_8))
        {
            ResultFormatFactory.getInstance(ResultFormatType.JSON, raw).writeOut(results);
        }
    }
}
