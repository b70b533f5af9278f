package io.sluice.perf.page;

import io.sluice.perf.plot.BarChart;
import io.sluice.perf.plot.GrowthChart;
import io.sluice.perf.plot.Markup;
import io.sluice.perf.plot.PercentileChart;
import io.sluice.perf.report.Figure;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One page for all results: the host, the verdicts, and for each figure its plots and details. Not thread-safe. */
final class ReportPage
{
    private static final String STYLE = "report.css";
    private static final String SOAK = "P1";
    // An explanation of a shortfall has a line for each of its parts.
    private static final Pattern PARTS = Pattern.compile("; (?=profile: |bound: |see docs/)");

    private final Results results;
    private final Map<String, List<Results.Row>> rows;
    private final Map<String, List<PercentileChart>> curves = new LinkedHashMap<>();
    private final Markup markup = new Markup();

    /**
     * @param results to show.
     */
    ReportPage(final Results results)
    {
        this.results = results;
        rows = results.rows();
        for (final Results.HistogramFile file : results.histograms())
        {
            CurveRules.charts(file).forEach((figure, charts) ->
                curves.computeIfAbsent(figure, (key) -> new ArrayList<>()).addAll(charts));
        }
    }

    /**
     * Write it.
     *
     * @param title of the page.
     * @return the HTML.
     */
    String write(final String title)
    {
        markup.begin("html", "lang", "en").begin("head")
            .empty("meta", "charset", "utf-8")
            .empty("meta", "name", "viewport", "content", "width=device-width, initial-scale=1")
            .element("title", title)
            .element("style", style())
            .end().begin("body").begin("main");
        writeHead(title);
        writeVerdicts();
        rows.keySet().forEach(this::writeFigure);
        final Set<String> without = new LinkedHashSet<>(curves.keySet());
        if (results.timelines().size() > 0)
        {
            without.add("F3");
        }
        if (results.soaks().size() > 0)
        {
            without.add(SOAK);
        }
        without.removeAll(rows.keySet());
        without.forEach(this::writeFigure);
        markup.begin("footer").element("p", "Raw histograms (.hlog) and JSON lie beside this page; every number on " +
            "it comes from them. Latencies of events begin when an event should have been published.").end();
        markup.end().end().end();
        return "<!DOCTYPE html>\n" + markup + "\n";
    }

    private void writeHead(final String title)
    {
        markup.begin("header").element("h1", title);
        final List<Figure> headlines = headlines().stream().map(Results.Row::figure).collect(Collectors.toList());
        final long met = headlines.stream().filter(Figure::ok).count();
        if (!headlines.isEmpty())
        {
            markup.element("p", met + " of " + headlines.size() + " targets met", "class",
                met == headlines.size() ? "summary ok" : "summary missed");
        }
        final List<Results.Report> outermost = results.outermost();
        final List<String> warnings = new ArrayList<>();
        for (final Results.Report report : outermost)
        {
            report.file().warnings().forEach((warning) ->
                warnings.add("Warning: " + (outermost.size() > 1 ? report.path() + ": " : "") + warning));
        }
        results.problems().forEach((problem) -> warnings.add("Not read: " + problem));
        if (!warnings.isEmpty())
        {
            markup.begin("ul", "class", "warning");
            warnings.forEach((warning) -> markup.element("li", warning));
            markup.end();
        }
        if (!outermost.isEmpty())
        {
            writeHost(outermost.get(0).file().host());
        }
        markup.end();
    }

    private void writeHost(final Map<String, Object> host)
    {
        markup.begin("dl", "class", "host");
        host.forEach((name, value) ->
        {
            if (!"warnings".equals(name))
            {
                final String text = value instanceof List ? ((List<?>)value).stream()
                    .map(Object::toString).collect(Collectors.joining(" ")) : value.toString();
                final String words = name.replaceAll("(?=[A-Z])", " ").toLowerCase(Locale.ROOT).replace(" mb", ", MB");
                markup.begin("div").element("dt", words).element("dd", text).end();
            }
        });
        markup.end();
    }

    private List<Results.Row> headlines()
    {
        return rows.values().stream().flatMap(List::stream)
            .filter((row) -> row.figure().isHeadline()).collect(Collectors.toList());
    }

