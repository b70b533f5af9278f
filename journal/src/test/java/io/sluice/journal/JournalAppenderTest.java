package io.sluice.journal;

import static io.sluice.journal.TestRecords.START_NS;
import static io.sluice.journal.TestRecords.context;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import io.sluice.event.Verdict;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptTailer;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalAppenderTest
{
    private final TestRecords records = new TestRecords();

    @TempDir
    Path directory;

    @Test
    void shouldContinueDenseSequenceWhenReopened()
    {
        for (int run = 0; run < 3; run++)
        {
            try (JournalAppender appender = JournalAppender.open(context(directory)))
            {
                assertEquals(run * 100L, appender.lastSequence());
                assertTrue(appender.recovery().cleanStop());
                records.appendNext(appender, 100, 64);
                assertEquals((run + 1) * 100L, appender.lastSequence());
            }
        }
        assertEquals(range(1, 300), sequences(directory));
    }

    @Test
    void shouldUseNewRunIdWhenReopened()
    {
        final long first;
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            first = appender.runId();
            records.appendNext(appender, 1, 64);
        }
        try (JournalAppender appender = JournalAppender.open(context(directory).runId(7)))
        {
            assertTrue(first > 0);
            assertEquals(7, appender.runId());
            records.appendNext(appender, 1, 64);
        }
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            assertEquals(1, tailer.poll((event) -> assertEquals(first, event.runId()), 1));
            assertEquals(1, tailer.poll((event) -> assertEquals(7, event.runId()), 1));
        }
        assertThrows(IllegalArgumentException.class, () -> JournalAppender.open(context(directory).runId(7)));
    }

    @Test
    void shouldHandOutRecordsOfOneExcerptOneByOneWhenLimited() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            for (int i = 1; i <= 5; i++)
            {
                records.stage(appender, i, 10 + i);
            }
            assertEquals(5, appender.stagedCount());
            assertEquals(0, appender.lastSequence());
            assertEquals(6, appender.nextSequence());
            assertEquals(List.of(), sequences(directory));
            assertEquals(5, appender.commit());
            assertEquals(0, appender.stagedCount());
            assertEquals(0, appender.stagedLength());
        }
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            assertEquals(2, tailer.poll((event) -> {}, 2));
            assertEquals(3, tailer.nextSequence());
            assertEquals(3, tailer.poll((event) -> {}, 10));
            assertEquals(0, tailer.poll((event) -> {}, 10));
        }
        try (ExcerptScanner scanner = ExcerptScanner.open(CycleFiles.list(directory.resolve("journal")).get(0)))
        {
            int excerpts = 0;
            ExcerptScanner.Step step = scanner.next();
            while (step != ExcerptScanner.Step.END)
            {
                excerpts += step == ExcerptScanner.Step.EXCERPT ? 1 : 0;
                step = scanner.next();
            }
            assertEquals(1, excerpts);
        }
    }

    @Test
    void shouldCommitFirstWhenBatchIsFull()
    {
        try (JournalAppender appender = JournalAppender.open(context(directory).batchCount(3)))
        {
            for (int i = 1; i <= 4; i++)
            {
                records.stage(appender, i, 16);
            }
            assertEquals(3, appender.lastSequence());
            assertEquals(1, appender.stagedCount());
        }
        assertEquals(range(1, 4), sequences(directory));
    }

    @Test
    void shouldAppendRecordsUpToTheLimitWhenLargerThanBatchAndRollSize()
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            final int fixed = records.encode(1, 0);
            records.appendNext(appender, 1, JournalContext.DEFAULT_MAX_EVENT_LENGTH - fixed);
            records.appendNext(appender, 1, 100_000);
            final int length = records.encode(3, JournalContext.DEFAULT_MAX_EVENT_LENGTH - fixed + 1);
            assertThrows(
                EventStorageException.class,
                () -> appender.stage(records.buffer(), 0, length, Verdict.ACCEPTED, 0, START_NS));
            records.appendNext(appender, 1, 10);
        }
        assertEquals(range(1, 3), sequences(directory));
    }

    @Test
    void shouldRollWhenFileIsFull() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            records.appendNext(appender, 500, 200);
            assertTrue(appender.rolls() >= 4, "rolls " + appender.rolls());
            assertEquals(appender.rolls() + 1, CycleFiles.list(directory.resolve("journal")).size());
        }
        assertEquals(range(1, 500), sequences(directory));
    }

    @Test
    void shouldRollWhenFileIsOldOrAsked() throws IOException
    {
        final long day = Duration.ofDays(1).toNanos();
        try (JournalAppender appender = JournalAppender.open(context(directory).rollAge(Duration.ofDays(2))))
        {
            final int length = records.encode(1, 8);
            appender.stage(records.buffer(), 0, length, Verdict.ACCEPTED, 0, START_NS);
            appender.commit();
            appender.stage(records.buffer(), 0, records.encode(2, 8), Verdict.ACCEPTED, 0, START_NS + 2 * day - 1);
            appender.commit();
            assertEquals(0, appender.rolls());
        }
        try (JournalAppender appender = JournalAppender.open(context(directory).rollAge(Duration.ofDays(2))))
        {
            appender.stage(records.buffer(), 0, records.encode(3, 8), Verdict.ACCEPTED, 0, START_NS + 2 * day);
            appender.commit();
            assertEquals(1, appender.rolls());
            appender.roll();
            appender.stage(records.buffer(), 0, records.encode(4, 8), Verdict.ACCEPTED, 0, START_NS + 2 * day);
            appender.commit();
            assertEquals(2, appender.rolls());
        }
        assertEquals(range(1, 4), sequences(directory));
        assertEquals(3, CycleFiles.list(directory.resolve("journal")).size());
    }

    @Test
    void shouldKeepOrderWhenClockIsSetBackOverRollAndRestart()
    {
        final long[] now = {START_NS};
        for (int run = 0; run < 3; run++)
        {
            try (JournalAppender appender = JournalAppender.open(context(directory).clock(() -> now[0])))
            {
                final long before = appender.lastJournalTime();
                appender.roll();
                final int length = records.encode(run + 1, 8);
                appender.stage(records.buffer(), 0, length, Verdict.ACCEPTED, 0, now[0]);
                appender.commit();
                assertTrue(appender.lastJournalTime() >= before);
            }
            now[0] -= Duration.ofDays(1).toNanos();
        }
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            assertEquals(3, tailer.poll((event) -> assertEquals(START_NS, event.journalTime()), 10));
        }
    }

    @Test
    void shouldRefuseWorkWhenClosed()
    {
        final JournalAppender appender = JournalAppender.open(context(directory));
        appender.close();
        appender.close();
        assertThrows(EventStorageException.class, () -> records.stage(appender, 1, 8));
        assertThrows(EventStorageException.class, appender::commit);
        assertFalse(CycleFiles.cycleOf(Path.of("20260101-0000V.cq4")) < 0);
    }

    @Test
    void shouldThrowTheSameExceptionForEverWhenAppendFailed()
    {
        final IllegalStateException planted = new IllegalStateException("planted");
        final JournalAppender appender = JournalAppender.open(context(directory).phaseListener((phase, step) ->
        {
            if (phase == JournalPhase.ROLL)
            {
                throw planted;
            }
        }));
        records.appendNext(appender, 3, 10);
        appender.roll();
        records.stage(appender, 4, 10);
        final EventStorageException failure = assertThrows(EventStorageException.class, appender::commit);
        assertSame(planted, failure.getCause());
        assertTrue(failure.getMessage().contains("after sequence 3"), failure.getMessage());
        assertSame(failure, assertThrows(EventStorageException.class, appender::commit));
        assertSame(failure, assertThrows(EventStorageException.class, () -> records.stage(appender, 5, 10)));
        assertSame(failure, assertThrows(EventStorageException.class, appender::roll));
        assertEquals(3, appender.lastSequence());
        appender.close();
        try (JournalAppender next = JournalAppender.open(context(directory)))
        {
            assertFalse(next.recovery().cleanStop());
            assertEquals(3, next.lastSequence());
            records.appendNext(next, 1, 10);
        }
        assertEquals(range(1, 4), sequences(directory));
    }

    @Test
    void shouldReportWhatOpeningFoundWhenReopened()
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            records.appendNext(appender, 20, 100);
            assertTrue(appender.bytesAppended() > 20 * 200);
        }
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            final RecoveryReport report = appender.recovery();
            assertEquals(20, report.lastSequence());
            assertEquals(START_NS + 20, report.lastJournalTime());
            assertEquals(20, report.recordsScanned());
            assertEquals(0, report.tornBytes());
            assertTrue(report.elapsedNs() > 0);
            assertEquals(0, appender.bytesAppended());
            assertEquals(START_NS + 20, appender.lastJournalTime());
        }
    }

    @Test
    void shouldReportSoundJournalWhenVerifiedWhileAppending() throws InterruptedException
    {
        final AtomicBoolean isDone = new AtomicBoolean();
        final Throwable[] failure = new Throwable[1];
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            records.appendNext(appender, 1, 100);
            final Thread thread = new Thread(() ->
            {
                try
                {
                    records.appendNext(appender, 6000, 150);
                }
                catch (final Throwable ex)
                {
                    failure[0] = ex;
                }
                isDone.set(true);
            });
            thread.start();
            long events = 0;
            int checks = 0;
            do
            {
                final VerifyReport report = JournalVerifier.verify(directory);
                assertTrue(report.isSound(), () -> report.findings().toString());
                assertTrue(report.events() >= events);
                events = report.events();
                checks++;
            }
            while (!isDone.get());
            thread.join();
            assertEquals(null, failure[0]);
            assertTrue(checks > 1);
        }
        assertEquals(6001, JournalVerifier.verify(directory).events());
    }

    @Test
    void shouldBeReadableByChronicleItselfWhenFilesRolled()
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            records.appendNext(appender, 400, 200);
            assertTrue(appender.rolls() > 1);
        }
        try (ChronicleQueue queue =
            SingleChronicleQueueBuilder.binary(directory.resolve("journal")).readOnly(true).build();
            ExcerptTailer tailer = queue.createTailer())
        {
            assertEquals(CycleFiles.ROLL_CYCLE, ((SingleChronicleQueue)queue).rollCycle());
            final Bytes<?> bytes = Bytes.allocateElasticOnHeap();
            int excerpts = 0;
            while (tailer.readBytes(bytes))
            {
                excerpts++;
            }
            assertEquals(400, excerpts);
        }
    }
}
