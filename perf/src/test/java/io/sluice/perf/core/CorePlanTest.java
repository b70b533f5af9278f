package io.sluice.perf.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.PerfMain;
import io.sluice.perf.report.Figure;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class CorePlanTest
{
    private static final double MOST_OF_CORE_S = 25 * 60;
    private static final double MOST_OF_QUICK_S = 3 * 60;

    @Test
    void shouldMeasureEveryFigureOfTheCoreOnceWhenPlanned()
    {
        assertEquals(
            List.of("F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9", "F10"), figures(CorePlan.core(1)));
        assertEquals(List.of("F1", "F2", "F3", "F8"), figures(CorePlan.quick(1)));
    }

    @Test
    void shouldPromiseNoMoreThanThereIsTimeForWhenPlanned()
    {
        assertTrue(seconds(CorePlan.core(1)) <= MOST_OF_CORE_S, "core: " + seconds(CorePlan.core(1)));
        assertTrue(seconds(CorePlan.quick(1)) <= MOST_OF_QUICK_S, "quick: " + seconds(CorePlan.quick(1)));
        assertEquals(1, CorePlan.scale(25));
        for (double minutes = 5; minutes < 1000; minutes *= 1.5)
        {
            final double seconds = seconds(CorePlan.core(CorePlan.scale(minutes)));
            assertTrue(seconds <= 60 * minutes, minutes + " minutes: " + seconds);
        }
    }

    @Test
    void shouldUseOptionsThatTheCommandsHaveWhenPlannedAtAnyScale()
    {
        for (final double scale : new double[] {0.001, 0.3, 1, 10})
        {
            final List<Step> steps = new ArrayList<>(CorePlan.core(scale));
            steps.addAll(CorePlan.quick(scale));
            for (final Step step : steps)
            {
                new CommandLine(command(step.command())).parseArgs(step.options().toArray(new String[0]));
            }
        }
    }

    @Test
    void shouldCountAllocationOnlyWhenQuickJudges()
    {
        assertTrue(QuickCommand.mustBeMet(Figure.detail("F8", "bytes", 1, "B")));
        assertFalse(QuickCommand.mustBeMet(Figure.detail("F8/64B", "bytes", 1, "B")));
        assertFalse(QuickCommand.mustBeMet(Figure.detail("F1", "rate", 1, "x")));
    }

    private static Class<?> command(final String name)
    {
        return Arrays.stream(PerfMain.class.getAnnotation(Command.class).subcommands())
            .filter((type) -> name.equals(type.getAnnotation(Command.class).name())).findFirst().orElseThrow();
    }

    private static List<String> figures(final List<Step> steps)
    {
        final List<String> figures = new ArrayList<>();
        steps.forEach((step) -> figures.addAll(step.figures()));
        return figures;
    }

    private static double seconds(final List<Step> steps)
    {
        return steps.stream().mapToDouble(Step::expectedSeconds).sum();
    }
}
