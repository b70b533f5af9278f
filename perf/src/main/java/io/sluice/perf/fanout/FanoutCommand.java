package io.sluice.perf.fanout;

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

/** {@code perf fanout}: a part of F11, and C6. */
@Command(
    name = "fanout",
    mixinStandardHelpOptions = true,
    description = "Throughput with 100 subscriptions of which ten match beside those ten alone (a part of F11), and " +
        "handlers added and removed while events pass: none lost, none repeated (C6).")
public final class FanoutCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--events", paramLabel = "N", defaultValue = "500000",
        description = "Events per round. Default: ${DEFAULT-VALUE}.")
    private int events;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "7",
        description = "Rounds; in each, all sides take their turn. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--warm-up", paramLabel = "N", defaultValue = "4",
        description = "Warm-up rounds at most; fewer if two in a row are alike. Default: ${DEFAULT-VALUE}.")
    private int warmUpRounds;

    @Option(names = "--churn-events", paramLabel = "N", defaultValue = "1000000",
        description = "Events while handlers are added and removed. Default: ${DEFAULT-VALUE}.")
    private int churnEvents;

    @Option(names = "--changes", paramLabel = "N", defaultValue = "1000",
        description = "Times that handlers are added and removed. Default: ${DEFAULT-VALUE}.")
    private int changes;

    /** For picocli. */
    public FanoutCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (events < 100 || rounds < 1 || warmUpRounds < 1 || changes < 1 || churnEvents <= changes)
        {
            throw new ParameterException(spec.commandLine(), "use --events of at least 100, --rounds, --warm-up and " +
                "--changes of at least 1, --churn-events of more than --changes");
        }
        final RawOutput output = options.open("fanout");
        final HostFacts host =
            HostFacts.gather(output.directory(), 2, "default", new EngineContext().threadingMode().name());
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        new FanoutRun(output, options.progress(), events, rounds, warmUpRounds).run(report);
        new ChurnRun(output, options.progress(), churnEvents, changes).run(report);
        return options.finish("fanout", report, output);
    }
}
