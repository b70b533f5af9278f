package io.sluice.perf.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class SpreadTest
{
    @Test
    void shouldTakeTheMiddleWhenRoundsDiffer()
    {
        assertEquals(2, Spread.of(3, 1, 2).median());
        assertEquals(2.5, Spread.of(4, 1, 2, 3).median());
        assertEquals(1, Spread.of(3, 1, 2).min());
        assertEquals(3, Spread.of(3, 1, 2).max());
    }

    @Test
    void shouldDivideRoundByRoundWhenTheMachineChangesSpeed()
    {
        // Everything is ten times slower in the second round: the ratio does not change.
        final Spread ratios = Spread.ratios(new double[]{200, 20, 200}, new double[]{100, 10, 100});

        assertEquals(2, ratios.min());
        assertEquals(2, ratios.max());
        assertThrows(IllegalArgumentException.class, () -> Spread.ratios(new double[1], new double[2]));
        assertThrows(IllegalArgumentException.class, Spread::of);
    }

    @Test
    void shouldEndWarmUpWhenTwoRoundsAreAlike()
    {
        final SteadyState steady = new SteadyState(0.05, 10);

        assertTrue(steady.goesOn(100));
        assertTrue(steady.goesOn(200));
        assertFalse(steady.goesOn(205));
        assertTrue(steady.isSteady());
        assertEquals(3, steady.rounds());
    }

    @Test
    void shouldEndWarmUpWhenItNeverGetsSteady()
    {
        final SteadyState steady = new SteadyState(0.05, 3);

        assertTrue(steady.goesOn(100));
        assertTrue(steady.goesOn(200));
        assertFalse(steady.goesOn(400));
        assertFalse(steady.isSteady());
    }

    @Test
    void shouldClampWhenATimeIsOutOfRange()
    {
        final Histogram histogram = Histograms.create("x");

        Histograms.record(histogram, -5);
        Histograms.record(histogram, Long.MAX_VALUE);

        assertEquals(2, histogram.getTotalCount());
        assertEquals(0, histogram.getMinValue());
    }

    @Test
    void shouldLeaveNoThreadWhenTheHiccupMeterStops()
    {
        final HiccupMeter meter = HiccupMeter.start();

        final Histogram hiccups = meter.stop();

        assertEquals("hiccup", hiccups.getTag());
        assertTrue(
            Thread.getAllStackTraces().keySet().stream().noneMatch((thread) -> thread.getName().equals("perf-hiccup")));
    }

    @Test
    void shouldFindWhatItWroteWhenATextHasASpreadInIt()
    {
        final Spread read = Spread.parse("sluice-shared-claim, " + Spread.of(3, 0.5, 7) + "; more").orElseThrow();

        assertEquals(0.5, read.min());
        assertEquals(7, read.max());
        assertTrue(Spread.parse("no spread").isEmpty());
        assertTrue(Spread.parse("median of 2, - to -").isEmpty());
    }
}
