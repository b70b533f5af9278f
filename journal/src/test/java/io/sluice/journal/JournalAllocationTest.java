package io.sluice.journal;

import static io.sluice.journal.TestRecords.START_NS;
import static io.sluice.journal.TestRecords.context;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sluice.event.Verdict;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalAllocationTest
{
    private static final ThreadMXBean THREADS = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private static final int COUNT = 60_000;
    private static final int MAX_ROUNDS = 20;
    /** A seek lists the directory; less than a byte per record then. */
    private static final long SEEK_BYTES = 20_000;
    /** Where the preparer is behind (forces hold it up, or it has no core), the appender reserves megabytes itself. */
    private static final long RESERVE_BYTES = 20_000;

    private final TestRecords records = new TestRecords();
    private long sum;

    @TempDir
    Path directory;

    @Test
    void shouldAllocateNothingWhenAppendingAndReading()
    {
        final int length = records.encode(1, 100);
        try (JournalAppender appender = JournalAppender.open(
            context(directory).rollSize(800_000_000).prepareAhead(1 << 22)))
        {
            checkNothingAllocated(() -> append(appender, length, COUNT), RESERVE_BYTES);
            assertEquals(0, appender.rolls());
        }
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(directory).positionFile(directory.resolve("positions/a"))))
        {
            final RecordHandler handler = (event) -> sum += event.sequence();
            checkNothingAllocated(() ->
            {
                tailer.seek(StartPosition.start());
                read(tailer, handler, COUNT);
            }, SEEK_BYTES);
            assertTrue(sum > 0);
        }
        try (JournalAppender appender = JournalAppender.open(
            context(directory.resolve("synced")).rollSize(800_000_000).syncAlways(true)))
        {
            checkNothingAllocated(() ->
            {
                append(appender, length, COUNT);
                appender.requestSync(appender.lastSequence());
            }, RESERVE_BYTES);
            while (appender.syncedSequence() < appender.lastSequence())
            {
                Thread.onSpinWait();
            }
        }
        final NoJournal none = new NoJournal(3, () -> START_NS);
        checkNothingAllocated(() -> append(none, length, COUNT));
    }

    @Test
    void shouldAllocateNothingWithinABlockOfTheArchive()
    {
        final ArchiveFixture journal = new ArchiveFixture(directory);
        try (JournalAppender appender = JournalAppender.open(journal.context().rollSize(1 << 20)))
        {
            for (int file = 0; file < 3; file++)
            {
                appender.roll();
                journal.append(appender, 200);
            }
        }
        assertEquals(1, journal.archiveNow().count(ArchiveAction.Kind.ARCHIVED));
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(directory).positionFile(directory.resolve("positions/a"))))
        {
            final RecordHandler handler = (event) -> sum += event.sequence();
            int free = 0;
            long allocated = 0;
            for (int i = 0; i < MAX_ROUNDS && free < 3; i++)
            {
                tailer.seek(StartPosition.start());
                read(tailer, handler, 1);
                final long before = THREADS.getCurrentThreadAllocatedBytes();
                read(tailer, handler, 150);
                allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
                free = allocated == 0 ? free + 1 : 0;
            }
            assertEquals(3, free, "150 records of a block allocated " + allocated + " bytes");
        }
    }

    private static void checkNothingAllocated(final Runnable round)
    {
        checkNothingAllocated(round, 0);
    }

    // The compiler's own doings allocate a little on this thread for a while; what an event allocates would show in
    // every round.
    private static void checkNothingAllocated(final Runnable round, final long perRound)
    {
        int free = 0;
        long allocated = 0;
        for (int i = 0; i < MAX_ROUNDS && free < 3; i++)
        {
            final long before = THREADS.getCurrentThreadAllocatedBytes();
            round.run();
            allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
            free = allocated <= perRound ? free + 1 : 0;
        }
        assertEquals(3, free, "the last round of " + COUNT + " records allocated " + allocated + " bytes");
    }

    private void append(final EventAppender appender, final int length, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            assertTrue(appender.isReady());
            appender.stage(records.buffer(), 0, length, Verdict.ACCEPTED, 0, START_NS + i);
            if (i % 3 != 0)
            {
                appender.commit();
            }
        }
        appender.commit();
    }

    private static void read(final JournalTailer tailer, final RecordHandler handler, final int count)
    {
        int left = count;
        while (left > 0)
        {
            left -= tailer.poll(handler, Math.min(left, 10));
            tailer.savePosition();
        }
    }
}
