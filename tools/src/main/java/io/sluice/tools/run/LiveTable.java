package io.sluice.tools.run;

import io.sluice.engine.EngineStats;
import io.sluice.engine.PriorityStats;
import io.sluice.event.Priority;
import io.sluice.tools.CommandIo;
import io.sluice.tools.text.Colour;
import io.sluice.tools.text.PlainText;
import io.sluice.tools.text.Quantity;
import io.sluice.tools.text.Table;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Shows a run while it goes on: on a terminal a table that is drawn over twice a second and erased at the end,
 * elsewhere a line now and then. Not thread-safe.
 */
final class LiveTable
{
    private static final long TERMINAL_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long LINE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);

    private final long[] lastHandled = new long[Priority.COUNT];
    private final CommandIo io;
    private final boolean isShown;
    private final long startNs;
    private long lastNs;
    private int drawnLines;

    /**
     * @param io      streams; {@code err} gets the table.
     * @param isShown false for none at all.
     * @param nowNs   nanoseconds of any monotonic clock.
     */
    LiveTable(final CommandIo io, final boolean isShown, final long nowNs)
    {
        this.io = io;
        this.isShown = isShown;
        startNs = nowNs;
        lastNs = nowNs;
    }

    /** @return true if it is time to draw again. */
    boolean isDue(final long nowNs)
    {
        return isShown && nowNs - lastNs >= (io.isErrTerminal() ? TERMINAL_INTERVAL_NS : LINE_INTERVAL_NS);
    }

    void show(final EngineStats stats, final long published, final long nowNs)
    {
        final double seconds = Math.max(1, nowNs - lastNs) / 1e9;
        if (io.isErrTerminal())
        {
            final List<String> lines = table(stats, seconds).lines(io.isColoured());
            erase();
            lines.forEach(io.err()::println);
            io.err().println(status(stats, published, nowNs));
            drawnLines = lines.size() + 1;
        }
        else
        {
            io.err().println(status(stats, published, nowNs));
        }
        for (final PriorityStats priority : stats.priorities())
        {
            lastHandled[priority.priority().code()] = priority.handled();
        }
        lastNs = nowNs;
    }

    /** Leave the terminal as if the table had never been there. */
    void erase()
    {
        if (drawnLines > 0)
        {
            io.err().print("\u001b[" + drawnLines + "A\r\u001b[J");
            io.err().flush();
            drawnLines = 0;
        }
    }

    private Table table(final EngineStats stats, final double seconds)
    {
        final Table table =
            new Table("priority", "rate/s", "depth", "p50", "p99", "p99.9", "max", "over budget");
        for (final PriorityStats priority : stats.priorities())
        {
            final long handled = priority.handled() - lastHandled[priority.priority().code()];
            table.row(
                priority.overBudget() > 0 ? Colour.YELLOW : Colour.NONE,
                priority.priority().name(),
                Quantity.count(Math.round(handled / seconds)),
                Quantity.count(priority.depth()),
                latency(priority, 50),
                latency(priority, 99),
                latency(priority, 99.9),
                latency(priority, 100),
                Quantity.count(priority.overBudget()));
        }
        return table;
    }

    private static String latency(final PriorityStats priority, final double percentile)
    {
        return priority.latency().getTotalCount() == 0 ? "-" : Quantity.duration(priority.percentileNs(percentile));
    }

    private String status(final EngineStats stats, final long published, final long nowNs)
    {
        return Quantity.duration(nowNs - startNs) + ": published " + Quantity.count(published) + ", journaled " +
            Quantity.count(stats.journaled()) + ", handled " + Quantity.count(stats.handled()) +
            (stats.storage().isHealthy() ? "" :
                ", " + stats.state() + ": " + PlainText.printable(stats.storage().reason()));
    }
}
