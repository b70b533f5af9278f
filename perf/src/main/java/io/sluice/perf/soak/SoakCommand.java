package io.sluice.perf.soak;

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

/** {@code perf soak}: P1. */
@Command(
    name = "soak",
    mixinStandardHelpOptions = true,
    description = "A steady load for a long time, open loop, mixed priorities, 256 B, with archive, retention, " +
        "durable and tailing subscriptions, retries and dead letters: nothing may grow but what should, and each " +
        "event is accounted for (P1).")
public final class SoakCommand implements Callable<Integer>
{
    private static final double NS_PER_MINUTE = 60e9;
    private static final double NS_PER_S = 1e9;
    private static final long BYTES_PER_MB = 1_000_000L;
    private static final int MOST_ROLL_MB = 1073;
    private static final int LEAST_SAMPLES = 30;
    private static final int LEAST_RATE = 100;
    private static final int LEAST_HEAP_MB = 64;
    private static final int MOST_RATE = 10_000_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--minutes", paramLabel = "M", defaultValue = "30",
        description = "Length of the schedule; of it, the first tenth is not judged. Default: ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(names = "--rate", paramLabel = "R", defaultValue = "50000",
        description = "Events per second. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(names = "--sample-seconds", paramLabel = "S", defaultValue = "10",
        description = "Between two samples; less in a run so short that there were fewer than 30. " +
            "Default: ${DEFAULT-VALUE}.")
    private double sampleSeconds;

    @Option(names = "--roll-size", paramLabel = "MB", defaultValue = "32",
        description = "Size of a journal file, 10^6 bytes. Default: ${DEFAULT-VALUE}.")
    private int rollSize;

    @Option(names = "--heap", paramLabel = "MB", defaultValue = "192",
        description = "Heap of the JVM that is started for it; small, so that it is collected as a whole now and " +
            "then. Default: ${DEFAULT-VALUE}.")
    private int heap;

    /** For picocli. */
    public SoakCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (!(minutes > 0) || rate < LEAST_RATE || rate > MOST_RATE || !(sampleSeconds > 0) || rollSize < 1 ||
            rollSize > MOST_ROLL_MB || heap < LEAST_HEAP_MB)
        {
            throw new ParameterException(spec.commandLine(), "use --minutes and --sample-seconds above 0, --rate of " +
                LEAST_RATE + " to " + MOST_RATE + ", --roll-size of 1 to " + MOST_ROLL_MB + ", --heap of at least " +
                LEAST_HEAP_MB);
        }
        if (!SoakProcess.isChild())
        {
            return SoakProcess.run(heap, spec.commandLine().getParseResult().originalArgs());
        }
        final RawOutput output = options.open("soak");
        final HostFacts host =
            HostFacts.gather(output.directory(), 4, "default", new EngineContext().threadingMode().name());
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        final long durationNs = (long)(minutes * NS_PER_MINUTE);
        new SoakRun(output, options.progress(), new SoakSetting(
            rate,
            durationNs,
            Math.min((long)(sampleSeconds * NS_PER_S), durationNs / LEAST_SAMPLES),
            rollSize * BYTES_PER_MB)).run(report);
        return options.finish("soak", report, output);
    }
}
