package io.sluice.perf.page;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.perf.plot.Style;
import io.sluice.perf.plot.TimelineChart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code perf stalls} kept of one roll size: each call that stalled or rolled, with its place and time. Immutable.
 *
 * @param path  of the file.
 * @param act   the roll size, in words.
 * @param sides each with its stalls and rolls; the place is in 10^9 bytes that the side had appended.
 */
record StallTimeline(String path, String act, Map<String, List<TimelineChart.Event>> sides)
{
    /** Name of the file. */
    static final String FILE = "stalls-timeline.json";

    private static final JsonFactory JSON = new JsonFactory();
    private static final double BYTES_PER_GB = 1e9;
    private static final List<String> ORDER = List.of("sluice", "bare", "bare-rolling", "memory");
    private static final Map<String, String> NAMES = Map.of(
        "sluice", "Sluice",
        "bare", "bare Chronicle as shipped",
        "bare-rolling", "bare Chronicle, files of the same size",
        "memory", "the same loop without a file");

    /**
     * Read a timeline.
     *
     * @param path of the file.
     * @param text in it.
     * @return one for each roll size.
     * @throws IOException if it is not what {@code perf stalls} writes.
     */
    static List<StallTimeline> parse(final String path, final String text) throws IOException
    {
        final Map<String, Map<String, List<TimelineChart.Event>>> acts = new LinkedHashMap<>();
        try (JsonParser json = JSON.createParser(text))
        {
            if (json.nextToken() != JsonToken.START_ARRAY)
            {
                throw new IOException("not a list of stalls");
            }
            while (json.nextToken() == JsonToken.START_OBJECT)
            {
                readEvent(json, acts);
            }
        }
        final List<StallTimeline> timelines = new ArrayList<>();
        acts.forEach((act, sides) -> timelines.add(new StallTimeline(path, act, sides)));
        return timelines;
    }

    /** @return the plot of it. */
    TimelineChart chart()
    {
        final List<TimelineChart.Lane> lanes = new ArrayList<>();
        sides.forEach((side, events) -> lanes.add(new TimelineChart.Lane(
            NAMES.getOrDefault(side, side),
            "sluice".equals(side) ? Style.NORMAL : Style.baseline(Math.max(0, ORDER.indexOf(side) - 1)),
            events)));
        return new TimelineChart(
            "Append calls over 1 ms, " + act.replace("MB", " MB") + " files",
            "10⁹ bytes that the side has appended, at a steady rate", lanes);
    }

    /** @return place that all lanes reach. */
    double most()
    {
        return sides.values().stream().flatMap(List::stream).mapToDouble(TimelineChart.Event::at).max().orElse(1);
    }

    private static void readEvent(
        final JsonParser json, final Map<String, Map<String, List<TimelineChart.Event>>> acts) throws IOException
    {
        String act = "";
        String side = "";
        long tookUs = 0;
        long bytes = 0;
        boolean isRoll = false;
        while (json.nextToken() != JsonToken.END_OBJECT)
        {
            final String name = json.currentName();
            json.nextToken();
            switch (name)
            {
                case "act" -> act = json.getValueAsString("");
                case "side" -> side = json.getValueAsString("");
                case "tookUs" -> tookUs = json.getValueAsLong();
                case "bytesBefore" -> bytes = json.getValueAsLong();
                case "roll" -> isRoll = json.getValueAsBoolean();
                default -> json.skipChildren();
            }
        }
        if (act.isEmpty() || side.isEmpty())
        {
            throw new IOException("a stall without act or side");
        }
        // Sluice has its lane even if there is nothing in it.
        final Map<String, List<TimelineChart.Event>> sides = acts.computeIfAbsent(act, (key) ->
            new TreeMap<>(Comparator.comparingInt((String name) -> ORDER.contains(name) ? ORDER.indexOf(name) : 9)
                .thenComparing(Comparator.naturalOrder())));
        sides.computeIfAbsent("sluice", (key) -> new ArrayList<>());
        sides.computeIfAbsent(side.replace("." + act, ""), (key) -> new ArrayList<>())
            .add(new TimelineChart.Event(bytes / BYTES_PER_GB, tookUs, isRoll));
    }
}
