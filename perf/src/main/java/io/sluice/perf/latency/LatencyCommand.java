package io.sluice.perf.latency;

import io.sluice.engine.EngineContext;
import io.sluice.engine.ThreadingMode;
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

/** {@code perf latency}: F4 and a part of F5. */
@Command(
    name = "latency",
    mixinStandardHelpOptions = true,
    description = "Latency from the intended time of publishing to handled, open loop, mixed priorities (F4), " +
        "beside a hand-wired Disruptor and Chronicle in the same run; CRITICAL beside a flood of LOW (part of F5).")
public final class LatencyCommand implements Callable<Integer>
{
    private static final double NS_PER_S = 1e9;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--rates", paramLabel = "R", split = ",", defaultValue = "10000,100000,200000",
        description = "Events per second; the baseline runs at the first. Default: ${DEFAULT-VALUE}.")
    private List<Integer> rates;

    @Option(names = "--payloads", paramLabel = "BYTES", split = ",", defaultValue = "256,1024",
        description = "Payload lengths. Default: ${DEFAULT-VALUE}.")
    private List<Integer> payloads;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "5",
        description = "Recorded seconds of each run. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--warm-up", paramLabel = "S", defaultValue = "2",
        description = "Seconds of each run before recording. Default: ${DEFAULT-VALUE}.")
    private double warmUp;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3",
        description = "Rounds of everything. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--spin", description = "Engine threads spin instead of idling kindly; needs cores to spare.")
    private boolean isSpinning;

    @Option(names = "--threading", paramLabel = "MODE",
        description = "SHARED, PAIRED or DEDICATED. Default: the engine's own choice.")
    private ThreadingMode threadingMode;

    /** For picocli. */
    public LatencyCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (rounds < 1 || seconds <= 0 || warmUp < 0 || rates.stream().anyMatch((rate) -> rate < 100) ||
            payloads.stream().anyMatch((length) -> length < 8))
        {
            throw new ParameterException(
                spec.commandLine(),
                "use --rounds of at least 1, --seconds above 0, --rates of at least 100, --payloads of at least 8");
        }
        if (threadingMode == ThreadingMode.INVOKER)
        {
            throw new ParameterException(
                spec.commandLine(), "--threading INVOKER: the engine would run on the generator's thread; use SHARED");
        }
        final ThreadingMode mode = threadingMode == null ? new EngineContext().threadingMode() : threadingMode;
        final LatencySetting setting = new LatencySetting(
            mode, isSpinning, (long)(warmUp * NS_PER_S), (long)(seconds * NS_PER_S), rounds);
        final RawOutput output = options.open("latency");
        final int busyThreads = mode == ThreadingMode.SHARED ? 2 : mode == ThreadingMode.PAIRED ? 3 : 5;
        final HostFacts host =
            HostFacts.gather(output.directory(), busyThreads, isSpinning ? "busy spin" : "default", mode.name());
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        new LatencyRun(output, options.progress(), setting, rates, payloads).run(report);
        return options.finish("latency", report, output);
    }
}
