package io.sluice.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.index.IndexFixture;
import io.sluice.index.IndexStatus;
import io.sluice.index.JournalIndexer;
import io.sluice.journal.DataDirectoryException;
import io.sluice.journal.JournalArchive;
import io.sluice.journal.JournalContext;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The index is damaged, behind, of another history, or can't be written: the answers stay the same. */
class IndexTroubleTest
{
    private static final int COUNT = 1800;
    private static final List<String> FILTERS = List.of(
        "correlationid = 'c-3'", "type = 'order.paid' AND priority = 'HIGH'",
        "aggregate.type = 'Order' AND aggregate.id = 'o-5'", "id IN ('e-5', 'e-900', 'e-1790')",
        "timestamp < '2024-01-01T00:10:00Z' AND source = 'a'");

    private IndexedJournal journal;
    private Path index;

    @TempDir
    private Path root;

    private Path directory;

    @BeforeEach
    void beforeEach()
    {
        directory = root.resolve("data");
        index = directory.resolve("index");
        journal = new IndexedJournal(directory);
        journal.fill(COUNT);
    }

    @AfterEach
    void afterEach()
    {
        journal.close();
    }

    @Test
    void shouldReadOnlyTheSegmentThatGrowsAgainWhenItGoesOn()
    {
        final IndexStatus first = IndexFixture.indexAll(directory);
        assertEquals(COUNT, first.events());
        assertEquals(COUNT + 1, first.readTo());
        assertTrue(first.endSequence() > COUNT - IndexFixture.ZONE_EVENTS, first::toString);
        journal.fill(10);

        final IndexStatus second = IndexFixture.indexAll(directory);

        assertEquals((COUNT + 10) % IndexFixture.SEGMENT_EVENTS + 1, second.events());
        assertEquals(0, second.sealed());
        assertSameAnswers();
    }

    @Test
    void shouldAnswerFromTheJournalAndBeMadeAgainWhenBytesOfItAreWrong() throws IOException
    {
        IndexFixture.indexAll(directory);
        final Random random = new Random(11);
        for (int round = 0; round < 30; round++)
        {
            final List<Path> files = files();
            final Path file = files.get(random.nextInt(files.size()));
            damage(file, random);

            assertSameAnswers();
            final IndexStatus status = IndexFixture.indexAll(directory);

            assertEquals("", status.trouble());
            assertEquals(COUNT + 1, status.readTo());
            assertSameAnswers();
        }
        assertSound();
    }

    @Test
    void shouldAnswerFromTheJournalWhenFilesAreCutOrLeaveWhileItIsOpen() throws IOException
    {
        IndexFixture.indexAll(directory);
        try (JournalQuery query = journal.open(true))
        {
            final List<Long> wanted = journal.sequences(false, EventQuery.of(FILTERS.get(0)));
            final List<Long> found = new ArrayList<>();
            query.run(EventQuery.of(FILTERS.get(1)), (event) -> assertTrue(event.sequence() > 0));
            for (final Path file : files())
            {
                try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
                {
                    channel.truncate(4096);
                }
                found.clear();
                query.run(EventQuery.of(FILTERS.get(0)), (event) -> found.add(event.sequence()));
                assertEquals(wanted, found, file::toString);
            }
            for (final Path file : files())
            {
                Files.delete(file);
            }
            found.clear();
            query.run(EventQuery.of(FILTERS.get(0)), (event) -> found.add(event.sequence()));
            assertEquals(wanted, found);
        }
    }

    @Test
    void shouldLeaveOutWhatIsOfAnotherHistoryWhenSequencesWereGivenAgain() throws IOException
    {
        final Path other = root.resolve("other");
        try (IndexedJournal shorter = new IndexedJournal(other))
        {
            shorter.fill(700);
        }
        copy(other, root.resolve("third"));
        try (IndexedJournal longer = new IndexedJournal(root.resolve("third")))
        {
            longer.fill(1000, 5);
        }
        IndexFixture.indexAll(root.resolve("third"));
        try (IndexedJournal again = new IndexedJournal(other))
        {
            again.fill(1000, 6);
            copy(root.resolve("third").resolve("index"), other.resolve("index"));
            for (final String filter : FILTERS)
            {
                assertEquals(
                    again.sequences(false, EventQuery.of(filter)), again.sequences(true, EventQuery.of(filter)));
            }
            final IndexStatus status = IndexFixture.indexAll(other);
            // The first segment is the same in both.
            assertEquals(1701 - IndexFixture.SEGMENT_EVENTS, status.events());
            for (final String filter : FILTERS)
            {
                assertEquals(
                    again.sequences(false, EventQuery.of(filter)), again.sequences(true, EventQuery.of(filter)));
            }
        }
    }

