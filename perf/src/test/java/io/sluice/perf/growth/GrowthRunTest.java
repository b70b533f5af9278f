package io.sluice.perf.growth;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.recovery.RestartTimes;
import io.sluice.perf.report.Figure;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Verdicts over rates that were planted. */
class GrowthRunTest
{
    private static final GrowthSetting SETTING = new GrowthSetting(
        List.of(1, 8), List.of(1, 10, 100), List.of(1, 10, 1000), List.of(64, 65_536), 6400, 1_000_000, 0, 3);

    @Test
    void shouldCompareWithinARoundWhenTheMachineGetsSlower()
    {
        final List<CurvePoint> points = GrowthRun.points(GrowthDimension.PUBLISHERS, SETTING);
        final List<Figure> figures = new GrowthCurve("publishers", points)
            .figures(new double[][] {{100, 50, 10}, {95, 47, 9.5}});

        final Figure ratio = figure(figures, "F11/publishers/8/of-first");
        assertEquals(0.95, ratio.value(), 1e-9);
        assertEquals("", ratio.target(), "nothing is promised");
        assertEquals(47, figure(figures, "F11/publishers/8").value());
    }

    @Test
    void shouldMissTheTargetWhenManyRulesCostMoreThanATenth()
    {
        final List<CurvePoint> points = GrowthRun.points(GrowthDimension.RULES, SETTING);
        assertEquals(List.of("1/tenth-matches", "10/tenth-matches", "1000/tenth-matches", "1000/one-matches"), points
            .stream().map(point -> point.size() + "/" + point.side()).collect(Collectors.toList()));
        assertEquals("1000-rules-100-match", points.get(2).contender().name());

        final List<Figure> figures = new GrowthCurve("rules", points)
            .figures(new double[][] {{100, 100, 100}, {99, 98, 97}, {89, 88, 95}, {10, 10, 10}});
        final Figure verdict = GrowthRun.verdict(figures);

        assertTrue(figure(figures, "F11/rules/10/tenth-matches/of-first").ok());
        assertFalse(figure(figures, "F11/rules/1000/tenth-matches/of-first").ok());
        assertTrue(figure(figures, "F11/rules/1000/one-matches/of-first").ok(), "nothing is promised");
        assertEquals(1, verdict.value());
        assertFalse(verdict.ok());
        assertTrue(verdict.why().contains("F11/rules/1000/tenth-matches/of-first"), verdict.why());
    }

    @Test
    void shouldCompareTenWithTenWhenSubscriptionsGrow()
    {
        final List<CurvePoint> points = GrowthRun.points(GrowthDimension.SUBSCRIPTIONS, SETTING);

        assertEquals(List.of("1/one-matches of 0", "10/one-matches of 0", "100/one-matches of 0", "10/ten-match of 3",
            "100/ten-match of 3"), points.stream()
            .map(point -> point.size() + "/" + point.side() + " of " + point.first()).collect(Collectors.toList()));
    }

    @Test
    void shouldTakeFewerEventsWhenTheyAreLarge()
    {
        final List<CurvePoint> points = GrowthRun.points(GrowthDimension.SIZES, SETTING);

        assertEquals(1_000_000, points.get(0).events());
        assertEquals(3906, points.get(1).events());
    }

    @Test
    void shouldMissTheTargetWhenRestartsGrowWithTheJournal()
    {
        final long[] lengths = {0, 2_000_000, 4_000_000};
        final JournalCurve curve = new JournalCurve(lengths, 100, 0, 1, 256);
        final double[][] rates = {{100}, {95}, {80}};

        final List<Figure> figures = curve.figures(rates, restarts(lengths, 300, 320));
        assertTrue(figure(figures, "F11/journal/2000000/of-first").ok());
        assertFalse(figure(figures, "F11/journal/4000000/of-first").ok());
        assertTrue(figure(figures, "F11/journal/4000000/restart").ok());

        final Figure grown = figure(curve.figures(rates, restarts(lengths, 300, 400)), "F11/journal/4000000/restart");
        assertFalse(grown.ok());
        assertTrue(grown.name().contains("over 2000000 events"), "dedup has all its ids from there on");
    }

    @Test
    void shouldFailWhenAnAnswerWasWrong()
    {
        final List<Figure> figures =
            new ArrayList<>(List.of(Figure.detail("F11/rules", "x", Double.NaN, "x").failed("one is missing")));

        assertFalse(GrowthRun.verdict(figures).ok());
        assertTrue(GrowthRun.verdict(List.of()).ok());
        assertTrue(GrowthRun.verdict(List.of()).why().contains("no curve that promises anything"));
    }

    @Test
    void shouldSayWhatDiskIsNeededWhenJournalsAreLong()
    {
        final long bytes = JournalCurve.bytesNeeded(JournalCurve.lengthsTo(100_000_000L), 300_000, 5, 256);

        assertTrue(bytes > 40_000_000_000L && bytes < 120_000_000_000L, Long.toString(bytes));
        assertEquals(4, JournalCurve.lengthsTo(640).length);
    }

    private static RestartTimes restarts(final long[] lengths, final double clean, final double last)
    {
        return new RestartTimes(new int[lengths.length], lengths, new double[][] {{200}, {clean}, {clean}},
            new double[][] {{200}, {clean}, {last}});
    }

    private static Figure figure(final List<Figure> figures, final String id)
    {
        return figures.stream().filter(figure -> id.equals(figure.id())).findFirst().orElseThrow();
    }
}