    private void writeVerdicts()
    {
        final List<Results.Row> headlines = headlines();
        if (headlines.isEmpty())
        {
            return;
        }
        markup.begin("section").element("h2", "Targets").begin("div", "class", "scroll").begin("table", "class",
            "verdicts").begin("thead").begin("tr");
        List.of("", "verdict", "measured", "target", "baseline", "what, and what repeats it")
            .forEach((word) -> markup.element("th", word));
        markup.end().end().begin("tbody");
        for (final Results.Row row : headlines)
        {
            final Figure figure = row.figure();
            markup.begin("tr").begin("th", "scope", "row").element("a", figure.id(), "href", "#" + anchor(figure.id()))
                .end();
            markup.begin("td").element("span", verdict(figure), "class", "verdict " + verdictClass(figure)).end();
            markup.element("td", value(figure.value(), figure.unit()), "class", "number")
                .element("td", figure.target())
                .element("td", value(figure.baseline(), figure.unit()), "class", "number");
            markup.begin("td", "class", "what").element("p", figure.name());
            final String why = figure.why().replaceAll("(; )?repeat: .*", "");
            if (!why.isEmpty())
            {
                PARTS.splitAsStream(why).forEach((part) -> markup.element("p", part, "class", "why"));
            }
            writeCommand(row);
            markup.end().end();
        }
        markup.end().end().end().end();
    }

    private void writeCommand(final Results.Row row)
    {
        final int note = row.figure().why().indexOf("repeat: ");
        final String command = note < 0 ? row.command() : row.figure().why().substring(note + "repeat: ".length());
        if (!command.isEmpty())
        {
            markup.begin("p").element("code", command).end();
        }
    }

    private void writeFigure(final String id)
    {
        final List<Results.Row> all = rows.getOrDefault(id, List.of());
        final List<Figure> figures = all.stream().map(Results.Row::figure).collect(Collectors.toList());
        markup.begin("section", "id", anchor(id)).element("h2", "other".equals(id) ? "Further histograms" :
            FigureTitles.of(id));
        LatencyTables.write(figures, markup);
        markup.begin("div", "class", "charts");
        for (final BarChart chart : FigureCharts.bars(figures))
        {
            chart.write(markup);
        }
        if ("F11".equals(id))
        {
            for (final GrowthChart chart : FigureCharts.growth(figures))
            {
                chart.write(markup);
            }
        }
        if ("F3".equals(id))
        {
            for (final StallTimeline timeline : results.timelines())
            {
                timeline.chart().write(markup, timeline.most());
            }
        }
        if (SOAK.equals(id))
        {
            for (final SoakTimeline soak : results.soaks())
            {
                soak.charts().forEach((chart) -> chart.write(markup));
            }
        }
        for (final PercentileChart chart : curves.getOrDefault(id, List.of()))
        {
            chart.write(markup);
        }
        markup.end();
        writeDetails(all);
        markup.end();
    }

    private void writeDetails(final List<Results.Row> all)
    {
        final List<Results.Row> details =
            all.stream().filter((row) -> !row.figure().isHeadline()).collect(Collectors.toList());
        if (details.isEmpty())
        {
            return;
        }
        markup.begin("details").element("summary", details.size() + " details")
            .begin("div", "class", "scroll").begin("table").begin("thead").begin("tr");
        List.of("", "", "measured", "target", "baseline", "what").forEach((word) -> markup.element("th", word));
        markup.end().end().begin("tbody");
        for (final Results.Row row : details)
        {
            final Figure figure = row.figure();
            markup.begin("tr").element("th", figure.id(), "scope", "row");
            markup.begin("td");
            if (!figure.target().isEmpty() || !figure.ok())
            {
                markup.element("span", verdict(figure), "class", "verdict " + verdictClass(figure));
            }
            markup.end().element("td", value(figure.value(), figure.unit()), "class", "number")
                .element("td", figure.target())
                .element("td", value(figure.baseline(), figure.unit()), "class", "number")
                .element("td", figure.why().isEmpty() ? figure.name() : figure.name() + ": " + figure.why(),
                    "class", "what").end();
        }
        markup.end().end().end().end();
    }

    private static String verdict(final Figure figure)
    {
        return figure.ok() ? "met" : figure.isWrong() ? "wrong" : "missed";
    }

    private static String verdictClass(final Figure figure)
    {
        return figure.ok() ? "ok" : figure.isWrong() ? "wrong" : "missed";
    }

    private static String anchor(final String id)
    {
        return id.replaceAll("[^A-Za-z0-9]", "-");
    }

    private static String value(final double value, final String unit)
    {
        if (Double.isNaN(value))
        {
            return "–";
        }
        final String number = Math.abs(value) >= 10_000 ?
            String.format(Locale.ROOT, "%,d", Math.round(value)) : Figure.plain(value);
        return "us".equals(unit) ? number + " µs" : number + " " + unit;
    }

    private static String style()
    {
        try (InputStream in = ReportPage.class.getResourceAsStream(STYLE))
        {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
