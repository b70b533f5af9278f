package io.sluice.perf.soak;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.report.Figure;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Verdicts over samples in which growth is planted. */
class FlatVerdictTest
{
    private static final Series HANDLES = new Series("handles", "handles", "Held", "handles", 0, 16);
    private static final Series HEAP = new Series("heap", "heap", "Memory", "MB", 0.1, 16);
    private static final Series LETTERS = new Series("letters", "letters", "Files", "files", Double.NaN, 0);
    private static final int SAMPLES = 100;
    private static final double WARM_UP_S = 10;

    private final FlatVerdict verdict = new FlatVerdict(WARM_UP_S);

    @Test
    void shouldBeMetWhenNothingGrows()
    {
        final List<Figure> figures = judge(at -> 40, at -> 200 + 15 * Math.sin(at), at -> at);

        assertTrue(figures.get(0).ok(), figures.get(0).toString());
        assertEquals("P1", figures.get(0).id());
        assertTrue(figures.get(0).name().endsWith("of 2"), "what may grow is not judged");
        assertEquals(7, figures.size());
    }

    @Test
    void shouldBeMissedWhenAHandleLeaksNowAndThen()
    {
        // One each second and a half: 20 from the middle of one third to that of the next.
        final List<Figure> figures = judge(at -> 40 + Math.floor(at / 1.5), at -> 200, at -> 0);

        assertFalse(figures.get(0).ok());
        assertTrue(figures.get(0).why().contains("grown: P1/handles"), figures.get(0).why());
        assertFalse(figure(figures, "P1/handles").ok());
        assertEquals(2400, figure(figures, "P1/handles/slope").value(), 30);
    }

    @Test
    void shouldBeMissedWhenMemoryGrowsByMoreThanItsPart()
    {
        assertTrue(judge(at -> 0, at -> 1000 + 3 * at, at -> 0).get(0).ok(), "90 MB of 1135");
        assertFalse(judge(at -> 0, at -> 1000 + 5 * at, at -> 0).get(0).ok(), "150 MB of 1225");
        assertTrue(judge(at -> 0, at -> 10 + 0.5 * at, at -> 0).get(0).ok(), "15 MB are no leak");
    }

    @Test
    void shouldIgnoreWarmUpAndFirstThirdWhenTheyGrow()
    {
        assertTrue(judge(at -> Math.min(at, 39) * 10, at -> Math.min(at, 39) * 100, at -> 0).get(0).ok());
    }

    @Test
    void shouldIgnoreWhatIsNotThereWhenAValueIsMissing()
    {
        final List<Figure> none = judge(at -> 1, at -> Double.NaN, at -> 0);
        assertTrue(none.get(0).ok());
        assertTrue(figure(none, "P1/heap").why().contains("not there"));
        assertTrue(Double.isNaN(figure(none, "P1/heap/slope").value()));

        final List<Figure> some = judge(at -> 1, at -> at % 2 == 0 ? Double.NaN : 5 * at, at -> 0);
        assertFalse(some.get(0).ok());
        assertEquals(18_000, figure(some, "P1/heap/slope").value(), 1e-6);
    }

    @Test
    void shouldNotMindWhenThingsGetLess()
    {
        assertTrue(judge(at -> 400 - at, at -> 2000 - 10 * at, at -> 0).get(0).ok());
    }

    @Test
    void shouldKeepAllValuesWhenWrittenAsJson()
    {
        final SoakSamples samples = new SoakSamples(List.of(HEAP));
        samples.add(1, new double[] {2.5});
        samples.add(2, new double[] {Double.NaN});

        assertEquals("{\"warmUpS\":10,\"atS\":[1,2],\"series\":[{\"id\":\"heap\",\"name\":\"heap\",\"group\":" +
            "\"Memory\",\"unit\":\"MB\",\"values\":[2.5,null]}]}", samples.toJson(WARM_UP_S));
    }

    private List<Figure> judge(
        final DoubleUnaryOperator handles, final DoubleUnaryOperator heap, final DoubleUnaryOperator letters)
    {
        final SoakSamples samples = new SoakSamples(List.of(HANDLES, HEAP, LETTERS));
        for (int i = 1; i <= SAMPLES; i++)
        {
            samples.add(i, new double[] {
                handles.applyAsDouble(i), heap.applyAsDouble(i), letters.applyAsDouble(i)});
        }
        return verdict.judge(samples);
    }

    private static Figure figure(final List<Figure> figures, final String id)
    {
        return figures.stream().filter(figure -> id.equals(figure.id())).findFirst().orElseThrow();
    }
}
