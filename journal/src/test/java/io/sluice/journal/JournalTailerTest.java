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

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import io.sluice.event.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalTailerTest
{
    private static final int COUNT = 900;

    private final TestRecords records = new TestRecords();

    @TempDir
    Path directory;

    @Test
    void shouldFindEverySequenceWhenStartingThere()
    {
        fill();
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            for (long sequence = 1; sequence <= COUNT; sequence += 7)
            {
                tailer.seek(StartPosition.sequence(sequence));
                assertEquals(sequence, tailer.nextSequence());
                final long expected = sequence;
                assertEquals(1, tailer.poll((event) -> assertEquals(expected, event.sequence()), 1));
            }
            tailer.seek(StartPosition.sequence(COUNT + 1));
            assertEquals(0, tailer.poll((event) -> {}, 10));
            final PositionException ex = assertThrows(
                PositionException.class, () -> tailer.seek(StartPosition.sequence(COUNT + 2)));
            assertTrue(ex.getMessage().contains("beyond the recovered end of the journal, " + COUNT), ex.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> StartPosition.sequence(0));
    }

    @Test
    void shouldFindFirstRecordNotBeforeTimeWhenStartingByTime() throws IOException
    {
        // Journal times repeat: ten records share one, across excerpts and files.
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            for (int i = 1; i <= COUNT; i++)
            {
                final int length = records.encode(i, 150);
                appender.stage(
                    records.buffer(), 0, length, Verdict.ACCEPTED, 0, START_NS + (i - 1L) / 10 * 100);
                if (i % 3 == 0)
                {
                    appender.commit();
                }
            }
        }
        assertTrue(CycleFiles.list(directory.resolve("journal")).size() > 2);
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            for (int group = 0; group < COUNT / 10; group++)
            {
                tailer.seek(StartPosition.timeNs(START_NS + group * 100L));
                assertEquals(group * 10 + 1, tailer.nextSequence());
                tailer.seek(StartPosition.timeNs(START_NS + group * 100L - 99));
                assertEquals(group * 10 + 1, tailer.nextSequence());
                final long expected = tailer.nextSequence();
                assertEquals(1, tailer.poll((event) -> assertEquals(expected, event.sequence()), 1));
            }
            tailer.seek(StartPosition.timeNs(Long.MAX_VALUE));
            assertEquals(COUNT + 1, tailer.nextSequence());
            tailer.seek(StartPosition.timeNs(0));
            assertEquals(range(1, COUNT), sequences(tailer));
        }
    }

    @Test
    void shouldFollowFromTheEndWhenRecordsAreAppendedAndFilesRoll()
    {
        fill();
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(directory).from(StartPosition.end()).verifyChecksums(false)))
        {
            assertEquals(0, tailer.poll((event) -> {}, 10));
            assertEquals(COUNT + 1, tailer.nextSequence());
            try (JournalAppender appender = JournalAppender.open(context(directory)))
            {
                for (int i = 0; i < 300; i++)
                {
                    records.appendNext(appender, 1, 300);
                    final long expected = appender.lastSequence();
                    assertEquals(1, tailer.poll((event) -> assertEquals(expected, event.sequence()), 10));
                    assertEquals(0, tailer.poll((event) -> {}, 10));
                }
                assertTrue(appender.rolls() > 0);
            }
            tailer.seek(StartPosition.start());
            assertEquals(range(1, COUNT + 300), sequences(tailer));
            assertEquals(0, tailer.poll((event) -> {}, 0));
        }
    }

    @Test
    void shouldFindSequencesAndTimesWhenIndexHelpsOrMisleads() throws IOException
    {
        final int count = 3000;
        try (JournalAppender appender = JournalAppender.open(context(directory).rollSize(1 << 20)))
        {
            records.appendNext(appender, count, 30);
            assertEquals(0, appender.rolls());
        }
        final Path file = CycleFiles.list(directory.resolve("journal")).get(0);
        checkSeeks(count);
        // The entries for the excerpts 256, 512, … and then the way to them: nothing, beside an excerpt, nowhere.
        for (final long offset : new long[]{0x4118, 0x4130, 0x40F0 + 0x10, 0xF0, 152})
        {
            for (final long value : new long[]{0, 0x9001, 0x9000, Long.MAX_VALUE, -8})
            {
                overwrite(file, offset, value);
                checkSeeks(count);
            }
        }
    }

    private void checkSeeks(final int count)
    {
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            for (final long sequence : new long[]{1, 2, 255, 256, 257, 258, 511, 1000, 1793, 2999, count})
            {
                tailer.seek(StartPosition.sequence(sequence));
                assertEquals(1, tailer.poll((event) -> assertEquals(sequence, event.sequence()), 1));
                tailer.seek(StartPosition.timeNs(START_NS + sequence));
                assertEquals(sequence, tailer.nextSequence());
            }
            tailer.seek(StartPosition.end());
            assertEquals(count + 1, tailer.nextSequence());
        }
    }

    private static void overwrite(final Path file, final long offset, final long value) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.write(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value), offset);
        }
    }

    @Test
    void shouldWaitForJournalWhenAsked() throws IOException
    {
        final Path later = directory.resolve("later");
        assertEquals(
            DirectoryState.NO_JOURNAL,
            assertThrows(DataDirectoryException.class, () -> TestRecords.tailer(later)).state());
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(later).waitForJournal(true).from(StartPosition.end())))
        {
            assertEquals(0, tailer.poll((event) -> {}, 10));
            assertFalse(Files.exists(later));
            try (JournalAppender appender = JournalAppender.open(context(later)))
            {
                assertEquals(0, tailer.poll((event) -> {}, 10));
                records.appendNext(appender, 3, 10);
                awaitFirst(tailer);
                assertEquals(2, tailer.poll((event) -> {}, 10));
            }
        }
    }

    @Test
    void shouldReportPositionBeyondEndWhenJournalIsEmpty()
    {
        JournalAppender.open(context(directory)).close();
        assertThrows(PositionException.class, () -> JournalTailer.open(
            new TailerContext().directory(directory).from(StartPosition.sequence(2))));
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(directory).from(StartPosition.sequence(1))))
        {
            assertEquals(0, tailer.poll((event) -> {}, 10));
            assertEquals(1, tailer.nextSequence());
        }
    }

    @Test
    void shouldStayBeforeRecordWhenHandlerThrows()
    {
        fill();
        final IllegalStateException planted = new IllegalStateException("planted");
        final List<Long> seen = new ArrayList<>();
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            assertSame(planted, assertThrows(IllegalStateException.class, () -> tailer.poll((event) ->
            {
                if (event.sequence() == 5)
                {
                    throw planted;
                }
                seen.add(event.sequence());
            }, 100)));
            assertEquals(5, tailer.nextSequence());
            seen.addAll(sequences(tailer));
        }
        assertEquals(range(1, COUNT), seen);
    }

    @Test
    void shouldGoOnFromStoredPositionWhenReopened()
    {
        fill();
        final TailerContext context =
            new TailerContext().directory(directory).positionFile(directory.resolve("positions/a"));
        try (JournalTailer tailer = JournalTailer.open(context))
        {
            tailer.savePosition();
        }
        try (JournalTailer tailer = JournalTailer.open(context))
        {
            assertEquals(100, tailer.poll((event) -> {}, 100));
            tailer.savePosition();
            assertEquals(100, tailer.poll((event) -> {}, 100));
        }
        try (JournalTailer tailer = JournalTailer.open(context))
        {
            assertEquals(101, tailer.nextSequence());
            assertTrue(tailer.lastRunId() > 0);
            assertEquals(range(101, COUNT), sequences(tailer));
            tailer.savePosition();
        }
        try (JournalTailer tailer = JournalTailer.open(context))
        {
            assertEquals(0, tailer.poll((event) -> {}, 100));
        }
    }

    @Test
    void shouldRefuseStoredPositionWhenRunDiffersOrItLiesBeyondTheEnd()
    {
        fill();
        final Path file = directory.resolve("positions/a");
        final TailerContext context = new TailerContext().directory(directory).positionFile(file);
        savePosition(file, 4711, 10);
        assertTrue(assertThrows(PositionException.class,
            () -> JournalTailer.open(context)).getMessage().contains("4711"));
        savePosition(file, 4711, COUNT + 1);
        assertTrue(assertThrows(PositionException.class,
            () -> JournalTailer.open(context)).getMessage().contains("beyond"));
        savePosition(file, 4711, COUNT + 1000);
        assertTrue(assertThrows(PositionException.class,
            () -> JournalTailer.open(context)).getMessage().contains("beyond"));
    }

    @Test
    void shouldWriteNothingBelowJournalWhenReading() throws IOException
    {
        fill();
        final List<String> before = fingerprint();
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(directory).positionFile(directory.resolve("positions/a"))))
        {
            assertEquals(range(1, COUNT), sequences(tailer));
            tailer.seek(StartPosition.sequence(30));
            tailer.seek(StartPosition.end());
            tailer.savePosition();
        }
        JournalVerifier.verify(directory);
        assertEquals(before, fingerprint());
        assertThrows(IllegalArgumentException.class, () -> JournalTailer.open(
            new TailerContext().directory(directory).positionFile(directory.resolve("journal/a"))));
    }

    @Test
    void shouldRefuseWorkWhenClosedOrMisused()
    {
        fill();
        final JournalTailer tailer = TestRecords.tailer(directory);
        assertThrows(IllegalStateException.class, tailer::savePosition);
        final EventFlyweight[] kept = new EventFlyweight[1];
        tailer.poll((event) -> kept[0] = event, 1);
        tailer.close();
        tailer.close();
        assertThrows(RuntimeException.class, () -> kept[0].sequence());
        assertThrows(EventStorageException.class, () -> tailer.poll((event) -> {}, 1));
        assertThrows(EventStorageException.class, () -> tailer.seek(StartPosition.start()));
        assertThrows(IllegalArgumentException.class, () -> JournalTailer.open(new TailerContext()));
        assertEquals("sequence 3", StartPosition.sequence(3).toString());
        assertEquals("time 3 ns", StartPosition.timeNs(3).toString());
        assertEquals("start end", StartPosition.start() + " " + StartPosition.end());
    }

    private static void awaitFirst(final JournalTailer tailer)
    {
        // An empty journal is looked at again only after a while.
        while (tailer.poll((event) -> assertEquals(1, event.sequence()), 1) == 0)
        {
            Thread.onSpinWait();
        }
    }

    private void fill()
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            int count = 0;
            while (count < COUNT)
            {
                for (int i = 0; i <= count % 4 && count < COUNT; i++)
                {
                    records.stage(appender, ++count, 150);
                }
                appender.commit();
            }
            assertTrue(appender.rolls() > 2);
        }
    }

    private static void savePosition(final Path file, final long runId, final long sequence)
    {
        try (PositionFile position = PositionFile.open(file))
        {
            position.save(runId, sequence);
        }
    }

    private List<String> fingerprint() throws IOException
    {
        final List<String> lines = new ArrayList<>();
        try (Stream<Path> paths = Files.walk(directory.resolve("journal")))
        {
            for (final Path path : (Iterable<Path>)paths.sorted()::iterator)
            {
                lines.add(
                    path + " " + Files.getLastModifiedTime(path) + " " +
                    (Files.isDirectory(path) ? "" : Arrays.hashCode(Files.readAllBytes(path))));
            }
        }
        return lines;
    }
}
