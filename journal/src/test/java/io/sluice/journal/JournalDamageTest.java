package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JournalDamageTest
{
    private static final int COUNT = 700;

    private final TestRecords records = new TestRecords();

    @TempDir
    Path directory;

    @Test
    void shouldReportSoundJournalWhenNothingIsWrong() throws IOException
    {
        fill(true);
        final VerifyReport report = JournalVerifier.verify(directory);
        assertEquals(List.of(), report.findings());
        assertTrue(report.isSound());
        assertEquals(COUNT, report.events());
        assertEquals(1, report.firstSequence());
        assertEquals(COUNT, report.lastSequence());
        assertEquals(files().size(), report.files());
        assertEquals(0, report.torn());
        assertTrue(report.bytes() > COUNT * 200L);
        assertNull(JournalRepair.quarantine(directory).quarantine());
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void shouldReportRefuseAndSaveTheRestWhenLastFileIsOverwritten(final long seed) throws IOException
    {
        fill((seed & 1) == 0);
        final Random random = new Random(seed);
        final Path file = files().get(files().size() - 1);
        final long offset = random.nextLong(ChildHalfWriter.endOf(file) - 16);
        final byte[] bytes = new byte[1 + random.nextInt(16)];
        random.nextBytes(bytes);
        overwrite(file, offset, bytes);
        checkDamage(file, "seed " + seed + " offset " + offset);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldReportRefuseAndSaveTheRestWhenLastFileIsZeroed(final long seed) throws IOException
    {
        fill((seed & 1) == 0);
        final Random random = new Random(seed);
        final Path file = files().get(files().size() - 1);
        final long end = ChildHalfWriter.endOf(file);
        final long offset = 33_040 + random.nextLong(end - 33_040 - 300);
        overwrite(file, offset, new byte[(int)Math.min(end - offset, 300 + random.nextInt(8000))]);
        checkDamage(file, "seed " + seed + " offset " + offset);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void shouldReportRefuseAndSaveTheRestWhenLastFileIsTruncated(final long seed) throws IOException
    {
        fill((seed & 1) == 0);
        final Random random = new Random(seed);
        final Path file = files().get(files().size() - 1);
        final long offset = seed == 1 ? 0 : seed == 2 ? 100 : random.nextLong(ChildHalfWriter.endOf(file));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.truncate(offset);
        }
        checkDamage(file, "seed " + seed + " offset " + offset);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void shouldReportAndSaveTheRestWhenOlderFileIsDamaged(final long seed) throws IOException
    {
        fill(true);
        final Random random = new Random(seed);
        final Path file = files().get(random.nextInt(files().size() - 1));
        final long offset = random.nextLong(ChildHalfWriter.endOf(file) - 600);
        final byte[] bytes = new byte[600];
        random.nextBytes(bytes);
        overwrite(file, offset, bytes);
        assertFalse(JournalVerifier.verify(directory).isSound());
        final RepairReport repair = JournalRepair.quarantine(directory);
        assertEquals(List.of(file), repair.files());
        checkRepaired();
        assertEquals(COUNT - repair.sequencesLost() + 10, sequences(directory).size());
    }

    @Test
    void shouldReportGapWhenFileIsMissing() throws IOException
    {
        fill(true);
        final Path file = files().get(1);
        final List<Long> all = range(1, COUNT);
        Files.delete(file);
        final VerifyReport report = JournalVerifier.verify(directory);
        assertEquals(COUNT - report.events(), report.gaps());
        assertFalse(report.isSound());
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            final List<Long> read = new ArrayList<>();
            final JournalGapException ex = assertThrows(
                JournalGapException.class, () -> tailer.poll((event) -> read.add(event.sequence()), COUNT));
            assertTrue(ex.getMessage().contains(files().get(1).toString()), ex.getMessage());
            assertEquals(all.subList(0, read.size()), read);
            assertEquals(read.size() + 1, tailer.nextSequence());
            assertThrows(JournalGapException.class, () -> tailer.poll((event) -> read.add(event.sequence()), COUNT));
        }
        final RepairReport repair = JournalRepair.quarantine(directory);
        assertEquals(report.gaps(), repair.sequencesLost());
        assertEquals(List.of(), repair.files());
        final List<Long> lost = new ArrayList<>();
        try (JournalTailer tailer = JournalTailer.open(new TailerContext()
            .directory(directory)
            .lostRangeListener((first, last) -> lost.addAll(List.of(first, last)))))
        {
            assertEquals(report.events(), tailer.poll((event) -> {}, COUNT));
            assertEquals(report.gaps(), lost.get(1) - lost.get(0) + 1);
        }
    }

    @Test
    void shouldNameFileAndStayBeforeDamageWhenTailing() throws IOException
    {
        fill(true);
        final Path file = files().get(0);
        overwrite(file, ChildHalfWriter.endOf(file) - 100, new byte[]{1, 2, 3});
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            final JournalDamagedException ex = assertThrows(
                JournalDamagedException.class, () -> tailer.poll((event) -> {}, COUNT));
            assertTrue(ex.getMessage().contains(file.toString()), ex.getMessage());
            final long next = tailer.nextSequence();
            assertThrows(JournalDamagedException.class, () -> tailer.poll((event) -> {}, COUNT));
            assertEquals(next, tailer.nextSequence());
            tailer.seek(StartPosition.sequence(next + 1));
            assertEquals(COUNT - next, tailer.poll((event) -> {}, COUNT));
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {
        0x40, 0x48, 0x98, 0xB0, 0xC8, 0xD0, 0xD8, 0xE0, 0xE8, 0xF0, 0xF8, 0x40F0, 0x40F8, 0x4100, 0x4108, 0x4110,
            0x4118, 0x4120,
        0x8000})
    void shouldReportEachFieldOfHeaderAndIndexWhenOverwritten(final long offset) throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory).rollSize(1 << 20)))
        {
            records.appendNext(appender, 600, 30);
        }
        final Path file = files().get(0);
        final byte[] bytes = Arrays.copyOfRange(Files.readAllBytes(file), (int)offset, (int)offset + 8);
        assertTrue(JournalVerifier.verify(directory).isSound());
        for (int bit = 0; bit < 64; bit += 7)
        {
            final byte[] changed = bytes.clone();
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            overwrite(file, offset, changed);
            // What Chronicle pairs with the position counts only if it names the same position.
            final boolean isIgnored = offset == 0x48 && bit >= 32;
            // Of the count of used entries only the range can be checked.
            if (!isIgnored && !(offset == 0xE8 || offset == 0x4108))
            {
                assertFalse(JournalVerifier.verify(directory).isSound(), "offset " + offset + " bit " + bit);
            }
            overwrite(file, offset, bytes);
        }
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    @Test
    void shouldGoOnBehindLostEndWhenPositionLiesInIt() throws IOException
    {
        fill(false);
        final Path position = directory.resolve("positions/a");
        final TailerContext tailing = new TailerContext().directory(directory).positionFile(position);
        try (JournalTailer tailer = JournalTailer.open(tailing))
        {
            assertEquals(COUNT, tailer.poll((event) -> {}, COUNT));
            tailer.savePosition();
        }
        final Path file = files().get(files().size() - 1);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.truncate(ChildHalfWriter.endOf(file) - 500);
        }
        final RepairReport repair = JournalRepair.quarantine(directory);
        assertTrue(repair.sequencesLost() > 2);
        try (JournalTailer tailer = JournalTailer.open(tailing))
        {
            assertEquals(0, tailer.poll((event) -> {}, 10));
            try (JournalAppender appender = JournalAppender.open(context(directory)))
            {
                records.appendNext(appender, 1, 10);
                final long expected = appender.lastSequence();
                assertEquals(1, tailer.poll((event) -> assertEquals(expected, event.sequence()), 10));
                tailer.seek(StartPosition.end());
                assertEquals(expected + 1, tailer.nextSequence());
            }
        }
        assertNull(JournalRepair.quarantine(directory).quarantine());
    }

    @Test
    void shouldClearCutWriteWhenOpened() throws IOException
    {
        fill(true);
        final Path file = files().get(files().size() - 1);
        final long end = ChildHalfWriter.endOf(file);
        final int length = records.encode(COUNT + 1, 64);
        final byte[] bytes = new byte[length];
        records.buffer().getBytes(0, bytes);
        overwrite(file, end + 4, bytes);
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.isSound());
        assertEquals(1, report.torn());
        assertEquals(1, report.findings().size());
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            assertEquals(COUNT, appender.lastSequence());
            assertTrue(appender.recovery().tornBytes() > length - 40, "torn " + appender.recovery().tornBytes());
            assertEquals(0, JournalVerifier.verify(directory).torn());
            records.appendNext(appender, 1, 10);
        }
        assertEquals(range(1, COUNT + 1), sequences(directory));
    }

    @Test
    void shouldReportDamagedRunLogWhenLineIsChanged() throws IOException
    {
        fill(true);
        final Path runs = new DataDirectory(directory).control().resolve("runs");
        final byte[] bytes = Files.readAllBytes(runs);
        bytes[10] ^= 1;
        Files.write(runs, bytes);
        assertFalse(JournalVerifier.verify(directory).isSound());
        Files.write(runs, Arrays.copyOf(Files.readAllBytes(runs), bytes.length - 5));
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            assertFalse(appender.recovery().cleanStop());
            assertEquals(COUNT, appender.lastSequence());
        }
    }

    private void checkDamage(final Path file, final String where) throws IOException
    {
        final VerifyReport report = JournalVerifier.verify(directory);
        assertFalse(report.isSound(), where);
        assertTrue(report.findings().stream().anyMatch((text) -> text.contains(file.toString())), where +
            report.findings());
        final List<byte[]> before = new ArrayList<>();
        for (final Path path : files())
        {
            before.add(Files.readAllBytes(path));
        }
        final DataDirectoryException refusal = assertThrows(
            DataDirectoryException.class, () -> JournalAppender.open(context(directory)), where);
        assertEquals(DirectoryState.DAMAGED, refusal.state(), where);
        assertTrue(refusal.getMessage().contains("repair --quarantine"), refusal.getMessage());
        for (int i = 0; i < before.size(); i++)
        {
            assertTrue(Arrays.equals(before.get(i), Files.readAllBytes(files().get(i))), where + " changed " +
                files().get(i));
        }
        final RepairReport repair = JournalRepair.quarantine(directory);
        assertNotNull(repair.quarantine(), where);
        assertTrue(
            Arrays.equals(before.get(before.size() - 1),
            Files.readAllBytes(repair.quarantine().resolve(file.getFileName()))),
            where);
        checkRepaired();
    }

    private void checkRepaired() throws IOException
    {
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.isSound(), () -> report.findings().toString());
        final List<Long> saved = sequences(directory);
        assertEquals(report.events(), saved.size());
        final long before;
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            before = appender.lastSequence();
            assertTrue(before >= COUNT, "a sequence would be given twice: " + before);
            records.appendNext(appender, 10, 200);
        }
        saved.addAll(range(before + 1, before + 10));
        assertEquals(saved, sequences(directory));
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    private void fill(final boolean isClosed) throws IOException
    {
        final JournalAppender appender = JournalAppender.open(context(directory));
        int count = 0;
        while (count < COUNT)
        {
            final int batch = Math.min(COUNT - count, 1 + count % 3);
            for (int i = 0; i < batch; i++)
            {
                count++;
                records.stage(appender, count, 100 + count % 50);
            }
            appender.commit();
        }
        appender.close();
        if (!isClosed)
        {
            // As if the process had been killed: no line that says stop.
            final Path runs = new DataDirectory(directory).control().resolve("runs");
            final List<String> lines = Files.readAllLines(runs);
            Files.write(runs, lines.subList(0, lines.size() - 1));
        }
    }

    private List<Path> files() throws IOException
    {
        return CycleFiles.list(directory.resolve("journal"));
    }

    private static void overwrite(final Path file, final long offset, final byte[] bytes) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.write(ByteBuffer.wrap(bytes), offset);
        }
    }
}
