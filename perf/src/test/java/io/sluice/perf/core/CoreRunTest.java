package io.sluice.perf.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CoreRunTest
{
    private static final Step FIRST = new Step("first", List.of("F1"), List.of(), 10);
    private static final Step SECOND = new Step("second", List.of("F2", "F3"), List.of("--size", "1"), 20);
    private static final Step THIRD = new Step("third", List.of("F4"), List.of(), 30);

    @TempDir
    private Path directory;

    private final ByteArrayOutputStream words = new ByteArrayOutputStream();
    private final List<String> taken = new ArrayList<>();
    private long nowNs = 7;

    @Test
    void shouldPutFiguresTogetherWhenAllStepsAreTaken()
    {
        final FigureReport report = run(1000, 5);

        assertEquals(List.of("first", "second", "third"), taken);
        assertEquals(List.of("F1", "F1/detail", "F2", "F3", "F2/detail", "F4", "F4/detail"), ids(report));
        assertTrue(report.isOk());
        assertTrue(words().contains("[2 of 3] second (F2, F3): about 20 s"), words());
        assertTrue(words().contains("5 s, F2 ok, F3 ok; left: third, about 30 s"), words());
        assertTrue(words().contains("left: nothing"), words());
    }

    @Test
    void shouldMissWhatWasNotBegunWhenTheTimeIsUsedUp()
    {
        final FigureReport report = run(60, 70);

        assertEquals(List.of("first"), taken);
        assertEquals(List.of("F1", "F1/detail", "F2", "F3", "F4"), ids(report));
        assertFalse(report.isOk());
        final Figure last = report.figures().get(4);
        assertTrue(last.why().contains("not run") && last.why().contains("repeat: ./sluice perf third"), last.why());
        assertFalse(last.isWrong());
    }

    @Test
    void shouldLeaveTimeForLaterStepsWhenAStepTakesLong()
    {
        assertEquals(60, CoreRun.timeout(FIRST, 1000, 50));
        assertEquals(50, CoreRun.timeout(FIRST, 100, 50));
        assertEquals(10, CoreRun.timeout(FIRST, 55, 50), "it has what it is expected to take");
        assertEquals(3, CoreRun.timeout(FIRST, 3, 50), "but never more than there is");
    }

    private FigureReport run(final double mostSeconds, final int secondsOfAStep)
    {
        final FigureReport report = new FigureReport(HostFacts.gather(directory, 1, "default", "SHARED"));
        new CoreRun(List.of(FIRST, SECOND, THIRD), mostSeconds,
            new PrintStream(words, true, StandardCharsets.UTF_8), () -> nowNs).run(
            (step, timeout) ->
            {
                taken.add(step.command());
                nowNs += TimeUnit.SECONDS.toNanos(secondsOfAStep);
                final List<Figure> figures = step.figures().stream()
                    .map((id) -> Figure.atLeast(id, "some", 1, "x", 1, Double.NaN, "")).collect(Collectors.toList());
                figures.add(Figure.detail(step.figures().get(0) + "/detail", "some", 1, "x"));
                return new StepResult(step, figures);
            },
            report);
        return report;
    }

    private static List<String> ids(final FigureReport report)
    {
        return report.figures().stream().map(Figure::id).collect(Collectors.toList());
    }

    private String words()
    {
        return words.toString(StandardCharsets.UTF_8);
    }
}
