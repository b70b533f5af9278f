package io.sluice.perf.page;

import io.sluice.perf.report.FigureFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.HdrHistogram.AbstractHistogram;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/** Finds and reads what commands of the harness left. A file that can't be read is a problem that is told, no end. */
final class ResultDirectory
{
    private static final int DEPTH = 6;
    private static final String SCRATCH = "scratch-";

    private final Path root;
    private final List<Results.Report> reports = new ArrayList<>();
    private final List<Results.HistogramFile> histograms = new ArrayList<>();
    private final List<StallTimeline> timelines = new ArrayList<>();
    private final List<SoakTimeline> soaks = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    private ResultDirectory(final Path root)
    {
        this.root = root;
    }

    /**
     * Read all there is.
     *
     * @param root directory to look below.
     * @return what was found, in the order of the names.
     * @throws UncheckedIOException if the directory itself can't be listed.
     */
    static Results read(final Path root)
    {
        final ResultDirectory directory = new ResultDirectory(root);
        try (Stream<Path> files = Files.walk(root, DEPTH))
        {
            files.filter(Files::isRegularFile)
                .filter((file) -> !root.relativize(file).toString().contains(SCRATCH))
                .sorted()
                .collect(Collectors.toList())
                .forEach(directory::readFile);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't read " + root + ": " + e.getMessage(), e);
        }
        return new Results(
            directory.reports, directory.histograms, directory.timelines, directory.soaks, directory.problems);
    }

    private void readFile(final Path file)
    {
        final String path = root.relativize(file).toString().replace('\\', '/');
        try
        {
            if (path.endsWith(StallTimeline.FILE))
            {
                timelines.addAll(StallTimeline.parse(path, Files.readString(file)));
            }
            else if (path.endsWith(SoakTimeline.FILE))
            {
                soaks.add(SoakTimeline.parse(path, Files.readString(file)));
            }
            else if (path.endsWith(".json"))
            {
                final Optional<FigureFile> report = FigureFile.parse(Files.readString(file));
                report.ifPresent((found) -> reports.add(new Results.Report(path, found)));
            }
            else if (path.endsWith(".hlog"))
            {
                histograms.add(new Results.HistogramFile(path, readHistograms(file)));
            }
        }
        catch (final IOException e)
        {
            problems.add(path + ": " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private static Map<String, Histogram> readHistograms(final Path file) throws IOException
    {
        final Map<String, Histogram> byTag = new LinkedHashMap<>();
        try (HistogramLogReader reader = new HistogramLogReader(file.toFile()))
        {
            EncodableHistogram next = reader.nextIntervalHistogram();
            while (next != null)
            {
                final String tag = String.valueOf(next.getTag());
                final Histogram sum = byTag.get(tag);
                if (sum == null)
                {
                    byTag.put(tag, (Histogram)next);
                }
                else
                {
                    sum.add((AbstractHistogram)next);
                }
                next = reader.nextIntervalHistogram();
            }
        }
        // The reader throws whatever comes up while it decodes.
        catch (final RuntimeException e)
        {
            throw new IOException("no histogram log: " + e, e);
        }
        if (byTag.isEmpty())
        {
            throw new IOException("no histogram in it");
        }
        return byTag;
    }
}
