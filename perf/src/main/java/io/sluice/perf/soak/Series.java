package io.sluice.perf.soak;

import io.sluice.event.Priority;
import java.util.ArrayList;
import java.util.List;

/**
 * One thing that is looked at again and again.
 *
 * @param id       of its figure, behind {@code P1/}.
 * @param name     in words.
 * @param group    of the plot that it is drawn in.
 * @param unit     of its values.
 * @param mostPart by which it may grow, 0.1 for a tenth; NaN where growth is no fault.
 * @param mostMore by which it may grow in any case, in its unit: what is small may grow by more than a part of itself.
 */
record Series(String id, String name, String group, String unit, double mostPart, double mostMore)
{
    /** Percentiles of the latencies in an interval, in the order of their series; 100 is the greatest. */
    static final double[] PERCENTILES = {50, 99, 99.9, 100};

    private static final double NO_BOUND = Double.NaN;
    private static final String MEMORY = "Memory";
    private static final String HELD = "Handles, mappings, threads";
    private static final String DISK = "Bytes on disk";
    private static final String FILES = "Files";
    private static final String MB = "MB";

    /** @return those of a process, in the order in which {@link ProcessProbe} has them. */
    static List<Series> ofProcess()
    {
        return List.of(
            new Series("heap", "heap that collections leave", MEMORY, MB, 0.1, 8),
            new Series("heap-used", "heap with what waits for a collection", MEMORY, MB, NO_BOUND, 0),
            new Series("direct", "direct buffers", MEMORY, MB, 0.05, 1),
            new Series("anonymous", "anonymous pages of the process", MEMORY, MB, 0.1, 32),
            new Series("resident", "resident pages, mapped files included", MEMORY, MB, 0.25, 64),
            new Series("mapped", "address space of mapped files of the directory", MEMORY, MB, 0.25, 128),
            new Series("handles", "open file handles", HELD, "handles", 0, 16),
            new Series("mappings", "mappings of the process", HELD, "mappings", 0.02, 24),
            new Series("threads", "threads", HELD, "threads", 0, 1));
    }

    /** @return those of the disk, in the order in which {@link DiskProbe} has them. */
    static List<Series> ofDisk()
    {
        return List.of(
            new Series("journal-bytes", "journal", DISK, MB, 0.25, 128),
            new Series("archive-bytes", "archive", DISK, MB, 0.25, 16),
            new Series("index-bytes", "index", DISK, MB, 0.25, 64),
            new Series("other-bytes", "all else: dead letters, telemetry, control", DISK, MB, NO_BOUND, 0),
            new Series("segments", "journal files", FILES, "files", 0.25, 4),
            new Series("archive-files", "archive files", FILES, "files", 0.25, 4),
            new Series("index-files", "index files", FILES, "files", 0.25, 4));
    }

    /** @return latencies, four of each priority, CRITICAL first. */
    static List<Series> ofLatency()
    {
        final List<Series> series = new ArrayList<>();
        for (final Priority priority : Priority.values())
        {
            add(series, priority, "p50", 0.25, 50);
            add(series, priority, "p99", 0.5, 1000);
            add(series, priority, "p99.9", NO_BOUND, 0);
            add(series, priority, "max", NO_BOUND, 0);
        }
        return series;
    }

    /** @return all, in the order of a sample. */
    static List<Series> all()
    {
        final List<Series> all = new ArrayList<>(ofProcess());
        all.addAll(ofDisk());
        all.addAll(ofLatency());
        return all;
    }

    /** @return whether it must stay flat. */
    boolean isJudged()
    {
        return !Double.isNaN(mostPart);
    }

    private static void add(
        final List<Series> series, final Priority priority, final String what, final double part, final double more)
    {
        series.add(new Series(what + "/" + priority.label(), priority.label(),
            "Intended publish time to handled, " + what + " of each interval", "us", part, more));
    }
}
