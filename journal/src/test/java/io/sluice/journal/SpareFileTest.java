package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import net.openhft.posix.PosixAPI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpareFileTest
{
    private static final int LENGTH = 1 << 21;
    private static final long SECOND_NS = 1_000_000_000L;

    private final TestRecords records = new TestRecords();
    private final AtomicLong free = new AtomicLong(Long.MAX_VALUE);

    @TempDir
    Path directory;

    @Test
    void shouldBeAFileOfZerosWithBlocksWhenItIsTaken() throws IOException
    {
        final SpareFile spare = spare();
        assertNull(spare.take(name()), "not made yet");
        prepare(spare, 0);
        final Object key = keyOf(directory.resolve(SpareFile.NAME));
        final ReservedFile taken = spare.take(name());
        assertEquals(key, keyOf(name()));
        assertEquals(LENGTH, taken.end());
        assertArrayEquals(new byte[LENGTH], Files.readAllBytes(name()));
        assertFalse(Files.exists(directory.resolve(SpareFile.NAME)));
        taken.checkThere();
        assertNull(spare.take(directory.resolve("other")), "there is only one");
        taken.abandon();
    }

    @Test
    void shouldBeMadeAnewWhenOneIsTaken() throws IOException
    {
        final SpareFile spare = spare();
        prepare(spare, 0);
        spare.take(name()).abandon();
        prepare(spare, 0);
        final ReservedFile second = spare.take(directory.resolve("second"));
        assertNotNull(second);
        second.abandon();
        assertFalse(keyOf(name()).equals(keyOf(directory.resolve("second"))));
    }

    @Test
    void shouldLeaveAFileAloneThatHasTheNameAlready() throws IOException
    {
        Files.writeString(name(), "precious");
        final SpareFile spare = spare();
        prepare(spare, 0);
        assertNull(spare.take(name()));
        assertEquals("precious", Files.readString(name()));
        spare.discard();
    }

    @Test
    void shouldBeNoneAndTriedAgainLaterWhenThereIsNoRoom() throws IOException
    {
        free.set(LENGTH - 1);
        final SpareFile spare = spare();
        prepare(spare, 0);
        assertFalse(spare.isReady());
        assertFalse(Files.exists(directory.resolve(SpareFile.NAME)));
        free.set(LENGTH);
        assertFalse(spare.prepare(true, SECOND_NS - 1), "not at once");
        assertTrue(spare.prepare(true, SECOND_NS));
        prepare(spare, SECOND_NS);
        assertTrue(spare.isReady());
        spare.discard();
        assertFalse(Files.exists(directory.resolve(SpareFile.NAME)));
    }

    @Test
    void shouldBeNoneWhenSomebodyTookItAway() throws IOException
    {
        final SpareFile spare = spare();
        prepare(spare, 0);
        Files.delete(directory.resolve(SpareFile.NAME));
        assertNull(spare.take(name()));
        assertFalse(spare.isReady());
    }

    @Test
    void shouldGoOnInItWhenTheJournalRolls() throws IOException
    {
        final Path journal = new DataDirectory(directory).journal();
        final Path path = journal.resolve(SpareFile.NAME);
        final Set<Object> seen = new HashSet<>();
        boolean isTaken = false;
        int last = 0;
        try (JournalAppender appender = JournalAppender.open(
            context(directory).prepareAhead(1 << 20).rollSize(1 << 20)))
        {
            while (!isTaken)
            {
                records.appendNext(appender, 100, 1000);
                last += 100;
                seen.add(keyOf(path));
                for (final Path file : CycleFiles.list(journal))
                {
                    isTaken |= seen.contains(keyOf(file));
                }
                seen.remove(null);
            }
        }
        assertFalse(Files.exists(path), "it goes with the appender");
        assertEquals(range(1, last), sequences(directory));
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    @Test
    void shouldDeleteWhatADeadProcessLeft() throws IOException
    {
        JournalAppender.open(context(directory)).close();
        final Path path = new DataDirectory(directory).journal().resolve(SpareFile.NAME);
        Files.writeString(path, "half made");
        JournalAppender.open(context(directory)).close();
        assertFalse(Files.exists(path));
    }

    private SpareFile spare()
    {
        final BlockReserve blocks = new BlockReserve(PosixAPI.posix(), directory, free::get, 0);
        return new SpareFile(blocks, directory, LENGTH, LENGTH, LENGTH, LENGTH);
    }

    private Path name()
    {
        return directory.resolve("first");
    }

    private static void prepare(final SpareFile spare, final long nowNs)
    {
        int steps = 0;
        while (spare.prepare(true, nowNs))
        {
            steps++;
            assertTrue(steps < 1000, "it never ends");
        }
    }

    private static Object keyOf(final Path file)
    {
        try
        {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        }
        catch (final IOException ex)
        {
            return null;
        }
    }
}
