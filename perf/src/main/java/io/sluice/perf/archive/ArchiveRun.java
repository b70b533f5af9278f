package io.sluice.perf.archive;

import io.sluice.journal.ArchivedFile;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/** Archives one journal after the other and tells what became of each file and each field. */
final class ArchiveRun
{
    private static final double LEAST_RATIO = 10;
    private static final double NS_PER_S = 1e9;
    private static final double BYTES_PER_MB = 1e6;
    private static final int FIELDS_IN_WHY = 4;

    private final RawOutput output;
    private final PrintStream progress;
    private final long rollSize;
    private final int level;
    private final List<Figure> details = new ArrayList<>();
    private final StringBuilder files = new StringBuilder(
        "feed\tfile\tevents\trequirementJsonBytes\twholeJsonBytes\tjournalBytes\tarchiveBytes\tratio");
    private final StringBuilder fields = new StringBuilder("feed\tfield\tplainBytesPerEvent\tstoredBytesPerEvent");

    ArchiveRun(final RawOutput output, final PrintStream progress, final long rollSize, final int level)
    {
        this.output = output;
        this.progress = progress;
        this.rollSize = rollSize;
        this.level = level;
    }

    void run(final FigureReport report, final List<Supplier<EventFeed>> feeds)
    {
        final List<Figure> judged = new ArrayList<>();
        String failure = "";
        for (final Supplier<EventFeed> feed : feeds)
        {
            try (EventFeed opened = feed.get())
            {
                judged.add(measure(opened));
            }
            catch (final MeasurementException e)
            {
                failure = e.getMessage();
            }
        }
        final double least =
            failure.isEmpty() ? judged.stream().mapToDouble(Figure::value).min().orElseThrow() : Double.NaN;
        final Figure headline = Figure.atLeast("J3",
            "JSON of requirement 004 / archive, the full file with the least of all", least, "x", LEAST_RATIO,
            Double.NaN, "");
        report.add(failure.isEmpty() ? headline : headline.failed(failure));
        judged.forEach(report::add);
        details.forEach(report::add);
        output.writeText("archive-files.tsv", files.toString());
        output.writeText("archive-fields.tsv", fields.toString());
    }

    private Figure measure(final EventFeed feed)
    {
        final Path directory = output.scratch(feed.name());
        try
        {
            final ArchivedJournal journal = new ArchivedJournal(directory, rollSize, level);
            final long published = journal.fill(feed);
            final int sealing = journal.seal();
            final JournalPass before = JournalPass.read(directory, true);
            MeasurementException.require("events in the journal", published + sealing, before.events());
            final long tookNs = journal.archive();
            final JournalPass after = JournalPass.read(directory, false);
            MeasurementException.require("events after archiving", before.events(), after.events());
            MeasurementException.require("digest of all records after archiving", before.digest(), after.digest());
            return judge(feed.name(), journal, before, published, tookNs);
        }
        finally
        {
            output.discard(directory);
        }
    }

    private Figure judge(
        final String feed,
        final ArchivedJournal journal,
        final JournalPass pass,
        final long published,
        final long tookNs)
    {
        long events = 0;
        long json = 0;
        long whole = 0;
        long plain = 0;
        long stored = 0;
        double least = Double.MAX_VALUE;
        int number = 0;
        progress.printf(Locale.ROOT, "%-8s %-24s %10s %14s %14s %14s %12s %7s%n",
            "feed", "file", "events", "JSON of 004", "whole JSON", "journal", "archive", "ratio");
        final List<ArchivedFile> all = journal.files();
        for (final ArchivedFile file : all)
        {
            final long fileJson = pass.requirementBytes(file.first(), file.last());
            final long fileWhole = pass.wholeBytes(file.first(), file.last());
            final long filePlain = pass.journalBytes(file.first(), file.last());
            final double ratio = (double)fileJson / file.bytes();
            progress.printf(Locale.ROOT, "%-8s %-24s %10d %14d %14d %14d %12d %7.2f%n", feed, file.file(),
                file.events(), fileJson, fileWhole, filePlain, file.bytes(), ratio);
            files.append(String.format(Locale.ROOT, "%n%s\t%s\t%d\t%d\t%d\t%d\t%d\t%.3f", feed, file.file(),
                file.events(), fileJson, fileWhole, filePlain, file.bytes(), ratio));
            details.add(Figure.detail(
                "J3/" + feed + "/file-" + ++number + "/ratio", file.events() + " events", ratio, "x"));
            // The last one is not full.
            least = number > 1 && number == all.size() ? least : Math.min(least, ratio);
            events += file.events();
            json += fileJson;
            whole += fileWhole;
            plain += filePlain;
            stored += file.bytes();
        }
        MeasurementException.require("events in the archive", published, events);
        details.add(Figure.detail("J3/" + feed + "/of-whole-json", "ratio against JSON with all fields of an event",
            (double)whole / stored, "x"));
        details.add(Figure.detail("J3/" + feed + "/of-journal", "ratio against the records of the journal",
            (double)plain / stored, "x"));
        details.add(Figure.detail("J3/" + feed + "/json-bytes", "JSON of requirement 004 per event",
            (double)json / events, "B"));
        details.add(Figure.detail("J3/" + feed + "/stored-bytes", "in the archive per event",
            (double)stored / events, "B"));
        details.add(Figure.detail("J3/" + feed + "/speed",
            "records of the journal archived per second, checked and forced",
            plain / BYTES_PER_MB / (tookNs / NS_PER_S), "MB/s"));
        final String largest = addFields(feed, journal, events);
        return Figure.atLeast("J3/" + feed,
            "JSON of requirement 004 / archive, the full file with the least of " + number, least, "x", LEAST_RATIO,
            Double.NaN, "all files " + Figure.plain((double)json / stored) + "; stored per event: " + largest);
    }

    private String addFields(final String feed, final ArchivedJournal journal, final long events)
    {
        final List<Map.Entry<String, long[]>> sorted = new ArrayList<>(journal.fieldBytes().entrySet());
        sorted.sort(Comparator.comparingLong((final Map.Entry<String, long[]> entry) -> -entry.getValue()[1]));
        final StringBuilder largest = new StringBuilder();
        progress.printf(Locale.ROOT, "%-8s %-28s %16s %16s   bytes per event%n", "feed", "field", "plain", "stored");
        int count = 0;
        for (final Map.Entry<String, long[]> field : sorted)
        {
            final double plain = (double)field.getValue()[0] / events;
            final double stored = (double)field.getValue()[1] / events;
            progress.printf(Locale.ROOT, "%-8s %-28s %16.3f %16.3f%n", feed, field.getKey(), plain, stored);
            fields.append(String.format(Locale.ROOT, "%n%s\t%s\t%.4f\t%.4f", feed, field.getKey(), plain, stored));
            details.add(new Figure("J3/" + feed + "/field/" + field.getKey(), "stored per event; baseline: plain",
                stored, "B", "", plain, true, ""));
            if (count++ < FIELDS_IN_WHY)
            {
                largest.append(largest.length() == 0 ? "" : ", ").append(field.getKey()).append(' ')
                    .append(Figure.plain(stored)).append(" B");
            }
        }
        return largest.toString();
    }
}
