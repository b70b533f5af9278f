package io.sluice.engine;

import io.sluice.engine.dedup.Deduplicator;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;

/** Fills dedup from the end of the journal, as far back as ids are remembered. */
final class DedupRebuild
{
    private static final int RECORDS_AT_ONCE = 4096;

    private DedupRebuild()
    {
    }

    static void run(
        final TailerContext context,
        final Deduplicator deduplicator,
        final int capacity,
        final long lastSequence,
        final long nowNs)
    {
        final TailerContext tail = context.from(StartPosition.timeNs(nowNs - deduplicator.horizonNs()));
        try (JournalTailer tailer = JournalTailer.open(tail))
        {
            final long earliest = lastSequence - capacity + 1;
            if (tailer.nextSequence() < earliest)
            {
                tailer.seek(StartPosition.sequence(earliest));
            }
            int count = 1;
            while (count > 0 && tailer.nextSequence() <= lastSequence)
            {
                count = tailer.poll(event -> deduplicator.rebuild(event, nowNs), RECORDS_AT_ONCE);
            }
        }
    }
}
