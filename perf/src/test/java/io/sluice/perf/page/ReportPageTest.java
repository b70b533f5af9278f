package io.sluice.perf.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.measure.Histograms;
import io.sluice.perf.plot.BarChart;
import io.sluice.perf.plot.GrowthChart;
import io.sluice.perf.plot.PercentileChart;
import io.sluice.perf.plot.Style;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import io.sluice.perf.report.RawOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From files, as commands of the harness leave them, to a page. */
class ReportPageTest
{
    private static final String TIMELINE = "[" +
        "{\"act\":\"100MB\",\"side\":\"bare.100MB\",\"atUs\":5,\"tookUs\":26000,\"bytesBefore\":8000000," +
        "\"roll\":false}," +
        "{\"act\":\"100MB\",\"side\":\"bare.100MB\",\"atUs\":9,\"tookUs\":900,\"bytesBefore\":9000000,\"roll\":true}," +
        "{\"act\":\"1000MB\",\"side\":\"bare-rolling.1000MB\",\"atUs\":9,\"tookUs\":1900,\"bytesBefore\":7," +
        "\"roll\":false}]";

    @TempDir
    private Path directory;

    @Test
    void shouldNeedNothingElseWhenItIsLookedAt() throws IOException
    {
        fill();

        final String page = page();

        assertTrue(page.startsWith("<!DOCTYPE html>\n<html lang=\"en\">"), page.substring(0, 40));
        assertTrue(page.contains("<meta charset=\"utf-8\"/>"));
        assertTrue(page.contains("prefers-color-scheme: dark"));
        for (final String foreign : List.of("http:", "https:", "<script", "src=", "@import", "url(", "<link"))
        {
            assertFalse(page.contains(foreign), foreign);
        }
        assertFalse(Pattern.compile("href=\"(?!#)").matcher(page).find(), "a link that leaves the page");
    }

    @Test
    void shouldShowVerdictsPlotsAndCommandsWhenThereAreResults() throws IOException
    {
        fill();

        final String page = page();

        assertTrue(page.contains("1 of 3 targets met"), page);
        assertTrue(page.contains("<code>./sluice perf latency --rates 2000</code>"), page);
        assertTrue(page.contains("Intended publish time to handled, 256 B at 2000 events/s"), page);
        assertTrue(page.contains("hand-wired Disruptor and Chronicle"), page);
        assertTrue(page.contains("Append calls over 1 ms, 100 MB files"), page);
        assertTrue(page.contains("Events per second, median and spread"), page);
        assertTrue(page.contains("Warning: 1 cores") || page.contains("busy threads"), page);
        assertTrue(page.contains("class=\"verdict wrong\">wrong"), page);
    }

    @Test
    void shouldEscapeWhenFilesHoldMarkup() throws IOException
    {
        write("x/throughput.json", report("x").add(
            Figure.atLeast("F1<script>", "<img src=x onerror=alert(1)>", 1, "\"'&", 1, Double.NaN, "</td>")));
        final Histogram histogram = Histograms.create("<b>tag");
        Histograms.record(histogram, 1000);
        new RawOutput(directory, 0).writeHistograms("odd", List.of(histogram));

        final String page = page();

        assertFalse(page.contains("<script") || page.contains("<img") || page.contains("<b>"), page);
        assertTrue(page.contains("&lt;img src=x onerror=alert(1)&gt;"), page);
        assertTrue(page.contains("&lt;b&gt;tag"), page);
    }

    @Test
    void shouldTakeFiguresFromTheirCommandsWhenTheyWerePutTogether() throws IOException
    {
        final Figure figure = Figure.atLeast("F1", "rate", 2, "x", 1, Double.NaN, "");
        write("core.json", report("./sluice perf core").add(figure.noted("repeat: ./sluice perf throughput"))
            .add(Figure.detail("F3", "not measured", Double.NaN, "").missed("too long; repeat: ./sluice perf stalls")));
        write("throughput/throughput.json", report("./sluice perf throughput").add(figure));
        write("elsewhere/alloc.json", report("./sluice perf alloc").add(
            Figure.atMost("F8", "bytes", 0, "B", 0, Double.NaN, "")));

        final Results results = ResultDirectory.read(directory);

        assertEquals(List.of("F1", "F3", "F8"), new ArrayList<>(results.rows().keySet()));
        assertEquals(1, results.rows().get("F1").size());
        assertEquals("./sluice perf throughput", results.rows().get("F1").get(0).command());
        assertEquals(List.of("core.json"), results.outermost().stream().map(Results.Report::path)
            .collect(Collectors.toList()));
        final String page = new ReportPage(results).write("x");
        assertTrue(page.contains("<code>./sluice perf stalls</code>"), page);
    }

