package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class JournalCrashTest
{
    private final TestRecords records = new TestRecords();

    @TempDir
    Path directory;

    @Test
    void shouldLoseNothingAcknowledgedWhenKilledAgainAndAgain() throws IOException
    {
        final long seed = 20261121L;
        final Random random = new Random(seed);
        long acknowledged = 0;
        Object metadataKey = null;
        for (int round = 0; round < 8; round++)
        {
            try (ChildJvm child = ChildJvm.start(
                ChildAppender.class, directory.toString(), "NONE", "0", "0", Integer.toString(Integer.MAX_VALUE)))
            {
                final String opened = child.readLine();
                assertNotNull(opened, "seed " + seed + " round " + round);
                final Path metadata = directory.resolve("journal").resolve(CycleFiles.METADATA);
                final Object key = Files.readAttributes(metadata, BasicFileAttributes.class).fileKey();
                assertTrue(metadataKey == null || metadataKey.equals(key), "the metadata was made anew");
                metadataKey = key;
                final long recovered = Long.parseLong(opened.split(" ", -1)[1]);
                assertTrue(recovered >= acknowledged, "recovered " + recovered + " of " + acknowledged);
                final int lines = 1 + random.nextInt(600);
                for (int i = 0; i < lines; i++)
                {
                    acknowledged = Long.parseLong(child.readLine().split(" ", -1)[1]);
                }
            }
        }
        checkAfterCrash(acknowledged);
    }

    @ParameterizedTest
    @CsvSource({
        "FIRST_CREATION,0,1", "FIRST_CREATION,1,1", "FIRST_CREATION,2,1", "FIRST_CREATION,3,1", "FIRST_CREATION,4,1",
        "FIRST_CREATION,5,1", "FIRST_CREATION,6,1", "FIRST_CREATION,END,1",
        "RECOVERY,0,1", "RECOVERY,END,1", "ROLL,0,1", "ROLL,1,2", "ROLL,END,3"})
    void shouldGoOnWhenKilledInPhase(final String phase, final String step, final int occurrence) throws IOException
    {
        long acknowledged = 0;
        try (ChildJvm child = ChildJvm.start(
            ChildAppender.class, directory.toString(), phase, step, Integer.toString(occurrence), "2000"))
        {
            String line = child.readLine();
            while (!line.startsWith("dying"))
            {
                assertFalse(line.startsWith("waiting"), "it did not die in " + phase + " " + step);
                if (line.startsWith("acknowledged"))
                {
                    acknowledged = Long.parseLong(line.split(" ", -1)[1]);
                }
                line = child.readLine();
            }
        }
        checkAfterCrash(acknowledged);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, JournalPhaseListener.END})
    void shouldRecoverWhenRecoveryIsKilled(final int step) throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            records.appendNext(appender, 10, 100);
        }
        final Path file = CycleFiles.list(directory.resolve("journal")).get(0);
        makeHalfCreated(CycleFiles.fileOf(directory.resolve("journal"), CycleFiles.cycleOf(file) + 1), 0);
        try (ChildJvm child = ChildJvm.start(
            ChildAppender.class,
            directory.toString(),
            "RECOVERY",
            step == JournalPhaseListener.END ? "END" : Integer.toString(step),
            "1",
            "1"))
        {
            assertTrue(child.readLine().startsWith("dying"));
        }
        checkAfterCrash(10);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 0x8000_0000})
    void shouldOpenWhenFirstFileIsHalfCreated(final int header) throws IOException
    {
        JournalAppender.open(context(directory)).close();
        makeHalfCreated(CycleFiles.fileOf(directory.resolve("journal"), 100), header);
        checkAfterCrash(0);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 4, 80, 65_536})
    void shouldOpenWhenMetadataIsHalfCreated(final int length) throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            records.appendNext(appender, 10, 100);
        }
        final Path metadata = directory.resolve("journal").resolve(CycleFiles.METADATA);
        Files.write(metadata, new byte[length]);
        checkAfterCrash(10);
    }

    @Test
    void shouldOpenWhenMetadataIsOverwritten() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            records.appendNext(appender, 10, 100);
        }
        final byte[] bytes = new byte[3000];
        new Random(3).nextBytes(bytes);
        try (FileChannel channel = FileChannel.open(
            directory.resolve("journal").resolve(CycleFiles.METADATA), StandardOpenOption.WRITE))
        {
            channel.write(ByteBuffer.wrap(bytes), 0x9C);
        }
        checkAfterCrash(10);
    }

    /** In a container it is always 1; else it may be unused, or be that of a process that has nothing to do with it. */
    static long[] pids()
    {
        return new long[]{
            1, 999_999_999, ProcessHandle.current().pid(), ProcessHandle.current().parent().orElseThrow().pid()};
    }

    @ParameterizedTest
    @MethodSource("pids")
    void shouldOpenWhenChronicleLockIsStale(final long pid) throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            records.appendNext(appender, 10, 100);
        }
        for (final String name : new String[]{"chronicle.write.lock", "chronicle.append.lock"})
        {
            final Path metadata = directory.resolve("journal").resolve(CycleFiles.METADATA);
            final String text = new String(Files.readAllBytes(metadata), StandardCharsets.ISO_8859_1);
            final int at = (text.indexOf(name) + name.length() + 1 + 7) & -8;
            final ByteBuffer value = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, pid);
            try (FileChannel channel = FileChannel.open(metadata, StandardOpenOption.READ, StandardOpenOption.WRITE))
            {
                final ByteBuffer old = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
                channel.read(old, at);
                assertEquals(Long.MIN_VALUE, old.getLong(0), "this is not where the lock lies");
                channel.write(value, at);
            }
        }
        checkAfterCrash(10);
    }

    @Test
    void shouldReadOnWhenOlderFileIsNotClosedByItsMark() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            records.appendNext(appender, 10, 100);
            appender.roll();
            records.appendNext(appender, 10, 100);
        }
        final Path file = CycleFiles.list(directory.resolve("journal")).get(0);
        final long end;
        try (ExcerptScanner scanner = ExcerptScanner.open(file))
        {
            ExcerptScanner.Step step = scanner.next();
            while (step != ExcerptScanner.Step.END_OF_FILE)
            {
                step = scanner.next();
            }
            end = scanner.position();
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.write(ByteBuffer.allocate(4), end);
        }
        assertEquals(range(1, 20), sequences(directory));
        checkAfterCrash(20);
    }

    @Test
    void shouldReadInAnotherProcessWhileAppendingAndRolling() throws IOException, InterruptedException
    {
        try (ChildJvm child = ChildJvm.start(ChildTailer.class, directory.toString(), "900"))
        {
            assertEquals("ready", child.readLine());
            try (JournalAppender appender = JournalAppender.open(context(directory)))
            {
                records.appendNext(appender, 900, 150);
                assertTrue(appender.rolls() > 2);
                for (long sequence = 1; sequence <= 900; sequence++)
                {
                    assertEquals(Long.toString(sequence), child.readLine());
                }
            }
            assertEquals(0, child.waitFor());
        }
    }

    @Test
    void shouldNameHolderWhenAnotherProcessAppends() throws IOException
    {
        try (ChildJvm child = ChildJvm.start(ChildAppender.class, directory.toString(), "NONE", "0", "0", "5"))
        {
            String line = child.readLine();
            while (!"waiting".equals(line))
            {
                line = child.readLine();
            }
            final DataDirectoryException busy = assertThrows(
                DataDirectoryException.class, () -> JournalAppender.open(context(directory)));
            assertEquals(DirectoryState.BUSY, busy.state());
            assertTrue(busy.getMessage().contains("pid " + child.pid()), busy.getMessage());
            assertThrows(DataDirectoryException.class, () -> JournalRepair.quarantine(directory));
            assertEquals(range(1, 9), sequences(directory));
            child.send("stop");
            assertEquals("closed", child.readLine());
        }
        checkAfterCrash(9);
    }

    private void checkAfterCrash(final long acknowledged) throws IOException
    {
        final long before;
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            before = appender.lastSequence();
            assertTrue(before >= acknowledged, "recovered " + before + " of " + acknowledged);
            records.appendNext(appender, 300, 150);
        }
        assertEquals(range(1, before + 300), sequences(directory));
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.isSound(), () -> report.findings().toString());
        assertEquals(0, report.torn());
        assertEquals(before + 300, report.events());
    }

    private static void makeHalfCreated(final Path file, final int header) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE))
        {
            channel.write(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(0, header), 0);
            channel.write(ByteBuffer.allocate(1), (5 << 20) - 1);
        }
    }
}
