package io.sluice.perf.core;

import io.sluice.perf.report.Figure;
import io.sluice.perf.report.OutputOptions;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perf quick}: F1, F2, F3 and F8 at sizes for every change. */
@Command(
    name = "quick",
    mixinStandardHelpOptions = true,
    description = "A guard against regressions: the ratios of F1, F2 and F3, and F8, in less than three minutes. A " +
        "busy machine makes ratios worse, so a missed target is printed and no more; a wrong answer and a missed F8 " +
        "(allocation) end with 1.")
public final class QuickCommand implements Callable<Integer>
{
    // Far above what is expected: on a machine that slow there is no answer, which is not the same as a wrong one.
    private static final double MOST_SECONDS = 900;
    private static final String ALLOCATION = "F8";

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--scale", paramLabel = "X", defaultValue = "1", hidden = true,
        description = "Of all sizes; for tests of the command itself.")
    private double scale;

    /** For picocli. */
    public QuickCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (!(scale > 0))
        {
            throw new ParameterException(spec.commandLine(), "--scale " + scale + ": use a number above 0");
        }
        return CoreOutput.run("quick", options, CorePlan.quick(scale), MOST_SECONDS, QuickCommand::mustBeMet,
            (figure) -> figure.isHeadline() || !figure.target().isEmpty());
    }

    /** @return whether a figure must meet its target here. */
    static boolean mustBeMet(final Figure figure)
    {
        return ALLOCATION.equals(figure.id());
    }
}