    @Test
    void shouldRefuseWhenAnotherIndexerIsAtWork()
    {
        final JournalIndexer indexer = JournalIndexer.open(IndexFixture.context(directory));
        try
        {
            final DataDirectoryException refusal = assertThrows(
                DataDirectoryException.class, () -> JournalIndexer.open(IndexFixture.context(directory)));
            assertTrue(refusal.getMessage().contains("pid " + ProcessHandle.current().pid()), refusal.getMessage());
        }
        finally
        {
            indexer.onClose();
            indexer.onClose();
        }
        assertEquals(0, indexer.doWork());
    }

    @Test
    void shouldGoOnWhenWhatWasInItsWayHasGone() throws IOException
    {
        final Path obstacle = index.resolve("0000000000000000512.segment");
        final long[] now = {0};
        final JournalIndexer indexer =
            JournalIndexer.open(IndexFixture.context(directory).clock(() -> now[0]));
        try
        {
            Files.createDirectories(obstacle.resolve("something"));
            for (int i = 0; i < 10; i++)
            {
                indexer.doWork();
            }
            assertTrue(indexer.status().trouble().contains(obstacle.toString()), indexer.status().toString());
            assertSameAnswers();
            Files.delete(obstacle.resolve("something"));
            Files.delete(obstacle);
            assertEquals(0, indexer.doWork());

            now[0] += 1_000_000_000L;
            while (indexer.doWork() > 0)
            {
                Thread.onSpinWait();
            }

            assertEquals("", indexer.status().trouble());
            assertEquals(COUNT + 1, indexer.status().readTo());
        }
        finally
        {
            indexer.onClose();
        }
        assertSameAnswers();
        assertSound();
    }

    @Test
    void shouldStopAndSayWhyWhenTooLittleSpaceIsFree()
    {
        final JournalIndexer indexer =
            JournalIndexer.open(IndexFixture.context(directory).minFreeSpace(Long.MAX_VALUE));
        try
        {
            assertEquals(0, indexer.doWork());
            assertTrue(
                indexer.status().trouble().contains("minFreeSpace=" + Long.MAX_VALUE), indexer.status().toString());
        }
        finally
        {
            indexer.onClose();
        }
        assertThrows(IllegalArgumentException.class, () -> IndexFixture.context(directory).minFreeSpace(-1));
        assertSameAnswers();
    }

    @Test
    void shouldFindEventsWhenTheirFilesWereArchivedSince() throws IOException
    {
        IndexFixture.indexAll(directory);
        try (JournalQuery query = journal.open(true))
        {
            final List<Long> before = journal.sequences(false, EventQuery.of(FILTERS.get(0)));
            final List<Long> found = new ArrayList<>();
            query.run(EventQuery.of(FILTERS.get(0)), (event) -> found.add(event.sequence()));
            assertEquals(before, found);

            JournalArchive.archiveNow(new JournalContext().directory(directory), false);

            found.clear();
            query.run(EventQuery.of(FILTERS.get(0)), (event) -> found.add(event.sequence()));
            assertEquals(before, found);
        }
        assertSameAnswers();
    }

    private void assertSameAnswers()
    {
        for (final String filter : FILTERS)
        {
            for (final QueryOrder order : List.of(QueryOrder.SEQUENCE, QueryOrder.SEQUENCE_DESCENDING))
            {
                assertEquals(
                    journal.sequences(false, EventQuery.of(filter).order(order)),
                    journal.sequences(true, EventQuery.of(filter).order(order)),
                    filter);
            }
        }
    }

    /** All of the index is used: nothing is looked at that does not match. */
    private void assertSound()
    {
        try (JournalQuery query = journal.open(true))
        {
            final QueryResult result =
                query.run(EventQuery.of("id = 'e-5'"), (event) -> assertEquals(5, event.sequence()));
            assertEquals(1, result.delivered());
            assertEquals(1, result.scanned());
        }
    }

    private List<Path> files() throws IOException
    {
        try (Stream<Path> files = Files.list(index))
        {
            return files.filter((file) -> !file.endsWith("lock")).sorted().toList();
        }
    }

    private static void damage(final Path file, final Random random) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            final long at = (long)(random.nextDouble() * channel.size());
            if (random.nextInt(4) == 0)
            {
                channel.truncate(at);
                return;
            }
            final ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, at);
            one.put(0, (byte)(one.get(0) ^ 1 << random.nextInt(8))).rewind();
            channel.write(one, at);
        }
    }

    private static void copy(final Path from, final Path to) throws IOException
    {
        try (Stream<Path> files = Files.walk(from))
        {
            for (final Path file : files.toList())
            {
                Files.copy(file, to.resolve(from.relativize(file).toString()));
            }
        }
    }
}