    @Test
    void shouldGiveEachPartOfAnExplanationALineWhenATargetIsMissed() throws IOException
    {
        write("core.json", report("./sluice perf core")
            .explain("F1", "engine 2 us; preparer 1 us", "2 M/s")
            .add(Figure.atLeast("F1", "rate", 1, "x", 2, Double.NaN, "median of 5")));

        final String page = new ReportPage(ResultDirectory.read(directory)).write("x");

        for (final String part : List.of("median of 5", "profile: engine 2 us; preparer 1 us", "bound: 2 M/s",
            "see docs/adr/0015-pages-ahead.md"))
        {
            assertTrue(page.contains("<p class=\"why\">" + part + "</p>"), page);
        }
    }

    @Test
    void shouldTellWhatItCouldNotReadWhenFilesAreDamaged() throws IOException
    {
        fill();
        Files.writeString(directory.resolve("broken.json"), "{\"ok\":tru");
        Files.writeString(directory.resolve("empty.hlog"), "");
        Files.writeString(directory.resolve("odd.hlog"), "Tag=x,0.1,0.2,0.3,notBase64!\n");
        Files.createDirectories(directory.resolve("y"));
        Files.writeString(directory.resolve("y/stalls-timeline.json"), "{}");
        Files.createDirectories(directory.resolve("scratch-0-x"));
        Files.writeString(directory.resolve("scratch-0-x/left.json"), "{");

        final Results results = ResultDirectory.read(directory);

        assertEquals(4, results.problems().size(), results.problems().toString());
        final String page = new ReportPage(results).write("x");
        assertTrue(page.contains("Not read: broken.json"), page);
        assertTrue(page.contains("Not read: odd.hlog"), page);
    }

    @Test
    void shouldBeEmptyWhenThereAreNoResults() throws IOException
    {
        Files.writeString(directory.resolve("other.json"), "{\"ok\":true}");
        Files.writeString(directory.resolve("notes.txt"), "x");

        assertTrue(ResultDirectory.read(directory).isEmpty());
    }

    @Test
    void shouldPutSidesTogetherWhenHistogramsAreSorted() throws IOException
    {
        fill();

        final Map<String, List<PercentileChart>> charts =
            CurveRules.charts(ResultDirectory.read(directory).histograms().get(0));

        assertEquals(List.of("F4", "F5"), new ArrayList<>(charts.keySet()));
        final PercentileChart latency = charts.get("F4").get(0);
        assertEquals(
            List.of("critical", "low", "hand-wired Disruptor and Chronicle", "hiccups of the machine"),
            latency.curves().stream().map(PercentileChart.Curve::label).collect(Collectors.toList()));
        assertEquals(List.of(Style.CRITICAL, Style.LOW, Style.BASELINE, Style.MACHINE),
            latency.curves().stream().map(PercentileChart.Curve::style).collect(Collectors.toList()));
        assertEquals(4, latency.curves().get(0).histogram().getTotalCount(), "both lines of the tag");
    }

    @Test
    void shouldDrawRatesWithTheirSpreadWhenFiguresHaveThem()
    {
        final List<BarChart> charts = FigureCharts.bars(List.of(
            Figure.detail("F6", "rate", 5, "events/s"),
            new Figure("F6/aeron-archive/rate", "x", 5, "events/s", "", 1, true, "median of 3, 4 to 6"),
            new Figure("F6/pipelined/rate", "x", 7, "events/s", "", 1, true, "no spread"),
            Figure.detail("F6/none/rate", "x", Double.NaN, "events/s"),
            Figure.detail("F6/capacity", "x", 1, "events/s")));

        assertEquals(1, charts.size());
        assertEquals(List.of(
            new BarChart.Bar("aeron-archive", Style.BASELINE, 5, 4, 6),
            new BarChart.Bar("pipelined", Style.NORMAL, 7, Double.NaN, Double.NaN)), charts.get(0).bars());
    }

