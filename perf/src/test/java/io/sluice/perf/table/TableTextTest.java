package io.sluice.perf.table;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.ThreadingMode;
import io.sluice.event.Priority;
import io.sluice.perf.latency.LatencyRecorder;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableTextTest
{
    private static final TableCell CELL = new TableCell(TableDurability.JOURNALED, ThreadingMode.PAIRED, 150);

    @Test
    void shouldHaveARowForEachPriorityWhenACellWasPlayed()
    {
        final List<TableGroups.Group> groups = TableGroups.of(figures(1));

        assertEquals(1, groups.size());
        assertEquals("JOURNALED, PAIRED, capacity 100 K events/s", groups.get(0).title());
        final List<List<String>> rows = groups.get(0).rows();
        assertEquals(Priority.COUNT, rows.size());
        assertEquals(List.of("150 %", "150 K/s", "CRITICAL", "0"), rows.get(0).subList(0, 4));
        assertEquals(List.of("150 %", "150 K/s", "LOW", "25 %"), rows.get(3).subList(0, 4));
        assertEquals(TableGroups.COLUMNS.size(), rows.get(0).size());
        assertTrue(rows.get(3).subList(4, 9).stream().noneMatch("–"::equals), rows.toString());
        assertEquals(List.of("–", "–", "–", "–", "–"), rows.get(0).subList(4, 9));
    }

    @Test
    void shouldSayWhatTheGeneratorKeptWhenItWasTooSlow()
    {
        assertEquals("150 K/s × 0.5", TableGroups.of(figures(0.5)).get(0).rows().get(0).get(1));
    }

    @Test
    void shouldLeaveOthersOutWhenThereAreOtherFigures()
    {
        assertTrue(TableGroups.of(List.of(Figure.detail("F4/256B/p50", "x", 1, "us"))).isEmpty());
        assertEquals("", TableText.plain(List.of()));
    }

    @Test
    void shouldNameMachineAndCommandButNoDirectoryWhenItIsMarkdown()
    {
        final FigureFile file = new FigureFile(true, figures(1), Map.of(
            "command", "./sluice perf table --minutes 1 --markdown some/where.md", "kernel", "Linux 6.18",
            "directory", "/some/where", "flags", List.of("-Xa", "-Xb"), "warnings", List.of("2 cores")));

        final String text = TableText.markdown(file);

        assertTrue(text.startsWith("```sh\n./sluice perf table --minutes 1\n```\n"), text);
        assertTrue(text.contains("- kernel: Linux 6.18\n"), text);
        assertTrue(text.contains("- flags: `-Xa` `-Xb`\n"), text);
        assertTrue(text.contains("- **2 cores**\n"), text);
        assertFalse(text.contains("/some/where"), text);
        assertTrue(text.contains("\n### JOURNALED, PAIRED, capacity 100 K events/s\n\n| load | offered |"), text);
        assertTrue(text.contains("\n| 150 % | 150 K/s | LOW | 25 % | "), text);
    }

    @Test
    void shouldAlignColumnsWhenItIsPlain()
    {
        final List<String> lines = TableText.plain(TableGroups.of(figures(1))).lines().toList();

        assertEquals(2 + 1 + Priority.COUNT, lines.size());
        assertEquals(1, lines.stream().skip(2).map(String::length).distinct().count(), lines.toString());
    }

    @Test
    void shouldDivideTheTimeWhenThereAreManyCells()
    {
        final TableSetting all = TableSetting.within(12, List.of(TableDurability.values()),
            List.of(ThreadingMode.SHARED, ThreadingMode.PAIRED, ThreadingMode.DEDICATED), List.of(10, 80, 150), 256);
        final TableSetting tiny = TableSetting.within(0.001, List.of(TableDurability.values()),
            List.of(ThreadingMode.SHARED), List.of(10), 256);

        final double runNs = 27.0 * (all.warmUpNs() + all.durationNs());
        assertTrue(runNs > 200e9 && runNs < 12 * 60e9, "takes " + runNs);
        assertTrue(all.durationNs() > 2 * all.warmUpNs());
        assertEquals(200_000_000L, tiny.warmUpNs() + tiny.durationNs());
    }

    // LOW alone has been handled: four offered of each, one of LOW refused.
    private static List<Figure> figures(final double pace)
    {
        final LatencyRecorder handled = new LatencyRecorder("x").from(0);
        final LatencyRecorder acknowledged = new LatencyRecorder("y").from(0);
        handled.onHandled(System.nanoTime(), Priority.LOW.code());
        acknowledged.onHandled(System.nanoTime(), Priority.LOW.code());
        final List<Figure> figures = new ArrayList<>();
        figures.add(Figure.detail(
            TableCell.group(CELL.durability(), CELL.threadingMode()) + "/capacity", "x", 100_000, "events/s"));
        figures.addAll(new CellResult(
            CELL, 150_000, pace, new long[] {4, 4, 4, 4}, new long[] {0, 0, 0, 1}, handled, acknowledged).figures());
        return figures;
    }
}
