package io.sluice.perf.tailers;

import io.sluice.engine.EngineContext;
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

/** {@code perf tailers}: a part of F11. */
@Command(
    name = "tailers",
    mixinStandardHelpOptions = true,
    description = "Latency from the intended time of publishing to handled, open loop, with nothing beside the " +
        "engine, with 100 tailers with filters of their own in the same process, and with a thread that burns the " +
        "processor time that those took (part of F11).")
public final class TailersCommand implements Callable<Integer>
{
    private static final double NS_PER_S = 1e9;
    private static final int BUSY_THREADS = 3;
    private static final int MAX_MEMBERS = 100;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--rate", paramLabel = "R", defaultValue = "10000",
        description = "Events per second, 256 bytes of JSON each. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(names = "--members", paramLabel = "N", defaultValue = "100",
        description = "Tailers, 1 to 100. Default: ${DEFAULT-VALUE}.")
    private int members;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "4",
        description = "Recorded seconds of each run. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--warm-up", paramLabel = "S", defaultValue = "1",
        description = "Seconds of each run before recording. Default: ${DEFAULT-VALUE}.")
    private double warmUp;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
        description = "Rounds; in each, all three sides run in turn. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    /** For picocli. */
    public TailersCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (rounds < 1 || seconds <= 0 || warmUp < 0 || rate < 100 || members < 1 || members > MAX_MEMBERS)
        {
            throw new ParameterException(
                spec.commandLine(),
                "use --rounds of at least 1, --seconds above 0, --rate of at least 100, --members of 1 to " +
                MAX_MEMBERS);
        }
        final TailersSetting setting =
            new TailersSetting(rate, members, (long)(warmUp * NS_PER_S), (long)(seconds * NS_PER_S), rounds);
        final RawOutput output = options.open("tailers");
        final HostFacts host = HostFacts.gather(
            output.directory(), BUSY_THREADS, "default", new EngineContext().threadingMode().name());
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        new TailersRun(output, options.progress(), setting).run(report);
        return options.finish("tailers", report, output);
    }
}
