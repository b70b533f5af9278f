package io.sluice.perf.core;

import io.sluice.perf.report.FigureReport;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/** Takes steps one after the other, within a time, and puts their figures together. */
final class CoreRun
{
    private static final double NS_PER_S = 1e9;
    private static final double MOST_OF_EXPECTED = 3;
    private static final double SLACK_S = 30;

    private final List<Step> steps;
    private final double mostSeconds;
    private final PrintStream progress;
    private final LongSupplier nanoClock;

    /**
     * @param steps       to take.
     * @param mostSeconds for all of them; what has not begun by then is not measured.
     * @param progress    to tell people.
     * @param nanoClock   that the time is taken from.
     */
    CoreRun(
        final List<Step> steps, final double mostSeconds, final PrintStream progress, final LongSupplier nanoClock)
    {
        this.steps = List.copyOf(steps);
        this.mostSeconds = mostSeconds;
        this.progress = progress;
        this.nanoClock = nanoClock;
    }

    /** Takes one step. */
    interface Runner
    {
        StepResult run(Step step, double timeoutSeconds);
    }

    /**
     * Take them all.
     *
     * @param runner of a step.
     * @param report to add the figures to.
     */
    void run(final Runner runner, final FigureReport report)
    {
        final long startNs = nanoClock.getAsLong();
        for (int i = 0; i < steps.size(); i++)
        {
            final Step step = steps.get(i);
            final List<Step> later = steps.subList(i + 1, steps.size());
            final long beginNs = nanoClock.getAsLong();
            final double timeout =
                timeout(step, mostSeconds - (beginNs - startNs) / NS_PER_S, expected(later));
            progress.printf(Locale.ROOT, "[%d of %d] %s: about %.0f s, at most %.0f s; %s%n",
                i + 1, steps.size(), names(step), step.expectedSeconds(), Math.max(0, timeout), step.commandLine());
            final StepResult result = timeout <= 0 ?
                StepResult.missed(step, "not run: the time was used up by what came before") :
                runner.run(step, timeout);
            result.figures().forEach(report::add);
            progress.printf(Locale.ROOT, "[%d of %d] %s: %.0f s, %s; left: %s%n",
                i + 1, steps.size(), names(step), (nanoClock.getAsLong() - beginNs) / NS_PER_S, result.verdict(),
                later.isEmpty() ? "nothing" : later.stream().map(Step::command).collect(Collectors.joining(", ")) +
                    String.format(Locale.ROOT, ", about %.0f s", expected(later)));
        }
    }

    /**
     * How long a step may take: well above what is expected, but not at the cost of those behind it.
     *
     * @param step         to take.
     * @param left         seconds for it and all behind it.
     * @param laterSeconds that those behind it are expected to take.
     * @return seconds; not above 0 if there is no time for it.
     */
    static double timeout(final Step step, final double left, final double laterSeconds)
    {
        final double generous = MOST_OF_EXPECTED * step.expectedSeconds() + SLACK_S;
        return Math.min(left, Math.max(step.expectedSeconds(), Math.min(generous, left - laterSeconds)));
    }

    private static double expected(final List<Step> steps)
    {
        return steps.stream().mapToDouble(Step::expectedSeconds).sum();
    }

    private static String names(final Step step)
    {
        return step.command() + " (" + String.join(", ", step.figures()) + ")";
    }
}
