package io.sluice.perf.jmh;

import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import io.sluice.perf.report.OutputOptions;
import io.sluice.perf.report.RawOutput;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perf jmh}: the mechanisms one by one. */
@Command(
    name = "jmh",
    mixinStandardHelpOptions = true,
    description = "What each mechanism takes by itself, nanoseconds and allocated bytes for each operation, by JMH: " +
        "claim, encode, hash, append, poll, route, filter, histogram, dedup, tail. Figures without targets.")
public final class JmhCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--only", paramLabel = "REGEX",
        description = "Benchmarks in whose name this is found, for example hash or claim/ring. Default: all.")
    private Pattern only;

    @Option(names = "--quick", description = "Short and coarse: less than two minutes.")
    private boolean isQuick;

    /** For picocli. */
    public JmhCommand()
    {
    }

    @Override
    public Integer call()
    {
        final List<JmhBenchmark> picked = JmhBenchmark.find(only == null ? Pattern.compile("") : only);
        if (picked.isEmpty())
        {
            throw new ParameterException(spec.commandLine(), "--only " + only + ": it is in no name; use some of " +
                String.join(", ", JmhBenchmark.find(Pattern.compile("")).stream().map(JmhBenchmark::name).toList()));
        }
        final RawOutput output = options.open("jmh");
        final HostFacts host = HostFacts.gather(output.directory(), 1, "none", "INVOKER");
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        new JmhRun(output, options.progress(), isQuick ? JmhSetting.QUICK : JmhSetting.THOROUGH).run(picked, report);
        return options.finish("jmh", report, output, (figure) -> figure.isHeadline() || figure.isWrong());
    }
}
