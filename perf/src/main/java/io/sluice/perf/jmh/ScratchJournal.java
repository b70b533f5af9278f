package io.sluice.perf.jmh;

import io.sluice.event.Verdict;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Journals of benchmarks, below the directory that the command gives to the JVMs that it starts. */
final class ScratchJournal
{
    /** System property with the directory for journals. */
    static final String DIRECTORY_PROP_NAME = "sluice.perf.jmh.directory";

    private static final int BATCH = 64;
    private static final int POLL_LIMIT = 1024;
    private static final long DISTANCE_NS = 1000;

    private ScratchJournal()
    {
    }

    /** @return a new directory. */
    static Path newDirectory()
    {
        try
        {
            final String parent = System.getProperty(DIRECTORY_PROP_NAME, System.getProperty("java.io.tmpdir"));
            return Files.createTempDirectory(Files.createDirectories(Path.of(parent)), "journal-");
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't make a directory for a journal: " + e.getMessage(), e);
        }
    }

    /**
     * Fill a journal.
     *
     * @param directory to put it in.
     * @param template  of the records; their event times number them from 0.
     * @param events    to write.
     */
    static void write(final Path directory, final RecordTemplate template, final int events)
    {
        final JournalContext context = new JournalContext().directory(directory);
        try (JournalAppender appender = JournalAppender.open(context))
        {
            final long startNs = context.clock().nanoTime();
            for (int i = 0; i < events; i++)
            {
                template.eventTime(i);
                appender.stage(
                    template.buffer(), 0, template.length(), Verdict.ACCEPTED, 0, startNs + i * DISTANCE_NS);
                if (appender.stagedCount() == BATCH)
                {
                    appender.commit();
                }
            }
            appender.commit();
        }
    }

    /**
     * Read a journal and delete it.
     *
     * @param directory of a closed journal.
     * @param appended  events that it must have.
     */
    static void discard(final Path directory, final long appended)
    {
        long found = 0;
        try (JournalTailer tailer =
            JournalTailer.open(new TailerContext().directory(directory).verifyChecksums(false)))
        {
            int count;
            do
            {
                count = tailer.poll((event) -> {}, POLL_LIMIT);
                found += count;
            }
            while (count > 0);
        }
        finally
        {
            RawOutput.deleteTree(directory);
        }
        MeasurementException.require("events in the journal", appended, found);
    }
}
