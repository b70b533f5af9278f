package io.sluice.perf.archive;

import io.sluice.archive.ArchiveReader;
import io.sluice.archive.FieldBytes;
import io.sluice.archive.KeyProvider;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.PublishResult;
import io.sluice.engine.ThreadingMode;
import io.sluice.event.EventBuilder;
import io.sluice.event.Verdict;
import io.sluice.journal.ArchiveAction;
import io.sluice.journal.ArchivePolicy;
import io.sluice.journal.ArchiveReport;
import io.sluice.journal.ArchivedFile;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalArchive;
import io.sluice.journal.JournalContext;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A journal that is filled by an engine, then archived to its last file, then read again. Each step once, in this
 * order. Not thread-safe.
 */
final class ArchivedJournal
{
    // Files that the archive leaves alone: the one appended to, and the one before.
    private static final int FILES_LEFT = 2;

    private final Path directory;
    private final long rollSize;
    private final int level;

    /**
     * @param directory that does not exist yet.
     * @param rollSize  bytes of a journal file.
     * @param level     of compression.
     */
    ArchivedJournal(final Path directory, final long rollSize, final int level)
    {
        this.directory = directory;
        this.rollSize = rollSize;
        this.level = level;
    }

    /**
     * Publish all events of a feed.
     *
     * @param feed to empty.
     * @return events.
     */
    long fill(final EventFeed feed)
    {
        final EngineContext context = new EngineContext()
            .directory(directory)
            .threadingMode(ThreadingMode.INVOKER)
            .clock(feed.clock())
            .seed(1);
        context.journal().rollSize(rollSize).archive(new ArchivePolicy().thread(false));
        final EventBuilder event = new EventBuilder();
        long count = 0;
        try (Engine engine = Engine.launch(context))
        {
            while (feed.next(event))
            {
                final long ticket = engine.publisher().publish(event);
                if (ticket < 0)
                {
                    throw new MeasurementException(
                        "publish refused: " + PublishResult.describe(ticket), engine.failure());
                }
                feed.onPublished();
                count++;
                while (engine.invoke() > 0)
                {
                    continue;
                }
            }
        }
        return count;
    }

    /**
     * Put a record each into a few files of their own, so that all files before are closed and old enough.
     *
     * @return records.
     */
    int seal()
    {
        final RecordTemplate template = new RecordTemplate(8);
        try (JournalAppender appender = JournalAppender.open(context()))
        {
            for (int i = 0; i < FILES_LEFT; i++)
            {
                appender.roll();
                appender.stage(
                    template.buffer(), 0, template.length(), Verdict.ACCEPTED, 0, appender.lastJournalTime());
                appender.commit();
            }
        }
        return FILES_LEFT;
    }

    /**
     * Archive every closed file.
     *
     * @return nanoseconds that it took.
     * @throws MeasurementException if a file could not be archived.
     */
    long archive()
    {
        final long startNs = System.nanoTime();
        final ArchiveReport report = JournalArchive.archiveNow(context(), false);
        final long tookNs = System.nanoTime() - startNs;
        for (final ArchiveAction action : report.actions())
        {
            if (action.kind() == ArchiveAction.Kind.FAILED)
            {
                throw new MeasurementException(action.file() + " could not be archived: " + action.text());
            }
        }
        return tookNs;
    }

    /** @return files of the archive, in order. */
    List<ArchivedFile> files()
    {
        return JournalArchive.list(directory);
    }

    /**
     * Add up over all files.
     *
     * @return plain and stored bytes by field.
     */
    Map<String, long[]> fieldBytes()
    {
        final Map<String, long[]> sums = new TreeMap<>();
        for (final ArchivedFile file : files())
        {
            try (ArchiveReader reader =
                ArchiveReader.open(directory.resolve("archive").resolve(file.file()), KeyProvider.NONE))
            {
                for (final FieldBytes field : reader.fieldBytes())
                {
                    final long[] sum = sums.computeIfAbsent(field.field(), (name) -> new long[2]);
                    sum[0] += field.plainBytes();
                    sum[1] += field.storedBytes();
                }
            }
        }
        return sums;
    }

    private JournalContext context()
    {
        return new JournalContext()
            .directory(directory)
            .rollSize(rollSize)
            .archive(new ArchivePolicy().thread(false).level(level));
    }
}
