package io.sluice.perf.core;

import io.sluice.perf.report.Figure;
import io.sluice.perf.report.OutputOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perf core}: F1 to F10. */
@Command(
    name = "core",
    mixinStandardHelpOptions = true,
    description = "F1 to F10: runs the commands that measure them one after the other, each in a JVM of its own, " +
        "within 25 minutes on two slow cores, and puts their figures together. DIR keeps what each of them keeps, " +
        "and in commands.txt the command that repeats each figure; perf report makes a page of it.")
public final class CoreCommand implements Callable<Integer>
{
    private static final double S_PER_MINUTE = 60;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--minutes", paramLabel = "N", defaultValue = "25",
        description = "Time for everything. Sizes follow it; what has not ended by then is missed. Default: " +
            "${DEFAULT-VALUE}.")
    private double minutes;

    @Option(names = "--only", paramLabel = "F", split = ",",
        description = "Figures to measure, for example F1,F3; others of the same command come with them. Default: all.")
    private List<String> only = List.of();

    /** For picocli. */
    public CoreCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (!(minutes > 0))
        {
            throw new ParameterException(spec.commandLine(), "--minutes " + minutes + ": use a number above 0");
        }
        return CoreOutput.run("core", options, steps(), minutes * S_PER_MINUTE, Figure::isHeadline,
            (figure) -> figure.isHeadline() || !figure.ok());
    }

    private List<Step> steps()
    {
        final List<Step> all = CorePlan.core(CorePlan.scale(minutes));
        final List<String> known = new ArrayList<>();
        all.forEach((step) -> known.addAll(step.figures()));
        for (final String id : only)
        {
            if (!known.contains(id))
            {
                throw new ParameterException(
                    spec.commandLine(), "--only " + id + ": use some of " + String.join(",", known));
            }
        }
        return all.stream()
            .filter((step) -> only.isEmpty() || step.figures().stream().anyMatch(only::contains))
            .collect(Collectors.toList());
    }
}
