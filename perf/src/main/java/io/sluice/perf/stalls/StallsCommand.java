package io.sluice.perf.stalls;

import io.sluice.engine.EngineContext;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import io.sluice.perf.report.OutputOptions;
import io.sluice.perf.report.RawOutput;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perf stalls}: F3. */
@Command(
    name = "stalls",
    mixinStandardHelpOptions = true,
    description = "Append stalls > 1 ms per GB on the thread that appends (F3): Sluice's journal and a bare " +
        "Chronicle loop in turn, at a rate, rolls apart; then the whole engine from publish to journaled. Needs disk " +
        "space for three times --gb, 10 GB at most, which is given back.")
public final class StallsCommand implements Callable<Integer>
{
    private static final long BYTES_PER_MB = 1_000_000L;
    private static final double BYTES_PER_GB = 1e9;
    private static final int MAX_ROLL_MB = 1073;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--gb", paramLabel = "GB", defaultValue = "2.5",
        description = "Records that each side appends per roll size, 10^9 bytes. Default: ${DEFAULT-VALUE}.")
    private double gb;

    @Option(names = "--rate", paramLabel = "R", defaultValue = "200000",
        description = "Events per second. At 10000 the default of --gb takes ten minutes per side. Default: " +
            "${DEFAULT-VALUE}.")
    private int rate;

    @Option(names = "--payload", paramLabel = "BYTES", defaultValue = "256",
        description = "Payload length; a record has about 170 bytes more. Default: ${DEFAULT-VALUE}.")
    private int payload;

    @Option(names = "--roll-sizes", paramLabel = "MB", split = ",", defaultValue = "100,1000",
        description = "Sizes of Sluice's files, 10^6 bytes; the first is the one of F3. Default: ${DEFAULT-VALUE}.")
    private List<Integer> rollSizes;

    @Option(names = "--run-in", paramLabel = "MB", defaultValue = "40",
        description = "Records at the begin of each slice that are not recorded, 10^6 bytes. Default: " +
            "${DEFAULT-VALUE}.")
    private int runIn;

    @Option(names = "--slice", paramLabel = "MB", defaultValue = "500",
        description = "Records of one side before it is the next one's turn, 10^6 bytes. Default: ${DEFAULT-VALUE}.")
    private int slice;

    @Option(names = "--warm-up", paramLabel = "MB", defaultValue = "64",
        description = "Records of each side before recording, 10^6 bytes. Default: ${DEFAULT-VALUE}.")
    private int warmUp;

    @Option(names = "--engine-seconds", paramLabel = "S", defaultValue = "20",
        description = "How long the whole engine is fed at the same rate. Default: ${DEFAULT-VALUE}.")
    private double engineSeconds;

    /** For picocli. */
    public StallsCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (gb <= 0 || rate < 100 || payload < 8 || slice < 1 || warmUp < 1 || runIn < 0 || engineSeconds <= 0 ||
            rollSizes.stream().anyMatch((size) -> size < 1 || size > MAX_ROLL_MB))
        {
            throw new ParameterException(
                spec.commandLine(),
                "use --gb and --engine-seconds above 0, --rate of at least 100, --payload of at least 8, --slice and " +
                    "--warm-up of at least 1, --run-in of at least 0, --roll-sizes of 1 to " + MAX_ROLL_MB);
        }
        final StallsSetting setting = new StallsSetting(
            rate,
            payload,
            (long)(gb * BYTES_PER_GB),
            slice * BYTES_PER_MB,
            warmUp * BYTES_PER_MB,
            runIn * BYTES_PER_MB);
        final RawOutput output = options.open("stalls");
        final HostFacts host =
            HostFacts.gather(output.directory(), 2, "default", new EngineContext().threadingMode().name());
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        new StallsRun(
            output,
            options.progress(),
            setting,
            rollSizes.stream().map((size) -> size * BYTES_PER_MB).collect(Collectors.toList()),
            engineSeconds).run(report);
        return options.finish("stalls", report, output);
    }
}
