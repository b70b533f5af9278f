package io.sluice.perf.throughput;

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

/** {@code perf throughput}: F1 and F2. */
@Command(
    name = "throughput",
    mixinStandardHelpOptions = true,
    description = "Events per second from publish to handled (F1) and cost of a publish call (F2), " +
        "beside bare Chronicle, a hand-wired pipeline and a bare Disruptor in the same run.")
public final class ThroughputCommand implements Callable<Integer>
{
    private static final int PAYLOAD_LENGTH = 256;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--events", paramLabel = "N", defaultValue = "1000000",
        description = "Events per round. Default: ${DEFAULT-VALUE}.")
    private int events;

    @Option(names = "--calls", paramLabel = "N", defaultValue = "200000",
        description = "Timed publish calls per round. Default: ${DEFAULT-VALUE}.")
    private int calls;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
        description = "Rounds; in each, all sides take their turn. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "6",
        description = "Warm-up rounds at most; fewer if two in a row are alike. Default: ${DEFAULT-VALUE}.")
    private int warmUpRounds;

    /** For picocli. */
    public ThroughputCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (events < 1000 || calls < 1000 || rounds < 1 || warmUpRounds < 1)
        {
            throw new ParameterException(
                spec.commandLine(), "use --events and --calls of at least 1000, --rounds and --warm-up of at least 1");
        }
        final RawOutput output = options.open("throughput");
        final EngineContext defaults = new EngineContext();
        final HostFacts host =
            HostFacts.gather(output.directory(), 3, "default", defaults.threadingMode() + " by default, and PAIRED");
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        new ThroughputRun(output, options.progress(), PAYLOAD_LENGTH, events, rounds, warmUpRounds).run(report);
        new CallCostRun(output, options.progress(), PAYLOAD_LENGTH, calls, rounds, warmUpRounds).run(report);
        return options.finish("throughput", report, output);
    }
}
