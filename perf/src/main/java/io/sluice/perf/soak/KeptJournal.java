package io.sluice.perf.soak;

import io.sluice.event.EventFlyweight;
import io.sluice.event.Verdict;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.TailerContext;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.subject.JournalSum;
import java.nio.file.Path;

/**
 * What journal and archive hold at the end: each sequence from 1 on is there, or retention says that it removed it.
 */
final class KeptJournal
{
    private static final int POLL_LIMIT = 1024;

    private long last;
    private long events;
    private long expired;
    private long lastNumber = -1;

    private KeptJournal()
    {
    }

    /**
     * Read it.
     *
     * @param directory of the data.
     * @param published events, numbered from 0 in the order of publishing.
     * @return what there is.
     * @throws MeasurementException if a sequence is missing.
     */
    static KeptJournal check(final Path directory, final long published)
    {
        final KeptJournal kept = new KeptJournal();
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(directory)
            .expiredRangeListener(kept::onExpired)
            .lostRangeListener(kept::onLost)))
        {
            while (tailer.poll(kept::onEvent, POLL_LIMIT) > 0)
            {
                continue;
            }
        }
        MeasurementException.require("last sequence in the journal", published, kept.last);
        MeasurementException.require("events kept and expired", published, kept.events + kept.expired);
        if (kept.lastNumber >= published)
        {
            throw new MeasurementException("event number " + kept.lastNumber + " was never published");
        }
        return kept;
    }

    long events()
    {
        return events;
    }

    long expired()
    {
        return expired;
    }

    private void onExpired(final long from, final long to)
    {
        MeasurementException.require("first sequence of an expired range", last + 1, from);
        expired += to - from + 1;
        last = to;
    }

    private void onLost(final long from, final long to)
    {
        throw new MeasurementException("sequences " + from + " to " + to + " were lost");
    }

    private void onEvent(final EventFlyweight event)
    {
        MeasurementException.require("sequence", last + 1, event.sequence());
        MeasurementException.require(
            "verdict on sequence " + event.sequence(), Verdict.ACCEPTED.ordinal(), event.verdict().ordinal());
        last = event.sequence();
        lastNumber = Math.max(lastNumber, JournalSum.numberOf(event));
        events++;
    }
}
