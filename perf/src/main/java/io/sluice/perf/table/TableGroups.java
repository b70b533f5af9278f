package io.sluice.perf.table;

import io.sluice.perf.plot.Quantity;
import io.sluice.perf.report.Figure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The figures of {@code perf table} as people want them: a table for each durability and threading mode, a row for each
 * load and priority.
 */
public final class TableGroups
{
    /** Headline of the figures. */
    public static final String ID = "TABLE";
    /** Names of the columns. */
    public static final List<String> COLUMNS = List.of("load", "offered", "priority", "refused",
        "handled p50", "p99", "p99.9", "p99.99", "max", "acknowledged p50", "p99", "p99.9", "p99.99", "max");

    private static final Pattern GROUP = Pattern.compile(ID + "/(\\w+)/(\\w+)/capacity");
    private static final Pattern ROW = Pattern.compile(ID + "/(\\w+)/(\\w+)/(\\d+)/(\\w+)/offered");
    private static final List<String> PERCENTILES = List.of("p50", "p99", "p99.9", "p99.99", "max");
    private static final double KEPT = 0.98;
    private static final double PERCENT = 100;

    private final Map<String, Double> values = new LinkedHashMap<>();

    /**
     * One table.
     *
     * @param title of it.
     * @param rows  texts, in the order of the columns.
     */
    public record Group(String title, List<List<String>> rows)
    {
    }

    private TableGroups(final List<Figure> figures)
    {
        figures.forEach((figure) -> values.put(figure.id(), figure.value()));
    }

    /**
     * Sort figures into tables.
     *
     * @param figures of a report; others than those of the table are left out.
     * @return the tables, in the order of the figures.
     */
    public static List<Group> of(final List<Figure> figures)
    {
        final TableGroups all = new TableGroups(figures);
        final List<Group> groups = new ArrayList<>();
        for (final Figure figure : figures)
        {
            final Matcher matcher = GROUP.matcher(figure.id());
            if (matcher.matches())
            {
                groups.add(new Group(
                    matcher.group(1).toUpperCase(Locale.ROOT) + ", " + matcher.group(2).toUpperCase(Locale.ROOT) +
                        ", capacity " + Quantity.count(figure.value()) + " events/s",
                    all.rows(matcher.group(1), matcher.group(2))));
            }
        }
        return groups;
    }

    private List<List<String>> rows(final String durability, final String threadingMode)
    {
        final List<List<String>> rows = new ArrayList<>();
        for (final String id : values.keySet())
        {
            final Matcher matcher = ROW.matcher(id);
            if (matcher.matches() && matcher.group(1).equals(durability) && matcher.group(2).equals(threadingMode))
            {
                final String cell = ID + "/" + durability + "/" + threadingMode + "/" + matcher.group(3);
                final String row = cell + "/" + matcher.group(4);
                final List<String> texts = new ArrayList<>();
                texts.add(matcher.group(3) + " %");
                texts.add(offered(cell));
                texts.add(matcher.group(4).toUpperCase(Locale.ROOT));
                texts.add(refused(value(row + "/refused"), value(row + "/offered")));
                PERCENTILES.forEach((name) -> texts.add(Quantity.time(value(row + "/handled/" + name))));
                PERCENTILES.forEach((name) -> texts.add(Quantity.time(value(row + "/acknowledged/" + name))));
                rows.add(texts);
            }
        }
        return rows;
    }

    // A generator that shares its core with the engine may be too slow for an overload.
    private String offered(final String cell)
    {
        final double pace = value(cell + "/pace");
        final String rate = Quantity.count(value(cell + "/rate")) + "/s";
        return pace < KEPT ? rate + " × " + Quantity.count(pace) : rate;
    }

    private static String refused(final double refused, final double offered)
    {
        return refused > 0 ? Quantity.count(refused * PERCENT / offered) + " %" : "0";
    }

    private double value(final String id)
    {
        return values.getOrDefault(id, Double.NaN);
    }
}
