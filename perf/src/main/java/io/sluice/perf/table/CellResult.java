package io.sluice.perf.table;

import io.sluice.event.Priority;
import io.sluice.perf.latency.LatencyRecorder;
import io.sluice.perf.report.Figure;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * What became of the events of a cell, warm-up left out.
 *
 * @param cell         that was played.
 * @param rate         events per second, as planned.
 * @param pace         part of that rate that the generator kept.
 * @param offered      events of each priority.
 * @param refused      of them.
 * @param handled      intended time to the call of the handler.
 * @param acknowledged intended time to acknowledgement, of a sample where the engine has a journal.
 */
record CellResult(
    TableCell cell,
    int rate,
    double pace,
    long[] offered,
    long[] refused,
    LatencyRecorder handled,
    LatencyRecorder acknowledged)
{
    private static final double[] PERCENTILES = {50, 99, 99.9, 99.99};
    private static final double NS_PER_US = 1000;

    /** @return details, none with a target. */
    List<Figure> figures()
    {
        final List<Figure> figures = new ArrayList<>();
        final String id = cell.id();
        figures.add(Figure.detail(id + "/rate", "events offered, as planned", rate, "/s"));
        figures.add(Figure.detail(id + "/pace", "part of that rate that the generator kept", pace, "x"));
        for (final Priority priority : Priority.values())
        {
            final String each = id + "/" + priority.label();
            final int code = priority.code();
            figures.add(Figure.detail(each + "/offered", "events offered", (double)offered[code], "events"));
            figures.add(Figure.detail(each + "/refused", "of the offered", (double)refused[code], "events"));
            add(figures, each + "/handled", "intended time to handled", handled.of(priority));
            add(figures, each + "/acknowledged", "intended time to acknowledged", acknowledged.of(priority));
        }
        return figures;
    }

    /** @return all of its histograms. */
    List<Histogram> histograms()
    {
        final List<Histogram> histograms = new ArrayList<>();
        for (final Priority priority : Priority.values())
        {
            histograms.add(handled.of(priority));
            histograms.add(acknowledged.of(priority));
        }
        return histograms;
    }

    private static void add(
        final List<Figure> figures, final String id, final String name, final Histogram histogram)
    {
        final boolean isEmpty = histogram.getTotalCount() == 0;
        for (final double percentile : PERCENTILES)
        {
            figures.add(Figure.detail(id + "/p" + Figure.plain(percentile), name,
                isEmpty ? Double.NaN : histogram.getValueAtPercentile(percentile) / NS_PER_US, "us"));
        }
        figures.add(Figure.detail(
            id + "/max", name, isEmpty ? Double.NaN : histogram.getMaxValue() / NS_PER_US, "us")
            .noted("of " + histogram.getTotalCount()));
    }
}
