package io.sluice.perf.plot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.measure.Histograms;
import java.io.StringReader;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

/** Every plot: well-formed, within its picture, with what it draws in legend and table. */
class ChartTest
{
    private static final Pattern X = Pattern.compile("[ML](-?[0-9.]+) (-?[0-9.]+)");
    private static final double HEIGHT = 600;

    @Test
    void shouldDrawACurveUpToItsLastValueWhenPercentilesArePlotted() throws Exception
    {
        final Histogram many = Histograms.create("many");
        for (int i = 1; i <= 100_000; i++)
        {
            Histograms.record(many, i * 100L);
        }
        final Histogram one = Histograms.create("one");
        Histograms.record(one, 50_000);
        final Markup markup = new Markup();
        new PercentileChart("Latency <1>", List.of(
            new PercentileChart.Curve("critical", Style.CRITICAL, many),
            new PercentileChart.Curve("one value", Style.BASELINE, one))).write(markup);

        final Document document = parse(markup);
        assertEquals("Latency <1>", document.getElementsByTagName("figcaption").item(0).getTextContent());
        assertEquals(2, document.getElementsByTagName("path").getLength());
        assertEquals(2, document.getElementsByTagName("li").getLength());
        final String table = document.getElementsByTagName("table").item(0).getTextContent();
        assertTrue(table.contains("critical1000005 ms9 ms9.9 ms9.99 ms10 ms10 ms"), table);
        assertTrue(table.contains("one value1"), table);
        assertFalse(markup.toString().contains("NaN"), markup.toString());
        assertInside(markup);
    }

    @Test
    void shouldDrawBarsWithSpreadWhenThereIsOne() throws Exception
    {
        final Markup markup = new Markup();
        new BarChart("Rates", "events/s", List.of(
            new BarChart.Bar("sluice", Style.NORMAL, 900_000, 800_000, 1_100_000),
            new BarChart.Bar("a side with a name that is longer than fits", Style.BASELINE, 0, Double.NaN,
                Double.NaN))).write(markup);

        final Document document = parse(markup);
        assertEquals(2, document.getElementsByTagName("rect").getLength());
        assertEquals(1, document.getElementsByTagName("path").getLength());
        final String table = document.getElementsByTagName("table").item(0).getTextContent();
        assertTrue(table.contains("sluice900 K800 K1.1 M"), table);
        assertTrue(table.contains("longer than fits0––"), table);
    }

    @Test
    void shouldDrawALaneForEachSideWhenStallsArePlotted() throws Exception
    {
        final Markup markup = new Markup();
        new TimelineChart("Stalls", "GB", List.of(
            new TimelineChart.Lane("sluice", Style.NORMAL, List.of()),
            new TimelineChart.Lane("bare", Style.BASELINE, List.of(
                new TimelineChart.Event(0.1, 1500, false), new TimelineChart.Event(0.2, 26_000, false),
                new TimelineChart.Event(0.3, 300, true))))).write(markup, 0.5);

        final Document document = parse(markup);
        assertEquals(2, document.getElementsByTagName("path").getLength(), "stalls and rolls of one side");
        final String table = document.getElementsByTagName("table").item(0).getTextContent();
        assertTrue(table.contains("sluice00–0–"), table);
        assertTrue(table.contains("bare2126 ms1300 µs"), table);
    }

    @Test
    void shouldDrawALineWhenSomethingGrows() throws Exception
    {
        final Markup markup = new Markup();
        new GrowthChart("Restart", "files", "ms", List.of(new GrowthChart.Line("clean", Style.NORMAL, List.of(
            new GrowthChart.Point(0, 800, 700, 900), new GrowthChart.Point(16, 900, Double.NaN, Double.NaN)))))
            .write(markup);

        final Document document = parse(markup);
        assertEquals(2, document.getElementsByTagName("circle").getLength());
        assertEquals(2, document.getElementsByTagName("path").getLength(), "the line and one spread");
        assertFalse(markup.toString().contains("NaN"), markup.toString());
        assertInside(markup);
    }

    @Test
    void shouldDrawTimeEvenlyWhenItIsLong() throws Exception
    {
        final List<GrowthChart.Line> lines = List.of(new GrowthChart.Line("heap", Style.NORMAL, List.of(
            new GrowthChart.Point(10, 1, Double.NaN, Double.NaN),
            new GrowthChart.Point(905, 1, Double.NaN, Double.NaN),
            new GrowthChart.Point(1800, 1, Double.NaN, Double.NaN))));

        assertEquals(0.5, middle(new GrowthChart("Memory", "seconds", "MB", lines, true)), 0.001);
        assertTrue(middle(new GrowthChart("Rate", "rules", "MB", lines)) > 0.6, "sizes are drawn by their logarithm");
    }

    // Where the second of three points lies between the first and the last.
    private static double middle(final GrowthChart chart) throws Exception
    {
        final Markup markup = new Markup();
        chart.write(markup);
        final NodeList circles = parse(markup).getElementsByTagName("circle");
        final double[] at = new double[3];
        for (int i = 0; i < at.length; i++)
        {
            at[i] = Double.parseDouble(circles.item(i).getAttributes().getNamedItem("cx").getNodeValue());
        }
        return (at[1] - at[0]) / (at[2] - at[0]);
    }

    @Test
    void shouldRefuseToDrawNothingWhenThereIsNoValue()
    {
        final Histogram empty = Histograms.create("empty");
        final List<PercentileChart.Curve> curves =
            List.of(new PercentileChart.Curve("empty", Style.NORMAL, empty));

        assertThrows(IllegalArgumentException.class, () -> new PercentileChart("x", curves));
        assertThrows(IllegalArgumentException.class, () -> new PercentileChart("x", List.of()));
        assertThrows(IllegalArgumentException.class, () -> new BarChart("x", "us", List.of()));
        assertThrows(IllegalArgumentException.class, () -> new TimelineChart("x", "y", List.of()));
        assertThrows(IllegalArgumentException.class, () -> new GrowthChart("x", "y", "ms", List.of()));
    }

    @Test
    void shouldLookDifferentWhenSidesAreCompared()
    {
        assertEquals(Style.CRITICAL, Style.of("critical", 2));
        assertEquals(Style.LOW, Style.of("low", 0));
        assertEquals(6, java.util.stream.IntStream.range(0, 6).mapToObj((i) -> Style.of("x", i)).distinct().count());
        assertEquals(3, java.util.stream.IntStream.range(0, 3).mapToObj(Style::baseline).distinct().count());
        assertTrue(Style.baseline(1).isBaseline());
        assertEquals("c-other-baseline", Style.OTHER_BASELINE.cssClass());
    }

    private static void assertInside(final Markup markup)
    {
        final Matcher matcher = X.matcher(markup.toString());
        while (matcher.find())
        {
            final double x = Double.parseDouble(matcher.group(1));
            final double y = Double.parseDouble(matcher.group(2));
            assertTrue(x >= 0 && x <= ChartFrame.WIDTH && y >= 0 && y <= HEIGHT, matcher.group());
        }
    }

    private static Document parse(final Markup markup) throws Exception
    {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder()
            .parse(new InputSource(new StringReader(markup.toString())));
    }
}
