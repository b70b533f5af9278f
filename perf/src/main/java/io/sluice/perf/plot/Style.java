package io.sluice.perf.plot;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How a side of a comparison looks, wherever it is drawn: a class of the style sheet.
 */
public enum Style
{
    /** Priority CRITICAL, and the first of a row of things that have no colour of their own. */
    CRITICAL,
    /** Priority HIGH. */
    HIGH,
    /** Priority NORMAL. */
    NORMAL,
    /** Priority LOW. */
    LOW,
    /** A fifth thing. */
    FIFTH,
    /** A sixth thing. */
    SIXTH,
    /** What Sluice is measured against. */
    BASELINE,
    /** A second one of these. */
    OTHER_BASELINE,
    /** A third one. */
    THIRD_BASELINE,
    /** What the machine does by itself. */
    MACHINE;

    private static final Map<String, Style> OWN =
        Map.of("critical", CRITICAL, "high", HIGH, "normal", NORMAL, "low", LOW);
    private static final List<Style> BASELINES = List.of(BASELINE, OTHER_BASELINE, THIRD_BASELINE);
    private static final List<Style> ROW = List.of(NORMAL, HIGH, LOW, CRITICAL, FIFTH, SIXTH);

    /** @return the class in the style sheet. */
    public String cssClass()
    {
        return "c-" + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /**
     * A colour for a side of Sluice.
     *
     * @param label of it; a priority has its own.
     * @param index of it among those of the plot.
     * @return the style.
     */
    public static Style of(final String label, final int index)
    {
        return OWN.getOrDefault(label, ROW.get(index % ROW.size()));
    }

    /** @return whether it is one of what Sluice is measured against. */
    public boolean isBaseline()
    {
        return BASELINES.contains(this);
    }

    /**
     * A colour for a side that Sluice is measured against.
     *
     * @param index of it among those of the plot.
     * @return the style.
     */
    public static Style baseline(final int index)
    {
        return BASELINES.get(index % BASELINES.size());
    }
}