    @Test
    void shouldDrawGrowthWhenFiguresWereMeasuredAtSeveralSizes()
    {
        final List<GrowthChart> charts = FigureCharts.growth(List.of(
            Figure.detail("F11/restart/16-files/clean", "x", 9, "ms"),
            Figure.detail("F11/restart/0-files/clean", "x", 8, "ms"),
            Figure.detail("F11/restart/0-files/killed", "x", 8, "ms"),
            Figure.detail("F11/other", "x", 8, "ms")));

        assertEquals(1, charts.size());
        assertEquals("files", charts.get(0).xTitle());
        assertEquals(1, charts.get(0).lines().size(), "one point is no line");
        assertEquals("restart/clean", charts.get(0).lines().get(0).label());
        assertEquals(List.of(0.0, 16.0), charts.get(0).lines().get(0).points().stream()
            .map(GrowthChart.Point::size).collect(Collectors.toList()));
    }

    @Test
    void shouldDrawACurveWhenItHasANameOfItsOwn()
    {
        final List<Figure> figures = List.of(
            Figure.detail("F11/journal/0/rate", "x", 9, "events/s"),
            Figure.detail("F11/journal/640/rate", "x", 8, "events/s"),
            new Figure("F11/journal/640/of-first", "x", 0.9, "x", ">= 0.9", 1, true, "median of 3, 0.8 to 1"),
            Figure.detail("F11/publishers/1", "x", 8, "events/s"),
            new Figure("F11/publishers/8", "x", 9, "events/s", "", 8, true, "median of 3, 7 to 11"));

        final List<GrowthChart> charts = FigureCharts.growth(figures);

        assertEquals(List.of("events in the journal", "publishers"),
            charts.stream().map(GrowthChart::xTitle).collect(Collectors.toList()), "one ratio is no line");
        assertEquals(List.of("rate", "publishers"),
            charts.stream().map((chart) -> chart.lines().get(0).label()).collect(Collectors.toList()));
        assertEquals(new GrowthChart.Point(8, 9, 7, 11), charts.get(1).lines().get(0).points().get(1));
        assertEquals(List.of(), FigureCharts.bars(figures), "points of a curve are no bars");
    }

    @Test
    void shouldOrderFiguresByNumberWhenTheyAreShown()
    {
        final List<String> ids = new ArrayList<>(List.of("J1", "F10", "D12-paired", "F2", "C7-starvation", "F1", "D3"));
        ids.sort(FigureTitles.ORDER);

        assertEquals(List.of("F1", "F2", "F10", "C7-starvation", "D3", "D12-paired", "J1"), ids);
    }

    // What commands leave: figures, histograms with a tag twice, a timeline.
    private void fill() throws IOException
    {
        write("latency/latency.json", report("./sluice perf latency --rates 2000")
            .add(Figure.atMost("F4", "missed conditions", 1, "missed", 0, Double.NaN, "see below"))
            .add(Figure.atMost("F4/256B/2000/p50", "median", 40, "us", 100, Double.NaN, ""))
            .add(Figure.atLeast("F1", "rate", 2_000_000, "events/s", 1, 3, "median of 3, 1 to 3"))
            .add(new Figure("F1/bare", "rate", 3, "events/s", "", 3, true, "median of 3, 2 to 4"))
            .add(new Figure("F1/sluice", "rate", 2, "events/s", "", 3, true, "median of 3, 1 to 3"))
            .add(Figure.detail("F8", "bytes", 1, "B").failed("lost one")));
        final List<Histogram> histograms = new ArrayList<>();
        for (final String tag : List.of("sluice.256B.2000.critical", "sluice.256B.2000.critical",
            "sluice.256B.2000.low", "hand-wired.256B.2000", "critical.unloaded", "critical.flooded", "F4.256B.2000.all",
            "hiccup"))
        {
            final Histogram histogram = Histograms.create(tag);
            Histograms.record(histogram, 40_000);
            Histograms.record(histogram, 4_000_000);
            histograms.add(histogram);
        }
        histograms.add(Histograms.create("sluice.256B.2000.high"));
        new RawOutput(directory.resolve("latency"), 0).writeHistograms("latency", histograms);
        Files.createDirectories(directory.resolve("stalls"));
        Files.writeString(directory.resolve("stalls/stalls-timeline.json"), TIMELINE);
    }

    private FigureReport report(final String command)
    {
        return new FigureReport(HostFacts.gather(directory, 1000, "default", "SHARED")).repeatedBy(command);
    }

    private void write(final String path, final FigureReport report) throws IOException
    {
        Files.createDirectories(directory.resolve(path).getParent());
        Files.writeString(directory.resolve(path), report.toJson());
    }

    private String page()
    {
        return new ReportPage(ResultDirectory.read(directory)).write("Sluice, measured");
    }
}
