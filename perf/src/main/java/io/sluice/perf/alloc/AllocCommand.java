package io.sluice.perf.alloc;

import io.sluice.engine.EngineContext;
import io.sluice.engine.ThreadingMode;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.OutputOptions;
import io.sluice.perf.report.RawOutput;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perf alloc}: F8. */
@Command(
    name = "alloc",
    mixinStandardHelpOptions = true,
    description = "Bytes allocated per event from publish to handled, by the publisher and all engine threads (F8); " +
        "rolls of the journal counted apart.")
public final class AllocCommand implements Callable<Integer>
{
    private static final int MIN_ROLLS = 3;
    private static final int MIN_SLICES = 8;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--events", paramLabel = "N", defaultValue = "12000000",
        description = "Measured events over all sizes together. Default: ${DEFAULT-VALUE}.")
    private long events;

    @Option(names = "--payloads", paramLabel = "BYTES", split = ",", defaultValue = "64,256,1024",
        description = "Payload lengths, multiples of 8. Default: ${DEFAULT-VALUE}.")
    private List<Integer> payloads;

    @Option(names = "--slice", paramLabel = "N", defaultValue = "100000",
        description = "Events between two readings of the counters. Default: ${DEFAULT-VALUE}.")
    private long slice;

    // The default shows as 0.000: a few objects in millions of events, such as a clock interval, are not per event.
    @Option(names = "--zero", paramLabel = "BYTES", defaultValue = "0.0005",
        description = "Bytes per event below which it is none. What a JVM allocates once, as when it compiles a " +
            "method again, weighs more in a short run. Default: ${DEFAULT-VALUE}.")
    private double zero;

    @Option(names = "--threading", paramLabel = "MODE",
        description = "SHARED, PAIRED or DEDICATED. Default: the engine's own choice.")
    private ThreadingMode threadingMode;

    /** For picocli. */
    public AllocCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (slice < 1 || payloads.isEmpty() || events / payloads.size() / slice < MIN_SLICES)
        {
            throw new ParameterException(spec.commandLine(),
                "--events " + events + ": use at least " + MIN_SLICES + " slices of " + slice + " for each size");
        }
        if (!(zero > 0))
        {
            throw new ParameterException(spec.commandLine(), "--zero " + zero + ": use a number above 0");
        }
        if (payloads.stream().anyMatch((length) -> length < 8 || length % 8 != 0))
        {
            throw new ParameterException(spec.commandLine(), "--payloads " + payloads + ": use multiples of 8");
        }
        if (threadingMode == ThreadingMode.INVOKER)
        {
            throw new ParameterException(
                spec.commandLine(), "--threading INVOKER: there is no engine thread to watch; use SHARED");
        }
        final ThreadingMode mode = threadingMode == null ? new EngineContext().threadingMode() : threadingMode;
        final RawOutput output = options.open("alloc");
        final HostFacts host = HostFacts.gather(output.directory(), 2, "default", mode.name());
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        measure(report, output, mode);
        return options.finish("alloc", report, output);
    }

    private void measure(final FigureReport report, final RawOutput output, final ThreadingMode mode)
    {
        long steadyBytes = 0;
        long otherBytes = 0;
        long steadyEvents = 0;
        boolean isRolled = true;
        String failure = "";
        for (final int payloadLength : payloads)
        {
            final AllocRun run =
                new AllocRun(output, options.progress(), mode, payloadLength, events / payloads.size(), slice);
            try
            {
                run.run();
            }
            catch (final MeasurementException e)
            {
                failure = "at " + payloadLength + " B: " + e.getMessage();
                break;
            }
            steadyBytes += run.steadyPathBytes();
            otherBytes += run.steadyOtherBytes();
            steadyEvents += run.steadyEvents();
            isRolled &= run.rolls() >= MIN_ROLLS;
            addDetails(report, run);
        }
        final double perEvent = steadyEvents == 0 ? Double.NaN : steadyBytes / (double)steadyEvents;
        final Figure figure = new Figure(
            "F8",
            "bytes per event, publish to handled, allocated by the threads that it passes through, rolls apart",
            perEvent,
            "B/event",
            "0 (below " + Figure.plain(zero) + ")",
            Double.NaN,
            perEvent < zero,
            steadyBytes + " bytes in " + steadyEvents + " events" + (perEvent < zero ? "" :
                "; see alloc-*.txt for what allocates, or record with SLUICE_OPTS=-XX:-UseTLAB to see each object"));
        final Figure judged = isRolled ? figure : figure.missed("fewer than " + MIN_ROLLS + " rolls");
        report.add(failure.isEmpty() ? judged : judged.failed(failure));
        report.add(Figure.detail("F8/beside",
            "bytes of the threads that publish figures, prepare, force, index and archive: by the clock and the file",
            (double)otherBytes, "B"));
    }

    private static void addDetails(final FigureReport report, final AllocRun run)
    {
        final String id = "F8/" + run.payloadLength() + "B";
        final double events = run.steadyEvents();
        report.add(new Figure(id, "bytes per event outside of rolls, on the path of events",
            run.steadyPathBytes() / events, "B/event", "",
            Double.NaN, true, String.join("; ", run.places().subList(0, Math.min(3, run.places().size())))));
        for (final Map.Entry<String, Long> thread : run.steadyBytes().entrySet())
        {
            report.add(Figure.detail(id + "/" + thread.getKey(), "bytes outside of rolls", thread.getValue(), "B"));
        }
        report.add(Figure.detail(
            id + "/rolls", "slices with a new journal file are counted as rolls", run.rolls(), "rolls"));
        for (final Map.Entry<String, Long> thread : run.rollBytes().entrySet())
        {
            report.add(Figure.detail(
                id + "/rolls/" + thread.getKey(), "bytes in slices with a roll", thread.getValue(), "B"));
        }
    }
}
