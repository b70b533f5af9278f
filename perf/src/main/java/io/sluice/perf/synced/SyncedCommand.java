package io.sluice.perf.synced;

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

/** {@code perf synced}: F6. */
@Command(
    name = "synced",
    mixinStandardHelpOptions = true,
    description = "Events on the device (F6): one publisher that waits, many that wait, many outstanding, a stream, " +
        "beside one fdatasync per event and Aeron Archive at sync level 1 in the same run; and what SYNCED traffic " +
        "does to JOURNALED latency.")
public final class SyncedCommand implements Callable<Integer>
{
    private static final double NS_PER_S = 1e9;
    private static final int FEW_CORES = 4;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "3",
        description = "Recorded seconds of each measurement that goes by time. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--rounds", paramLabel = "N", defaultValue = "3",
        description = "Rounds; in each, all sides take their turn. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Option(names = "--publishers", paramLabel = "N", defaultValue = "256",
        description = "Publishers that wait at once; also events outstanding. Default: ${DEFAULT-VALUE}.")
    private int publishers;

    @Option(names = "--events", paramLabel = "N", defaultValue = "4000000",
        description = "Events of each pipelined run. Default: ${DEFAULT-VALUE}.")
    private int events;

    @Option(names = "--payload", paramLabel = "BYTES", defaultValue = "256",
        description = "Payload length; a record has about 170 bytes more. Default: ${DEFAULT-VALUE}.")
    private int payload;

    @Option(names = "--rate", paramLabel = "R", defaultValue = "10000",
        description = "JOURNALED events per second, beside SYNCED ones. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(names = "--aeron-dedicated", negatable = true,
        description = "A thread for each part of Aeron's driver and archive. Default: above 4 cores.")
    private Boolean isDedicated;

    /** For picocli. */
    public SyncedCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (seconds <= 0 || rounds < 1 || publishers < 1 || events < 1000 || payload < 8 || rate < 100)
        {
            throw new ParameterException(
                spec.commandLine(),
                "use --seconds above 0, --rounds and --publishers of at least 1, --events of at least 1000, " +
                    "--payload of at least 8, --rate of at least 100");
        }
        final SyncedSetting setting = new SyncedSetting(
            payload,
            (long)(seconds * NS_PER_S),
            publishers,
            events,
            rate,
            isDedicated == null ? Runtime.getRuntime().availableProcessors() > FEW_CORES : isDedicated);
        final RawOutput output = options.open("synced");
        final HostFacts host =
            HostFacts.gather(output.directory(), 3, "default", new EngineContext().threadingMode().name());
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        new SyncedRun(output, options.progress(), setting, rounds).run(report);
        return options.finish("synced", report, output);
    }
}
