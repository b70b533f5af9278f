package io.sluice.perf.report;

import java.util.Map;

/** Where it is written down why a target may be missed: profile, bound, what was tried. Paths in this repository. */
public final class Shortfalls
{
    private static final String ADR = "docs/adr/";
    private static final String PAGE = "docs/performance.md";
    private static final Map<String, String> RECORDS = Map.ofEntries(
        Map.entry("F1", ADR + "0015-pages-ahead.md"),
        Map.entry("F2", ADR + "0018-cost-of-a-publish-call.md"),
        Map.entry("F3", PAGE),
        Map.entry("F4", ADR + "0017-tails-on-two-cores.md"),
        Map.entry("F5", ADR + "0017-tails-on-two-cores.md"),
        Map.entry("F6", ADR + "0008-durable-to-the-device.md"),
        Map.entry("F7", ADR + "0013-reading-and-tailing.md"),
        Map.entry("F8", PAGE),
        Map.entry("F10", ADR + "0016-start-and-footprint.md"),
        Map.entry("F11", PAGE),
        Map.entry("F12", ADR + "0017-tails-on-two-cores.md"),
        Map.entry("D12", ADR + "0017-tails-on-two-cores.md"));

    private Shortfalls()
    {
    }

    /** @return where to read about each headline, by its id. */
    public static Map<String, String> records()
    {
        return RECORDS;
    }

    /**
     * @param headline id of a figure, also one of several of a row, as {@code D12-paired}.
     * @return path of the record, empty if there is none.
     */
    static String recordOf(final String headline)
    {
        final int dash = headline.indexOf('-');
        return RECORDS.getOrDefault(dash < 0 ? headline : headline.substring(0, dash), "");
    }
}
