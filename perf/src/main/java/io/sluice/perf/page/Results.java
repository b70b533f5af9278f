package io.sluice.perf.page;

import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureFile;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.HdrHistogram.Histogram;

/**
 * What was found below a directory. Immutable by use.
 *
 * @param reports    of commands.
 * @param histograms of files, by tag in their order.
 * @param timelines  of stalls.
 * @param soaks      samples of soaks.
 * @param problems   files that could not be read, and why.
 */
record Results(
    List<Report> reports,
    List<HistogramFile> histograms,
    List<StallTimeline> timelines,
    List<SoakTimeline> soaks,
    List<String> problems)
{
    /**
     * What one command said.
     *
     * @param path of its JSON below the directory, with slashes.
     * @param file read.
     */
    record Report(String path, FigureFile file)
    {
        /** @return whether it puts together what others below its directory said. */
        boolean isMerged()
        {
            return name().equals("core.json") || name().equals("quick.json");
        }

        private String name()
        {
            return path.substring(path.lastIndexOf('/') + 1);
        }

        private String directory()
        {
            return path.substring(0, path.lastIndexOf('/') + 1);
        }
    }

    /**
     * One interval log.
     *
     * @param path  of it below the directory, with slashes.
     * @param byTag histograms of nanoseconds, summed over its lines.
     */
    record HistogramFile(String path, Map<String, Histogram> byTag)
    {
        /** @return name of the file without directory and ending. */
        String name()
        {
            return path.substring(path.lastIndexOf('/') + 1).replace(".hlog", "");
        }
    }

    /**
     * A figure and where it comes from.
     *
     * @param figure  of a report.
     * @param report  that it stands in.
     * @param command that repeats it; empty if it is not known.
     */
    record Row(Figure figure, Report report, String command)
    {
    }

    /** @return whether there is anything to show. */
    boolean isEmpty()
    {
        return reports.isEmpty() && histograms.isEmpty() && timelines.isEmpty() && soaks.isEmpty();
    }

    /** @return the reports whose host and warnings count: those that put others together, and what is outside them. */
    List<Report> outermost()
    {
        final List<Report> outermost = new ArrayList<>();
        for (final Report report : reports)
        {
            if (report.isMerged() || reports.stream().noneMatch((other) -> isPart(report, other)))
            {
                outermost.add(report);
            }
        }
        return outermost;
    }

    /**
     * All figures by the headline that they belong to. Where reports were put together, a figure is taken from the
     * command that measured it, and from the whole only if that command left none.
     *
     * @return rows in the order of the headlines.
     */
    Map<String, List<Row>> rows()
    {
        final Map<String, List<Row>> rows = new LinkedHashMap<>();
        for (final Report report : reports)
        {
            final Set<String> known = new LinkedHashSet<>();
            if (report.isMerged())
            {
                reports.stream().filter((part) -> isPart(part, report)).forEach((part) ->
                    part.file().figures().forEach((figure) -> known.add(figure.id())));
            }
            for (final Figure figure : report.file().figures())
            {
                if (!known.contains(figure.id()))
                {
                    rows.computeIfAbsent(figure.headline(), (id) -> new ArrayList<>())
                        .add(new Row(figure, report, report.file().command()));
                }
            }
        }
        final Map<String, List<Row>> sorted = new LinkedHashMap<>();
        rows.keySet().stream().sorted(FigureTitles.ORDER).forEach((id) -> sorted.put(id, rows.get(id)));
        return sorted;
    }

    private static boolean isPart(final Report part, final Report whole)
    {
        return whole.isMerged() && !part.isMerged() && part.path().startsWith(whole.directory());
    }
}
