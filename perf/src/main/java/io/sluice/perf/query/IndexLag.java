package io.sluice.perf.query;

import io.sluice.event.Verdict;
import io.sluice.index.IndexContext;
import io.sluice.index.JournalIndexer;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import io.sluice.journal.ThreadNiceness;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.measure.ThreadEnd;
import io.sluice.perf.report.MeasurementException;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;
import org.agrona.concurrent.UnsafeBuffer;

/** How old the oldest event is that is journaled and not indexed, while events come at an even rate. */
final class IndexLag
{
    private static final int STEPS_PER_SECOND = 1000;

    private volatile boolean isDone;

    /**
     * @param directory that does not exist yet.
     * @param rate      events a second.
     * @param seconds   to go on.
     * @return ages, one for each thousandth of a second.
     */
    Histogram measure(final Path directory, final QueryTraffic traffic, final int rate, final int seconds)
    {
        final Histogram ages = Histograms.create("index-lag");
        final int step = rate / STEPS_PER_SECOND;
        final long[] journaledNs = new long[seconds * STEPS_PER_SECOND];
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[QueryTraffic.RECORD_LENGTH]);
        try (JournalAppender appender = JournalAppender.open(new JournalContext().directory(directory)))
        {
            final JournalIndexer indexer = JournalIndexer.open(new IndexContext().directory(directory));
            final Thread thread = start(indexer);
            final long startNs = System.nanoTime();
            for (int i = 0; i < journaledNs.length; i++)
            {
                for (int j = 0; j < step; j++)
                {
                    final int n = i * step + j;
                    final int length = traffic.encode(n, buffer);
                    appender.stage(buffer, 0, length, Verdict.ACCEPTED, 0, traffic.recordedNs(n));
                }
                appender.commit();
                journaledNs[i] = System.nanoTime();
                // Sequences count from 1: the first event that is not indexed has number end - 1.
                final long oldest = Math.max(0, indexer.status().endSequence() - 1) / step;
                if (i >= STEPS_PER_SECOND)
                {
                    Histograms.record(ages, oldest > i ? 0 : journaledNs[i] - journaledNs[(int)oldest]);
                }
                final long waitNs = startNs + (i + 1) * (1_000_000_000L / STEPS_PER_SECOND) - System.nanoTime();
                if (waitNs > 0)
                {
                    LockSupport.parkNanos(waitNs);
                }
            }
            final double tookSeconds = (System.nanoTime() - startNs) / 1e9;
            isDone = true;
            ThreadEnd.await(thread);
            if (tookSeconds > seconds * 1.1)
            {
                throw new MeasurementException(
                    "the writer was to take " + seconds + " s for its events and took " + tookSeconds);
            }
        }
        return ages;
    }

    private Thread start(final JournalIndexer indexer)
    {
        final Thread thread = new Thread(() ->
        {
            ThreadNiceness.lower();
            while (!isDone)
            {
                if (indexer.doWork() == 0)
                {
                    LockSupport.parkNanos(10_000_000L);
                }
            }
            indexer.onClose();
        }, JournalIndexer.ROLE_NAME);
        thread.start();
        return thread;
    }
}
