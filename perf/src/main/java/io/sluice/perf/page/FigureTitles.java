package io.sluice.perf.page;

import java.util.Comparator;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What the figures are about, and in which order people want them. */
final class FigureTitles
{
    /** F1, F2, … F10, then what is named otherwise, by its letters. */
    static final Comparator<String> ORDER = Comparator
        .comparing((String id) -> !id.matches("F\\d+"))
        .thenComparing((id) -> id.replaceAll("\\d.*", ""))
        .thenComparingInt(FigureTitles::number)
        .thenComparing(Comparator.naturalOrder());

    private static final Pattern NUMBER = Pattern.compile("\\d{1,8}");
    private static final Map<String, String> TITLES = Map.ofEntries(
        Map.entry("F1", "Throughput, publish to handled"),
        Map.entry("F2", "What a publish call costs its caller"),
        Map.entry("F3", "Stalls of the appending thread"),
        Map.entry("F4", "Latency at fixed rates, open loop"),
        Map.entry("F5", "CRITICAL beside a flood"),
        Map.entry("F6", "Durable to the device (SYNCED)"),
        Map.entry("F7", "Tail and replay"),
        Map.entry("F8", "Allocation on the path of an event"),
        Map.entry("F9", "More than fits: overload and bursts"),
        Map.entry("F9-burst", "More than fits for a moment"),
        Map.entry("F10", "Start and footprint"),
        Map.entry("F11", "Growth"),
        Map.entry("F12", "Peers"),
        Map.entry("JMH", "Mechanisms, one by one"),
        Map.entry("TABLE", "Latency by priority, load, durability and threading mode"),
        Map.entry("P1", "Soak: whether anything grows with time"),
        Map.entry("P1-account", "Soak: each event accounted for"));

    private FigureTitles()
    {
    }

    /**
     * @param id of a headline figure.
     * @return id and title.
     */
    static String of(final String id)
    {
        return TITLES.containsKey(id) ? id + " · " + TITLES.get(id) : id;
    }

    private static int number(final String id)
    {
        final Matcher matcher = NUMBER.matcher(id);
        return matcher.find() ? Integer.parseInt(matcher.group()) : 0;
    }
}
