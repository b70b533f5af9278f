package io.sluice.perf.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.perf.report.MeasurementException;
import org.junit.jupiter.api.Test;

class RestartTimesTest
{
    private final RestartTimes times = new RestartTimes(
        new int[]{0, 1, 4, 8},
        new long[]{0, 100, 400, 800},
        new double[][]{{1, 1, 1}, {2, 2, 9}, {4, 4, 4}, {4, 5, 50}},
        new double[][]{{1, 1, 1}, {2, 2, 2}, {3, 3, 3}, {6, 6, 6}});

    @Test
    void shouldCompareFromTheFirstLengthThatFillsDedupWhenThereIsOne()
    {
        assertEquals(1, times.reference(100));
        assertEquals(2, times.reference(101));
        assertEquals(2, times.reference(1_000_000), "the one before the longest, where none fills it");
    }

    @Test
    void shouldTakeTheRatioOfMediansWhenComparing()
    {
        assertEquals(5.0 / 4, times.growth(times.clean(), 2));
        assertEquals(2.0, times.growth(times.killed(), 2));
    }

    @Test
    void shouldRefuseWhenThereIsOneLengthOnly()
    {
        final RestartTimes one =
            new RestartTimes(new int[]{1}, new long[]{1}, new double[][]{{1}}, new double[][]{{1}});
        assertThrows(MeasurementException.class, () -> one.reference(1));
    }
}
