package io.sluice.perf.overflow;

import io.sluice.engine.EngineContext;
import io.sluice.engine.ThreadingMode;
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

/** {@code perf overflow}: F9 and D13. */
@Command(
    name = "overflow",
    mixinStandardHelpOptions = true,
    description = "Each overflow policy at 1.5 of the engine's capacity: accepted, refused and why, latencies, " +
        "nothing lost; bursts amid a steady rate, where nothing may be refused (F9); memory of an engine with 100 " +
        "streams (D13).")
public final class OverflowCommand implements Callable<Integer>
{
    private static final double NS_PER_S = 1e9;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "5",
        description = "How long each policy is offered too much. Default: ${DEFAULT-VALUE}.")
    private double seconds;

    @Option(names = "--call-us", paramLabel = "US", defaultValue = "50",
        description = "Time of a call of the handler, microseconds. Default: ${DEFAULT-VALUE}.")
    private int callUs;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "1000",
        description = "Events in the ring of each priority. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--burst", paramLabel = "N", defaultValue = "100000",
        description = "Events of a burst. Default: ${DEFAULT-VALUE}.")
    private int burst;

    @Option(names = "--stream-events", paramLabel = "N", defaultValue = "200000",
        description = "Events for the streams. Default: ${DEFAULT-VALUE}.")
    private int streamEvents;

    @Option(names = "--threading", paramLabel = "MODE",
        description = "SHARED, PAIRED or DEDICATED. Default: the engine's own choice.")
    private ThreadingMode threadingMode;

    /** For picocli. */
    public OverflowCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (seconds <= 0 || callUs < 1 || limit < 1 || burst < 1 || streamEvents < 1 ||
            threadingMode == ThreadingMode.INVOKER)
        {
            throw new ParameterException(spec.commandLine(), "use --seconds above 0, --call-us, --limit, " +
                "--burst and --stream-events of at least 1, --threading SHARED, PAIRED or DEDICATED");
        }
        final ThreadingMode mode = threadingMode == null ? new EngineContext().threadingMode() : threadingMode;
        final RawOutput output = options.open("overflow");
        final HostFacts host = HostFacts.gather(output.directory(), 3, "default", mode.name());
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        new OverflowRun(output, options.progress(), mode, (long)(seconds * NS_PER_S), callUs, limit).run(report);
        new BurstRun(output, options.progress(), mode, (long)(seconds * NS_PER_S), burst).run(report);
        new StreamsRun(output, streamEvents).run(report);
        return options.finish("overflow", report, output);
    }
}
