package io.sluice.perf.table;

import io.sluice.engine.ThreadingMode;
import io.sluice.perf.measure.HiccupMeter;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;

/** Plays all cells. A cell whose answer is wrong ends with itself; the others are played all the same. */
final class TableRun
{
    private static final double NS_PER_US = 1000;

    private final RawOutput output;
    private final PrintStream progress;
    private final TableSetting setting;
    private final CellPlay play;
    private final List<Figure> details = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private int cells;

    TableRun(final RawOutput output, final PrintStream progress, final TableSetting setting)
    {
        this.output = output;
        this.progress = progress;
        this.setting = setting;
        play = new CellPlay(output, setting);
    }

    /** @param report for the figures. */
    void run(final FigureReport report)
    {
        final Histogram hiccups;
        try (HiccupMeter meter = HiccupMeter.start())
        {
            for (final TableDurability durability : setting.durabilities())
            {
                for (final ThreadingMode threadingMode : setting.threadingModes())
                {
                    play(durability, threadingMode);
                }
            }
            hiccups = meter.stop();
        }
        output.writeHistograms("table-hiccups", List.of(hiccups));
        final Figure headline = Figure.atMost(
            TableGroups.ID, "cells that failed their own check, of " + cells, wrong.size(), "cells", 0, Double.NaN, "");
        report.add(wrong.isEmpty() ? headline : headline.failed(String.join("; ", wrong)));
        report.add(Figure.detail(TableGroups.ID + "/hiccup/p99.9", "hiccups of the machine in the same run",
            hiccups.getValueAtPercentile(99.9) / NS_PER_US, "us"));
        details.forEach(report::add);
    }

    private void play(final TableDurability durability, final ThreadingMode threadingMode)
    {
        final String group = TableCell.group(durability, threadingMode);
        final double capacity;
        try
        {
            capacity = play.capacity(durability, threadingMode);
        }
        catch (final MeasurementException e)
        {
            cells += setting.loads().size();
            wrong.add(group + ": " + e.getMessage());
            return;
        }
        progress.printf("%s: %.0f events/s%n", group, capacity);
        details.add(Figure.detail(group + "/capacity", "handled in a closed loop before", capacity, "events/s"));
        for (final int load : setting.loads())
        {
            final TableCell cell = new TableCell(durability, threadingMode, load);
            cells++;
            try
            {
                final CellResult result = play.play(cell, capacity);
                output.writeHistograms(cell.file(), result.histograms());
                details.addAll(result.figures());
                progress.printf("%s: %d/s, pace %.2f%n", cell.id(), result.rate(), result.pace());
            }
            catch (final MeasurementException e)
            {
                wrong.add(cell.id() + ": " + e.getMessage());
                progress.println(cell.id() + ": " + e.getMessage());
            }
        }
    }
}
