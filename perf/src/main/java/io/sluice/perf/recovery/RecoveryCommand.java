package io.sluice.perf.recovery;

import io.sluice.engine.EngineContext;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import io.sluice.perf.report.OutputOptions;
import io.sluice.perf.report.RawOutput;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perf recovery}: F10, and the restarts of F11. */
@Command(
    name = "recovery",
    mixinStandardHelpOptions = true,
    description = "From the start of a JVM to the first event handled, and memory with defaults (F10); restarts over " +
        "journals of growing length, after a stop in order and after SIGKILL (F11).")
public final class RecoveryCommand implements Callable<Integer>
{
    private static final long BYTES_PER_MB = 1_000_000L;
    private static final int MAX_ROLL_MB = 1073;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "5",
        description = "Starts of each kind; medians count. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--files", paramLabel = "N", split = ",", defaultValue = "0,1,4,8,16",
        description = "Closed files in the journal, ascending, at least two lengths. Default: ${DEFAULT-VALUE}.")
    private List<Integer> files;

    @Option(names = "--roll-size", paramLabel = "MB", defaultValue = "100",
        description = "Size of a file, 10^6 bytes. Default: ${DEFAULT-VALUE}.")
    private int rollSize;

    /** For picocli. */
    public RecoveryCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (rounds < 1 || rollSize < 1 || rollSize > MAX_ROLL_MB || !isAscending())
        {
            throw new ParameterException(
                spec.commandLine(),
                "use --rounds of at least 1, --roll-size of 1 to " + MAX_ROLL_MB +
                    ", --files ascending from 0, at least two");
        }
        final RawOutput output = options.open("recovery");
        final HostFacts host =
            HostFacts.gather(output.directory(), 2, "default", new EngineContext().threadingMode().name());
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        new RecoveryRun(
            output,
            options.progress(),
            rounds,
            files.stream().mapToInt(Integer::intValue).toArray(),
            rollSize * BYTES_PER_MB).run(report);
        return options.finish("recovery", report, output);
    }

    private boolean isAscending()
    {
        for (int i = 0; i < files.size(); i++)
        {
            if (files.get(i) < 0 || i > 0 && files.get(i) <= files.get(i - 1))
            {
                return false;
            }
        }
        return files.size() > 1;
    }
}
