package io.sluice.perf.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.perf.plot.GrowthChart;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SoakTimelineTest
{
    private static final String SAMPLES = "{\"warmUpS\":1,\"atS\":[1,2.5],\"series\":[" +
        "{\"id\":\"heap\",\"name\":\"heap\",\"group\":\"Memory\",\"unit\":\"MB\",\"values\":[null,7]}," +
        "{\"id\":\"direct\",\"name\":\"direct\",\"group\":\"Memory\",\"unit\":\"MB\",\"values\":[1,1.5]}," +
        "{\"id\":\"p50/low\",\"name\":\"low\",\"group\":\"p50\",\"unit\":\"us\",\"values\":[null,null]}]}";

    @Test
    void shouldDrawAGroupInOnePlotWhenItHasSeveralSeries() throws IOException
    {
        final List<GrowthChart> charts = SoakTimeline.parse("x", SAMPLES).charts();

        assertEquals(1, charts.size(), "a series without a value has no plot");
        assertEquals("Memory during the soak", charts.get(0).title());
        assertEquals(List.of("heap", "direct"),
            charts.get(0).lines().stream().map(GrowthChart.Line::label).collect(Collectors.toList()));
        assertEquals(List.of(2.5), charts.get(0).lines().get(0).points().stream().map(GrowthChart.Point::size)
            .collect(Collectors.toList()));
    }

    @Test
    void shouldRefuseWhenItIsNotWhatASoakWrites()
    {
        assertThrows(IOException.class, () -> SoakTimeline.parse("x", "[]"));
        assertThrows(IOException.class, () -> SoakTimeline.parse("x", "{}"));
        assertThrows(IOException.class, () -> SoakTimeline.parse("x", SAMPLES.replace("[1,2.5]", "[1]")));
        assertThrows(IOException.class, () -> SoakTimeline.parse("x", "{\"atS\":5}"));
        assertThrows(IOException.class, () -> SoakTimeline.parse("x", SAMPLES.substring(0, 60)));
    }
}
