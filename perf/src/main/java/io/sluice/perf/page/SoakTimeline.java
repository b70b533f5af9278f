package io.sluice.perf.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.perf.plot.GrowthChart;
import io.sluice.perf.plot.Style;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What {@code perf soak} kept of its samples: series in groups, each group a plot over time. Immutable.
 *
 * @param path   of the file.
 * @param atS    seconds since the start, of all samples.
 * @param series in their order.
 */
record SoakTimeline(String path, List<Double> atS, List<Line> series)
{
    /** Name of the file. */
    static final String FILE = "soak-timeline.json";

    private static final JsonFactory JSON = new JsonFactory();

    /**
     * One thing that was looked at.
     *
     * @param name   of it.
     * @param group  of the plot.
     * @param unit   of the values.
     * @param values one for each sample, NaN where there was none.
     */
    record Line(String name, String group, String unit, List<Double> values)
    {
    }

    /**
     * Read a timeline.
     *
     * @param path of the file.
     * @param text in it.
     * @return the timeline.
     * @throws IOException if it is not what {@code perf soak} writes.
     */
    static SoakTimeline parse(final String path, final String text) throws IOException
    {
        final List<Double> atS = new ArrayList<>();
        final List<Line> series = new ArrayList<>();
        try (JsonParser json = JSON.createParser(text))
        {
            if (json.nextToken() != JsonToken.START_OBJECT)
            {
                throw new IOException("not the samples of a soak");
            }
            while (json.nextToken() == JsonToken.FIELD_NAME)
            {
                final String name = json.currentName();
                json.nextToken();
                switch (name)
                {
                    case "atS" -> atS.addAll(readNumbers(json));
                    case "series" -> readSeries(json, series);
                    default -> json.skipChildren();
                }
            }
        }
        if (series.isEmpty() || series.stream().anyMatch((line) -> line.values().size() != atS.size()))
        {
            throw new IOException("a soak without series, or one that has not a value for each time");
        }
        return new SoakTimeline(path, List.copyOf(atS), List.copyOf(series));
    }

    /** @return a plot for each group. */
    List<GrowthChart> charts()
    {
        final Map<String, List<Line>> groups = new LinkedHashMap<>();
        series.forEach((line) -> groups.computeIfAbsent(line.group(), (group) -> new ArrayList<>()).add(line));
        final List<GrowthChart> charts = new ArrayList<>();
        groups.forEach((group, members) ->
        {
            final List<GrowthChart.Line> lines = new ArrayList<>();
            for (final Line member : members)
            {
                final List<GrowthChart.Point> points = points(member);
                if (!points.isEmpty())
                {
                    lines.add(new GrowthChart.Line(member.name(), Style.of(member.name(), lines.size()), points));
                }
            }
            if (!lines.isEmpty())
            {
                charts.add(new GrowthChart(group + " during the soak", "seconds", members.get(0).unit(), lines, true));
            }
        });
        return charts;
    }

    private List<GrowthChart.Point> points(final Line line)
    {
        final List<GrowthChart.Point> points = new ArrayList<>();
        for (int i = 0; i < atS.size(); i++)
        {
            if (!Double.isNaN(line.values().get(i)))
            {
                points.add(new GrowthChart.Point(atS.get(i), line.values().get(i), Double.NaN, Double.NaN));
            }
        }
        return points;
    }

    private static void readSeries(final JsonParser json, final List<Line> series) throws IOException
    {
        while (json.nextToken() == JsonToken.START_OBJECT)
        {
            String name = "";
            String group = "";
            String unit = "";
            List<Double> values = List.of();
            while (json.nextToken() == JsonToken.FIELD_NAME)
            {
                final String field = json.currentName();
                json.nextToken();
                switch (field)
                {
                    case "name" -> name = json.getValueAsString("");
                    case "group" -> group = json.getValueAsString("");
                    case "unit" -> unit = json.getValueAsString("");
                    case "values" -> values = readNumbers(json);
                    default -> json.skipChildren();
                }
            }
            series.add(new Line(name, group, unit, values));
        }
    }

    private static List<Double> readNumbers(final JsonParser json) throws IOException
    {
        final List<Double> numbers = new ArrayList<>();
        if (json.currentToken() != JsonToken.START_ARRAY)
        {
            throw new IOException("not a list of numbers");
        }
        while (json.nextToken() != JsonToken.END_ARRAY)
        {
            numbers.add(json.currentToken() == JsonToken.VALUE_NULL ? Double.NaN : json.getDoubleValue());
        }
        return numbers;
    }
}
