package io.sluice.perf.replay;

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

/** {@code perf replay}: F7. */
@Command(
    name = "replay",
    mixinStandardHelpOptions = true,
    description = "Reading a journal again (F7): tailing with and without checksums, and replay, beside a bare " +
        "Chronicle tailer in the same run; replay at 100 times the speed of a recording of 10,000 events a second.")
public final class ReplayPerfCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--events", paramLabel = "N", defaultValue = "2000000",
        description = "Events of each journal, 256 bytes of payload. Default: ${DEFAULT-VALUE}.")
    private int events;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
        description = "Rounds; in each, all sides read everything in turn. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    /** For picocli. */
    public ReplayPerfCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (events < 100 || rounds < 1)
        {
            throw new ParameterException(spec.commandLine(), "use --events of at least 100, --rounds of at least 1");
        }
        final RawOutput output = options.open("replay");
        final HostFacts host = HostFacts.gather(output.directory(), 1, "none", "INVOKER");
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        new ReplayRun(output, options.progress(), events, rounds).run(report);
        return options.finish("replay", report, output);
    }
}
