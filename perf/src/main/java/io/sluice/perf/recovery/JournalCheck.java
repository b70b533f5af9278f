package io.sluice.perf.recovery;

import io.sluice.event.EventFlyweight;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;

/** Reads a journal from its first record: dense, as many starts as there were, and at least what was filled in. */
public final class JournalCheck
{
    private static final int POLL_LIMIT = 1024;

    private long last;
    private long starts;

    private JournalCheck()
    {
    }

    /**
     * Check a journal.
     *
     * @param directory of the data.
     * @param starts    of engines that handled their first event.
     * @param filled    events that were published and journaled besides; more may have been on their way.
     * @throws MeasurementException if something is missing.
     */
    public static void check(final Path directory, final long starts, final long filled)
    {
        final JournalCheck check = new JournalCheck();
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)))
        {
            int count;
            do
            {
                count = tailer.poll(check::onEvent, POLL_LIMIT);
            }
            while (count > 0);
        }
        MeasurementException.require("first events of the engines that were started", starts, check.starts);
        if (check.last < starts + filled)
        {
            throw new MeasurementException(
                "events in the journal: expected at least " + (starts + filled) + ", got " + check.last);
        }
    }

    private void onEvent(final EventFlyweight event)
    {
        MeasurementException.require("sequence", last + 1, event.sequence());
        last = event.sequence();
        starts += RecoveryChild.STARTED.equals(event.type()) ? 1 : 0;
    }
}
