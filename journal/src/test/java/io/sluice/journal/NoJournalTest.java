package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.Verdict;
import org.junit.jupiter.api.Test;

class NoJournalTest
{
    private final TestRecords records = new TestRecords();

    @Test
    void shouldStampDenseSequencesWhenStaging()
    {
        try (NoJournal appender = new NoJournal(42, () -> 1000))
        {
            final EventFlyweight event = new EventFlyweight();
            for (int i = 1; i <= 3; i++)
            {
                final int length = records.encode(i, 20);
                assertEquals(i, appender.nextSequence());
                assertEquals(i, appender.stage(records.buffer(), 0, length, Verdict.DUPLICATE_ID, 9, 990 + 10L * i));
                event.wrap(records.buffer(), 0);
                assertEquals(null, event.findDamage(length, new EventHash()));
                assertEquals(i, event.sequence());
                assertEquals(42, event.runId());
                assertEquals(9, event.originalSequence());
                assertEquals(Verdict.DUPLICATE_ID, event.verdict());
                assertEquals(Math.max(1000, 990 + 10L * i), event.journalTime());
            }
            assertEquals(1020, appender.lastJournalTime());
            assertEquals(0, appender.lastSequence());
            assertEquals(3, appender.stagedCount());
            assertEquals(3 * records.encode(1, 20), appender.stagedLength());
            assertEquals(3, appender.commit());
            assertEquals(3, appender.lastSequence());
            assertEquals(0, appender.stagedCount());
            assertEquals(0, appender.stagedLength());
            assertEquals(42, appender.runId());
        }
    }
}
