package io.sluice.perf.jmh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.measure.Spread;
import io.sluice.perf.report.Figure;
import java.util.List;
import org.junit.jupiter.api.Test;

class JmhFiguresTest
{
    @Test
    void shouldTellTimeSpreadAndBytesWhenAllAreKnown()
    {
        final JmhFigures figures = new JmhFigures("claim/ring", 12.5, 0.5, Spread.of(12, 12.5, 13), 1e-6);

        assertEquals("claim/ring                          12.50 ns/op ±       0.50            0 B/op", figures.line());
        final List<Figure> details = figures.figures();
        assertEquals("JMH/claim/ring", details.get(0).id());
        assertEquals("median of 3, 12 to 13, mean ± 0.5 (99.9 %)", details.get(0).why());
        assertEquals("JMH/claim/ring/bytes", details.get(1).id());
        assertEquals(0, details.get(1).value());
        assertTrue(details.stream().allMatch((figure) -> figure.ok() && figure.target().isEmpty()));
    }

    @Test
    void shouldLeaveOutWhatNobodyKnowsWhenThereIsOneIteration()
    {
        final JmhFigures figures = new JmhFigures("x", 1, Double.NaN, Spread.of(1), 24);

        assertTrue(figures.line().contains("±          -"), figures.line());
        assertEquals("median of 1, 1 to 1", figures.figures().get(0).why());
    }
}
