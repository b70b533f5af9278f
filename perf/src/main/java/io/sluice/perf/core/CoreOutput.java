package io.sluice.perf.core;

import io.sluice.perf.PerfMain;
import io.sluice.perf.child.ChildFlags;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import io.sluice.perf.report.OutputOptions;
import io.sluice.perf.report.RawOutput;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What {@code core} and {@code quick} have in common: from a plan to an exit code. */
final class CoreOutput
{
    private static final int BUSY_THREADS = 4;

    private CoreOutput()
    {
    }

    /**
     * Take all steps and report.
     *
     * @param name        of the command.
     * @param options     of it.
     * @param steps       to take.
     * @param mostSeconds for all of them.
     * @param judge       picks the figures that must meet their targets.
     * @param printed     picks the figures that people see.
     * @return exit code.
     */
    static int run(
        final String name,
        final OutputOptions options,
        final List<Step> steps,
        final double mostSeconds,
        final Predicate<Figure> judge,
        final Predicate<Figure> printed)
    {
        final RawOutput output = options.open(name);
        final HostFacts host = HostFacts.gather(
            output.directory(), BUSY_THREADS, "see each command", "see each command");
        host.print(options.progress());
        output.writeText("commands.txt", steps.stream()
            .map((step) -> String.join(", ", step.figures()) + "\t" + step.commandLine())
            .collect(Collectors.joining("\n")));
        final FigureReport report = new FigureReport(host, judge);
        final StepProcess process =
            new StepProcess(ChildFlags.commandLine(PerfMain.class), output.directory());
        new CoreRun(steps, mostSeconds, options.progress(), System::nanoTime).run(process::run, report);
        final int exitCode = options.finish(name, report, output, printed);
        options.progress().println("a page with plots: " +
            OutputOptions.commandLine(List.of("report", output.directory().toString())));
        return exitCode;
    }
}
