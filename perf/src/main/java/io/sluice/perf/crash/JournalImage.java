package io.sluice.perf.crash;

import io.sluice.event.EventException;
import io.sluice.event.EventFlyweight;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads a whole journal from its first record, each time with a new reader. */
final class JournalImage
{
    private static final int POLL_LIMIT = 1024;

    private JournalImage()
    {
    }

    /**
     * Read it.
     *
     * @param directory of the data.
     * @param findings  told if reading ends early.
     * @return the records in the order of reading.
     */
    static List<JournalRecord> read(final Path directory, final CrashFindings findings)
    {
        final List<JournalRecord> records = new ArrayList<>();
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)))
        {
            int count;
            do
            {
                count = tailer.poll((event) -> records.add(recordOf(event)), POLL_LIMIT);
            }
            while (count > 0);
        }
        catch (final EventException e)
        {
            findings.gap(1, "reading ended after " + records.size() + " records: " + e.getMessage());
        }
        return records;
    }

    private static JournalRecord recordOf(final EventFlyweight event)
    {
        return new JournalRecord(
            event.sequence(),
            CrashEvent.idKey(event.id()),
            CrashEvent.contentKey(event.type(), event.source(), event.payload()),
            event.verdict(),
            event.originalSequence(),
            event.journalTime());
    }
}
