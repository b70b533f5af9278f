package io.sluice.perf.page;

import io.sluice.perf.plot.Markup;
import io.sluice.perf.report.Figure;
import io.sluice.perf.table.TableGroups;
import java.util.List;

/** The tables of {@code perf table}. */
final class LatencyTables
{
    private LatencyTables()
    {
    }

    /**
     * Write them; nothing if there are none.
     *
     * @param figures of one headline.
     * @param markup  to write to.
     */
    static void write(final List<Figure> figures, final Markup markup)
    {
        for (final TableGroups.Group group : TableGroups.of(figures))
        {
            markup.element("h3", group.title()).begin("div", "class", "scroll").begin("table").begin("thead")
                .begin("tr");
            TableGroups.COLUMNS.forEach((column) -> markup.element("th", column));
            markup.end().end().begin("tbody");
            for (final List<String> row : group.rows())
            {
                markup.begin("tr");
                row.forEach((cell) -> markup.element("td", cell, "class", "number"));
                markup.end();
            }
            markup.end().end().end();
        }
    }
}
