package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventException;
import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files are cut while a tailer has them mapped; the code that reads is compiled by then. */
class MappingFaultTest
{
    private static final int COUNT = 600;
    private static final int WARM_UP = 150;
    private static final int ROUNDS = 200;

    private final TestRecords records = new TestRecords();

    @TempDir
    Path directory;

    @Test
    void shouldNameFaultAndLeaveNonePendingWhenFileIsCutUnderReader() throws IOException
    {
        fill();
        for (int i = 0; i < WARM_UP; i++)
        {
            assertEquals(COUNT, TestRecords.sequences(directory).size());
        }
        final List<Path> files = CycleFiles.list(directory.resolve("journal"));
        final Random random = new Random(1);
        int named = 0;
        for (int round = 0; round < ROUNDS; round++)
        {
            final Path file = files.get(random.nextInt(files.size()));
            final byte[] before = Files.readAllBytes(file);
            final boolean isNamed = readWhileCut(file, random);
            named += isNamed ? 1 : 0;
            assertTrue(isNamed || !JournalVerifier.verify(directory).isSound(), "round " + round);
            Files.write(file, before);
        }
        assertTrue(named > ROUNDS / 2, "named " + named);
        assertEquals(COUNT, TestRecords.sequences(directory).size());
    }

    @Test
    void shouldNameFaultWhenWatermarkIsCutUnderReader() throws IOException
    {
        fill();
        final Path synced = new DataDirectory(directory).synced();
        final TailerContext context = new TailerContext().directory(directory).visibleAt(VisibleAt.SYNCED);
        try (JournalTailer tailer = JournalTailer.open(context))
        {
            assertEquals(5, tailer.poll((event) -> {}, 5));
            cut(synced, 0);
            assertThrows(EventException.class, () -> tailer.poll((event) -> {}, 5));
            MappingFault.surface();
        }
    }

    @Test
    void shouldRefuseToShowWhatIsSyncedWhenWatermarkIsDamaged() throws IOException
    {
        fill();
        final Path synced = new DataDirectory(directory).synced();
        final byte[] sound = Files.readAllBytes(synced);
        final byte[] both = sound.clone();
        both[24] ^= 1;
        both[64 + 24] ^= 1;
        for (final byte[] damaged : List.of(both, new byte[4096], new byte[10]))
        {
            Files.write(synced, damaged);
            final VerifyReport report = JournalVerifier.verify(directory);
            assertFalse(report.isSound());
            assertTrue(report.findings().toString().contains(synced.toString()), report.findings().toString());
            final TailerContext context = new TailerContext().directory(directory).visibleAt(VisibleAt.SYNCED);
            try (JournalTailer tailer = JournalTailer.open(context))
            {
                final DataDirectoryException ex =
                    assertThrows(DataDirectoryException.class, () -> tailer.poll((event) -> {}, 5));
                assertTrue(ex.getMessage().contains(synced.toString()), ex.getMessage());
            }
        }
        JournalAppender.open(TestRecords.context(directory)).close();
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    @Test
    void shouldNameFaultWhenPositionFileIsCutUnderReader() throws IOException
    {
        fill();
        final Path position = directory.resolve("positions/a");
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(directory).positionFile(position)))
        {
            tailer.poll((event) -> {}, 5);
            tailer.savePosition();
            cut(position, 0);
            assertThrows(EventStorageException.class, tailer::savePosition);
            MappingFault.surface();
        }
    }

    private boolean readWhileCut(final Path file, final Random random) throws IOException
    {
        final long[] next = {1};
        final RecordHandler handler = (event) ->
        {
            assertEquals(next[0], event.sequence());
            assertEquals(next[0], event.idHigh());
            next[0]++;
        };
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            tailer.poll(handler, 1 + random.nextInt(COUNT));
            cut(file, random.nextInt(130_000));
            int polled = 1;
            while (polled > 0)
            {
                polled = tailer.poll(handler, 1 + random.nextInt(100));
                // The JVM throws here what it did not throw in the call.
                MappingFault.surface();
                if (random.nextInt(20) == 0)
                {
                    tailer.seek(StartPosition.sequence(next[0]));
                    MappingFault.surface();
                }
            }
            return next[0] == COUNT + 1;
        }
        catch (final EventException ex)
        {
            MappingFault.surface();
            return true;
        }
    }

    private void fill() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(TestRecords.context(directory).syncThread(false)))
        {
            for (int i = 0; i < COUNT; i++)
            {
                records.appendNext(appender, 1, 100 + i % 300);
                if (i % 200 == 100)
                {
                    appender.roll();
                }
            }
        }
        DamageFixture.shorten(directory);
    }

    private static void cut(final Path file, final long length) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.truncate(length);
        }
    }
}
