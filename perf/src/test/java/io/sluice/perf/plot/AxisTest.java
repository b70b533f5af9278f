package io.sluice.perf.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class AxisTest
{
    private static final double EXACT = 1e-9;

    @Test
    void shouldHaveRoundTicksFromZeroWhenLinear()
    {
        assertEquals(List.of("0", "20", "40", "60", "80", "100"), labels(axis(100, 6)));
        assertEquals(List.of("0", "2 M", "4 M", "6 M", "8 M"), labels(axis(7_100_000, 6)));
        assertEquals(List.of("0", "0.1", "0.2", "0.3", "0.4"), labels(axis(0.31, 4)));
    }

    @Test
    void shouldReachWhatIsToBeShownWhenLinear()
    {
        for (double most = 0.001; most < 1e9; most *= 1.37)
        {
            final Axis axis = axis(most, 8);
            assertTrue(axis.last() >= most * (1 - EXACT), "up to " + most);
            assertTrue(axis.ticks().size() >= 3 && axis.ticks().size() <= 10, most + ": " + axis.ticks());
        }
    }

    @Test
    void shouldHaveAnAxisWhenThereIsNothingToShow()
    {
        assertEquals(1, axis(0, 4).last());
        assertEquals(0, axis(0, 4).part(Double.NaN));
    }

    @Test
    void shouldHaveWholeDecadesWhenLogarithmic()
    {
        final Axis axis = Axis.logarithmic("time", 0.9, 20_000, Quantity::time);

        assertEquals(List.of("100 ns", "1 µs", "10 µs", "100 µs", "1 ms", "10 ms", "100 ms"), labels(axis));
        assertEquals(0, axis.part(0.1), EXACT);
        assertEquals(0.5, axis.part(100), EXACT);
        assertEquals(1, axis.part(1e12), EXACT);
        assertEquals(0, axis.part(0), EXACT);
    }

    @Test
    void shouldHaveTwoTicksWhenAllValuesAreTheSamePowerOfTen()
    {
        assertEquals(List.of("1 ms", "10 ms"), labels(Axis.logarithmic("", 1000, 1000, Quantity::time)));
    }

    @Test
    void shouldGiveEachNineTheSameRoomWhenOfPercentiles()
    {
        final Axis axis = Axis.percentiles(4);

        assertEquals(List.of("0", "50", "90", "99", "99.9", "99.99"), labels(axis));
        assertEquals(0, axis.part(1), EXACT);
        assertEquals(0.25, axis.part(0.1), EXACT);
        assertEquals(0.5, axis.part(0.01), EXACT);
        assertEquals(1, axis.part(0.0001), EXACT);
    }

    @Test
    void shouldChooseAUnitWhenQuantitiesAreWritten()
    {
        assertEquals("999 ns", Quantity.time(0.999));
        assertEquals("1 µs", Quantity.time(0.9999));
        assertEquals("12.3 ms", Quantity.time(12_345));
        assertEquals("2.5 s", Quantity.time(2_500_000));
        assertEquals("0", Quantity.time(0));
        assertEquals("–", Quantity.time(Double.NaN));
        assertEquals("1 M", Quantity.count(999_999));
        assertEquals("4.84 M", Quantity.count(4_841_830));
        assertEquals("12.5 K", Quantity.count(12_500));
        assertEquals("0.25", Quantity.count(0.25));
        assertEquals("–", Quantity.count(Double.NaN));
    }

    private static Axis axis(final double most, final int count)
    {
        return Axis.linear("some", most, count, Quantity::count);
    }

    private static List<String> labels(final Axis axis)
    {
        return axis.ticks().stream().map(axis::label).collect(Collectors.toList());
    }
}
