package io.sluice.perf.isolation;

import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import io.sluice.perf.report.OutputOptions;
import io.sluice.perf.report.RawOutput;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perf isolation}: F5, C7 and D12. */
@Command(
    name = "isolation",
    mixinStandardHelpOptions = true,
    description = "Each class of events alone and beside a flood of each other (F5), the bounds of the priorities in " +
        "units (C7), and a fast handler beside some that throw, dawdle and hang (D12).")
public final class IsolationCommand implements Callable<Integer>
{
    private static final double NS_PER_S = 1e9;
    private static final long NS_PER_US = 1000L;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--rate", paramLabel = "R", defaultValue = "500",
        description = "Events per second of what is looked at. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "5",
        description = "Recorded seconds of each run. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--warm-up", paramLabel = "S", defaultValue = "2",
        description = "Seconds of each run before recording. Default: ${DEFAULT-VALUE}.")
    private double warmUp;

    @Option(names = "--call-us", paramLabel = "US", defaultValue = "10",
        description = "Time of a call of the flooded handler, microseconds. Default: ${DEFAULT-VALUE}.")
    private int callUs;

    /** For picocli. */
    public IsolationCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (rate < 1 || seconds <= 0 || warmUp <= 0 || callUs < 1)
        {
            throw new ParameterException(
                spec.commandLine(), "use --rate and --call-us of at least 1, --seconds and --warm-up above 0");
        }
        final IsolationSetting setting = new IsolationSetting(
            rate, (long)(warmUp * NS_PER_S), (long)(seconds * NS_PER_S), callUs * NS_PER_US);
        final RawOutput output = options.open("isolation");
        final HostFacts host = HostFacts.gather(output.directory(), 4, "default", "PAIRED and DEDICATED");
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        new ClassesRun(output, options.progress(), setting).run(report);
        new NeighboursRun(output, options.progress(), setting).run(report);
        return options.finish("isolation", report, output);
    }
}
