package io.sluice.perf.replay;

import io.sluice.event.Verdict;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import io.sluice.perf.baseline.RecordTemplate;
import java.nio.file.Path;

/** A journal as if events had come at an even rate. */
final class RecordedJournal
{
    static final long START_NS = 1_700_000_000_000_000_000L;
    /** Between two events: 10,000 a second. */
    static final long DISTANCE_NS = 100_000;

    private RecordedJournal()
    {
    }

    /**
     * Write one.
     *
     * @param directory that does not exist yet.
     * @param template  of the records; their event times number them from 0.
     * @param events    to write.
     * @param batch     records of an excerpt.
     */
    static void write(final Path directory, final RecordTemplate template, final int events, final int batch)
    {
        final JournalContext context = new JournalContext().directory(directory).clock(() -> START_NS);
        try (JournalAppender appender = JournalAppender.open(context))
        {
            for (int i = 0; i < events; i++)
            {
                template.eventTime(i);
                appender.stage(
                    template.buffer(), 0, template.length(), Verdict.ACCEPTED, 0, START_NS + i * DISTANCE_NS);
                if (appender.stagedCount() == batch)
                {
                    appender.commit();
                }
            }
            appender.commit();
        }
    }
}
