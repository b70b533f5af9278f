package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventDescriptor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One trace of a power loss at a time; {@link JournalCrashImageTest} takes them at random. */
class JournalPowerLossTest
{
    private static final String BOOT = "first-start";
    private static final String NEXT_BOOT = "next-start";

    private final TestRecords records = new TestRecords();

    @TempDir
    Path directory;

    @Test
    void shouldRefuseUntouchedWhenDamageLiesBelowTheWatermark() throws IOException
    {
        fill(100);
        final Path file = last();
        final long offset = PowerLoss.offsetOf(file, 90);
        PowerLoss.overwrite(file, offset + 100, new byte[]{1, 2, 3});
        for (final long synced : new long[]{100, 90})
        {
            PowerLoss.sync(directory, synced, CycleFiles.cycleOf(file));
            final Map<Path, byte[]> before = contents();
            final DataDirectoryException refusal = assertThrows(
                DataDirectoryException.class, () -> JournalAppender.open(reopened()));
            assertEquals(DirectoryState.DAMAGED, refusal.state());
            for (final String part : new String[]{
                file.toString(), "offset " + offset, "after sequence 89", "up to sequence " + synced,
                "repair --quarantine"})
            {
                assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
            }
            assertSame(before);
        }
    }

    @Test
    void shouldEndTheJournalAndPutTheRestAsideWhenDamageLiesAboveTheWatermark() throws IOException
    {
        fill(100);
        final Path file = last();
        final long offset = PowerLoss.offsetOf(file, 90);
        PowerLoss.overwrite(file, offset + 100, new byte[]{1, 2, 3});
        PowerLoss.sync(directory, 89, CycleFiles.cycleOf(file));
        final byte[] before = Files.readAllBytes(file);
        try (JournalAppender appender = JournalAppender.open(reopened()))
        {
            assertEquals(89, appender.lastSequence());
            final RecoveryReport report = appender.recovery();
            assertTrue(report.powerLoss());
            assertFalse(report.cleanStop());
            final Path kept = report.quarantine().resolve(file.getFileName() + ".from-" + offset);
            final byte[] rest = Files.readAllBytes(kept);
            assertEquals(report.tornBytes(), rest.length);
            assertArrayEquals(Arrays.copyOfRange(before, (int)offset, (int)offset + rest.length), rest);
            assertTrue(isZero(Arrays.copyOfRange(before, (int)offset + rest.length, before.length)));
            assertTrue(report.actions().get(0).contains(kept.toString()), report.actions().toString());
            assertTrue(report.actions().get(0).contains("after sequence 89"), report.actions().toString());
            records.appendNext(appender, 20, 100);
        }
        checkSound(109);
    }

    @Test
    void shouldRecoverAndWriteNothingOffWhenRepairedFirst() throws IOException
    {
        fill(100);
        final Path file = last();
        PowerLoss.overwrite(file, PowerLoss.offsetOf(file, 90) + 100, new byte[]{1, 2, 3});
        PowerLoss.sync(directory, 80, CycleFiles.cycleOf(file));
        final VerifyReport torn = JournalVerifier.verify(directory);
        assertFalse(torn.isSound());
        assertTrue(torn.findings().toString().contains("a power loss may have left all this"));
        final RepairReport repair = JournalRepair.quarantine(directory);
        assertEquals(0, repair.sequencesLost());
        assertNotNull(repair.quarantine());
        assertTrue(repair.actions().get(0).contains("after sequence 89"), repair.actions().toString());
        checkSound(89);
        try (JournalAppender appender = JournalAppender.open(reopened()))
        {
            assertEquals(89, appender.lastSequence());
            records.appendNext(appender, 1, 100);
        }
        checkSound(90);
    }

    @Test
    void shouldWriteOffWhatIsDamagedWhenRepairedBelowTheWatermark() throws IOException
    {
        fill(100);
        final Path file = last();
        PowerLoss.overwrite(file, PowerLoss.offsetOf(file, 90) + 100, new byte[]{1, 2, 3});
        final RepairReport repair = JournalRepair.quarantine(directory);
        assertEquals(1, repair.sequencesLost());
        assertEquals(List.of(file), repair.files());
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    @Test
    void shouldDropAnExcerptWholeWhenItsLastRecordIsTorn() throws IOException
    {
        final long offset;
        try (JournalAppender appender = JournalAppender.open(context(directory).bootId(BOOT)))
        {
            records.appendNext(appender, 10, 100);
            for (int i = 0; i < 5; i++)
            {
                records.stage(appender, appender.nextSequence(), 1000);
            }
            appender.commit();
            offset = PowerLoss.offsetOf(last(), 15);
        }
        PowerLoss.loseStop(directory);
        PowerLoss.sync(directory, 10, CycleFiles.cycleOf(last()));
        final int recordLength = EventDescriptor.alignedLength(records.encode(15, 1000));
        PowerLoss.zero(last(), offset + 4 + 4L * recordLength + 300, 512);
        final List<Long> read = new ArrayList<>();
        try (JournalTailer early = TestRecords.tailer(directory))
        {
            // Before anybody has recovered the journal, a reader is not to see more than will be left.
            assertThrows(
                JournalDamagedException.class, () -> early.poll((event) -> read.add(event.sequence()), 100));
            assertEquals(range(1, 10), read);
            try (JournalAppender appender = JournalAppender.open(reopened()))
            {
                assertEquals(10, appender.lastSequence());
                records.appendNext(appender, 3, 100);
            }
            while (early.poll((event) -> read.add(event.sequence()), 100) > 0)
            {
                continue;
            }
            assertEquals(range(1, 13), read);
        }
        checkSound(13);
    }

    @Test
    void shouldPutLaterFilesAsideWhenTheyHangInTheAir() throws IOException
    {
        fill(40);
        final List<Path> files = files();
        final Path first = files.get(0);
        try (JournalAppender appender = JournalAppender.open(reopened()))
        {
            appender.roll();
            records.appendNext(appender, 10, 100);
            appender.roll();
            records.appendNext(appender, 10, 100);
        }
        PowerLoss.loseStop(directory);
        loseRolls();
        PowerLoss.sync(directory, 40, CycleFiles.cycleOf(first));
        Files.delete(files().get(1));
        final Path third = files().get(1);
        final Path empty = CycleFiles.fileOf(directory.resolve("journal"), CycleFiles.cycleOf(third) + 1);
        try (FileChannel channel = FileChannel.open(empty, StandardOpenOption.CREATE, StandardOpenOption.WRITE))
        {
            channel.write(ByteBuffer.allocate(1), 1 << 20);
        }
        final byte[] content = Files.readAllBytes(third);
        try (JournalAppender appender = JournalAppender.open(context(directory).bootId("third-start")))
        {
            assertEquals(40, appender.lastSequence());
            assertFalse(Files.exists(third));
            assertFalse(Files.exists(empty));
            final Path kept = appender.recovery().quarantine();
            assertArrayEquals(content, Files.readAllBytes(kept.resolve(third.getFileName())));
            assertFalse(Files.exists(kept.resolve(empty.getFileName())), "nothing was in it");
            records.appendNext(appender, 10, 100);
        }
        checkSound(50);
    }

    @Test
    void shouldReadOnlyFromTheWatermarkOnWhenThereIsOne() throws IOException
    {
        final List<Long> scanned = new ArrayList<>();
        for (final int count : new int[]{300, 3000})
        {
            fill(count);
            final Path file = last();
            PowerLoss.sync(directory, count, CycleFiles.cycleOf(file));
            try (JournalAppender appender = JournalAppender.open(reopened()))
            {
                assertTrue(appender.recovery().powerLoss());
                scanned.add(appender.recovery().recordsScanned());
            }
            delete();
        }
        final long inTwoFiles = 2 * 200;
        assertTrue(scanned.get(0) < inTwoFiles && scanned.get(1) < inTwoFiles, scanned.toString());
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldReadTwoFilesAtMostWhenAProcessDiedOrStopped(final boolean isStopped) throws IOException
    {
        for (final int count : new int[]{300, 3000})
        {
            fill(count);
            if (isStopped)
            {
                JournalAppender.open(context(directory).bootId(BOOT)).close();
            }
            try (JournalAppender appender = JournalAppender.open(context(directory).bootId(BOOT)))
            {
                assertEquals(isStopped, appender.recovery().cleanStop());
                assertTrue(appender.recovery().recordsScanned() < 2 * 200, appender.recovery().toString());
            }
            delete();
        }
    }

    @Test
    void shouldReadFromTheBeginningWhenThereIsNoWatermark() throws IOException
    {
        fill(1000);
        loseRolls();
        Files.delete(new DataDirectory(directory).synced());
        PowerLoss.overwrite(files().get(1), 40_000, new byte[300]);
        try (JournalAppender appender = JournalAppender.open(reopened()))
        {
            assertTrue(appender.lastSequence() > 50 && appender.lastSequence() < 400, "" + appender.lastSequence());
            assertEquals(2, files().size());
            records.appendNext(appender, 10, 100);
        }
        checkSound(sequences(directory).size());
    }

    @Test
    void shouldTakeWhatTheRunLogKnowsWhenTheWatermarkIsOlder() throws IOException
    {
        fill(1000);
        PowerLoss.sync(directory, 5, CycleFiles.cycleOf(files().get(0)));
        final Path file = files().get(files().size() - 2);
        PowerLoss.zero(file, 40_000, 300);
        final DataDirectoryException refusal = assertThrows(
            DataDirectoryException.class, () -> JournalAppender.open(reopened()));
        assertTrue(refusal.getMessage().contains(file.toString()), refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {NEXT_BOOT, BootId.UNKNOWN})
    void shouldKeepEverythingWhenAllOfItReachedTheDevice(final String boot) throws IOException
    {
        fill(300);
        PowerLoss.sync(directory, 1, CycleFiles.cycleOf(files().get(0)));
        try (JournalAppender appender = JournalAppender.open(context(directory).bootId(boot)))
        {
            assertEquals(300, appender.lastSequence());
            assertTrue(appender.recovery().powerLoss());
            assertNull(appender.recovery().quarantine());
            assertEquals(List.of(), appender.recovery().actions());
            records.appendNext(appender, 10, 100);
        }
        checkSound(310);
    }

    @Test
    void shouldTakeARunWithoutBootIdForOneOfAnotherStart() throws IOException
    {
        fill(10);
        final Path runs = new DataDirectory(directory).runs();
        final List<String> lines = ControlFileKind.RUNS.read(new DataDirectory(directory)).lines().stream()
            .map((line) -> line.replaceAll(" boot=\\S+", "")).collect(Collectors.toList());
        ControlFile.replace(runs, lines, new DeviceForce(ForceListener.NONE));
        try (JournalAppender appender = JournalAppender.open(context(directory).bootId(BOOT)))
        {
            assertEquals(10, appender.lastSequence());
            assertTrue(appender.recovery().powerLoss());
        }
    }

    @Test
    void shouldBindEverythingWhenTheRunEndedInOrder() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory).bootId(BOOT)))
        {
            records.appendNext(appender, 20, 100);
        }
        final Path file = last();
        final Path metadata = directory.resolve("journal").resolve(CycleFiles.METADATA);
        Files.write(metadata, new byte[500]);
        final byte[] sound = Files.readAllBytes(file);
        PowerLoss.zero(file, PowerLoss.offsetOf(file, 20), 300);
        assertEquals(
            DirectoryState.DAMAGED,
            assertThrows(DataDirectoryException.class, () -> JournalAppender.open(reopened())).state());
        Files.write(file, sound);
        try (JournalAppender appender = JournalAppender.open(reopened()))
        {
            assertEquals(20, appender.lastSequence());
            assertTrue(appender.recovery().cleanStop());
            assertFalse(appender.recovery().powerLoss());
        }
        // Also when the run after it met a power loss.
        PowerLoss.loseStop(directory);
        PowerLoss.sync(directory, 3, CycleFiles.cycleOf(file));
        PowerLoss.zero(file, PowerLoss.offsetOf(file, 20), 300);
        final DataDirectoryException refusal = assertThrows(
            DataDirectoryException.class, () -> JournalAppender.open(context(directory).bootId("third-start")));
        assertTrue(refusal.getMessage().contains("up to sequence 20"), refusal.getMessage());
    }

    @Test
    void shouldRefuseAsEverWhenTheMachineWasNotStartedAgain() throws IOException
    {
        fill(100);
        final Path file = last();
        PowerLoss.sync(directory, 5, CycleFiles.cycleOf(files().get(0)));
        PowerLoss.overwrite(file, PowerLoss.offsetOf(file, 90) + 100, new byte[]{1, 2, 3});
        final DataDirectoryException refusal = assertThrows(
            DataDirectoryException.class, () -> JournalAppender.open(context(directory).bootId(BOOT)));
        assertEquals(DirectoryState.DAMAGED, refusal.state());
    }

    @ParameterizedTest
    @ValueSource(longs = {
        0x40, 0x48, 0x98, 0xB0, 0xE0, 0xE8, 0xF0, 0x4100, 0x4108, 0x4110, 0x4118, 0x4120, 0x40F4, 0x40FC})
    void shouldWriteAFileAnewWhenItsIndexIsTorn(final long offset) throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory).bootId(BOOT).rollSize(1 << 20)))
        {
            records.appendNext(appender, 600, 30);
        }
        PowerLoss.loseStop(directory);
        final Path file = last();
        final long size = Files.size(file);
        final byte[] sound = Files.readAllBytes(file);
        PowerLoss.zero(file, offset, Long.BYTES);
        assertFalse(Arrays.equals(sound, Files.readAllBytes(file)), "there was nothing");
        try (JournalTailer early = TestRecords.tailer(directory))
        {
            assertEquals(600, early.poll((event) -> {}, 1000));
            try (JournalAppender appender = JournalAppender.open(reopened().rollSize(1 << 20)))
            {
                assertEquals(600, appender.lastSequence());
                assertEquals(1, appender.recovery().actions().size());
                assertTrue(appender.recovery().actions().get(0).contains("written anew"));
                assertNull(appender.recovery().quarantine());
                assertFalse(Files.exists(directory.resolve("rebuild")));
                assertEquals(size, Files.size(file));
                assertArrayEquals(sound, Files.readAllBytes(file));
                records.appendNext(appender, 600, 30);
                final List<Long> more = new ArrayList<>();
                while (early.poll((event) -> more.add(event.sequence()), 1000) > 0)
                {
                    continue;
                }
                assertEquals(range(601, 1200), more);
            }
        }
        checkSound(1200);
    }

    @Test
    void shouldPutTheRunLogAsideWhenALineIsTorn() throws IOException
    {
        fill(10);
        final Path runs = new DataDirectory(directory).runs();
        final byte[] torn = Arrays.copyOf(Files.readAllBytes(runs), (int)Files.size(runs) + 300);
        Arrays.fill(torn, torn.length - 100, torn.length, (byte)'x');
        torn[torn.length - 1] = '\n';
        Files.write(runs, torn);
        try (JournalAppender appender = JournalAppender.open(reopened()))
        {
            assertEquals(10, appender.lastSequence());
            final Path kept = appender.recovery().quarantine();
            assertNotNull(kept);
            assertArrayEquals(torn, Files.readAllBytes(kept.resolve("runs")));
        }
        checkSound(10);
    }

    @Test
    void shouldNameBothRunsWhenAPositionIsOfARunThatWasErased() throws IOException
    {
        final Path position = directory.resolve("positions/reader");
        final TailerContext tailing = new TailerContext().directory(directory).positionFile(position);
        final long erased;
        try (JournalAppender appender = JournalAppender.open(context(directory).bootId(BOOT)))
        {
            erased = appender.runId();
            records.appendNext(appender, 100, 100);
        }
        try (JournalTailer tailer = JournalTailer.open(tailing))
        {
            assertEquals(100, tailer.poll((event) -> {}, 1000));
            tailer.savePosition();
        }
        final byte[] atEnd = Files.readAllBytes(position);
        try (JournalTailer tailer = JournalTailer.open(tailing))
        {
            tailer.seek(StartPosition.sequence(61));
            assertEquals(erased, tailer.lastRunId());
            tailer.savePosition();
        }
        final byte[] below = Files.readAllBytes(position);
        PowerLoss.loseStop(directory);
        PowerLoss.sync(directory, 60, CycleFiles.cycleOf(last()));
        loseRolls();
        PowerLoss.zero(last(), PowerLoss.offsetOf(last(), 71), 300);
        final long next;
        try (JournalAppender appender = JournalAppender.open(reopened()))
        {
            next = appender.runId();
            assertEquals(70, appender.lastSequence());
            assertEquals(70, appender.recovery().runEnds().get(erased));
            Files.write(position, atEnd);
            assertRefused(tailing, position, "sequence 100 of run " + erased, "end of that run is 70");
            records.appendNext(appender, 50, 100);
            assertRefused(tailing, position, "sequence 100 of run " + erased, "end of that run is 70");
        }
        // Without the run log, the record itself says so.
        final Path runs = new DataDirectory(directory).runs();
        final List<String> lines = ControlFileKind.RUNS.read(new DataDirectory(directory)).lines();
        ControlFile.replace(runs, lines.subList(1, lines.size()), new DeviceForce(ForceListener.NONE));
        assertRefused(tailing, position, "sequence 100 of run " + erased, "from run " + next);
        Files.write(position, below);
        try (JournalTailer tailer = JournalTailer.open(tailing))
        {
            assertEquals(61, tailer.nextSequence());
            assertEquals(60, tailer.poll((event) -> {}, 1000));
        }
    }

    @Test
    void shouldRefuseALiveReaderWhenWhatItReadWasErased() throws IOException
    {
        fill(100);
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            assertEquals(100, tailer.poll((event) -> {}, 1000));
            loseRolls();
            PowerLoss.sync(directory, 60, CycleFiles.cycleOf(last()));
            PowerLoss.zero(last(), PowerLoss.offsetOf(last(), 71), 300);
            PowerLoss.zero(last(), PowerLoss.INDEX_ENTRY, Long.BYTES);
            JournalAppender.open(reopened()).close();
            final PositionException refusal =
                assertThrows(PositionException.class, () -> tailer.poll((event) -> {}, 1000));
            assertTrue(refusal.getMessage().contains("this reader has read sequence 100"), refusal.getMessage());
        }
    }

    private static void assertRefused(final TailerContext tailing, final Path position, final String... parts)
    {
        final PositionException refusal = assertThrows(PositionException.class, () -> JournalTailer.open(tailing));
        assertTrue(refusal.getMessage().contains(position.toString()), refusal.getMessage());
        for (final String part : parts)
        {
            assertTrue(refusal.getMessage().contains(part), refusal.getMessage());
        }
    }

    /** A journal as a process leaves it that did not stop in order, all of it in the files. */
    private void fill(final int count) throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory).bootId(BOOT)))
        {
            records.appendNext(appender, count, 100);
        }
        PowerLoss.loseStop(directory);
    }

    private JournalContext reopened()
    {
        return context(directory).bootId(NEXT_BOOT);
    }

    private void loseRolls() throws IOException
    {
        final Path runs = new DataDirectory(directory).runs();
        final List<String> lines = ControlFileKind.RUNS.read(new DataDirectory(directory)).lines().stream()
            .filter((line) -> line.startsWith("start ")).collect(Collectors.toList());
        ControlFile.replace(runs, lines, new DeviceForce(ForceListener.NONE));
    }

    private List<Path> files() throws IOException
    {
        return CycleFiles.list(directory.resolve("journal"));
    }

    private Path last() throws IOException
    {
        return files().get(files().size() - 1);
    }

    private Map<Path, byte[]> contents() throws IOException
    {
        final Map<Path, byte[]> contents = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory))
        {
            for (final Path path : (Iterable<Path>)paths.filter(Files::isRegularFile)::iterator)
            {
                if (!path.endsWith("engine.lock"))
                {
                    contents.put(path, Files.readAllBytes(path));
                }
            }
        }
        return contents;
    }

    private void assertSame(final Map<Path, byte[]> before) throws IOException
    {
        final Map<Path, byte[]> now = contents();
        assertEquals(before.keySet(), now.keySet());
        before.forEach((path, bytes) -> assertArrayEquals(bytes, now.get(path), path.toString()));
    }

    private void checkSound(final long last) throws IOException
    {
        assertEquals(range(1, last), sequences(directory));
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.isSound() && report.torn() == 0, () -> report.findings().toString());
    }

    private void delete() throws IOException
    {
        try (Stream<Path> paths = Files.walk(directory))
        {
            for (final Path path : (Iterable<Path>)paths.sorted((a, b) -> b.compareTo(a))::iterator)
            {
                if (!path.equals(directory))
                {
                    Files.delete(path);
                }
            }
        }
    }

    private static boolean isZero(final byte[] bytes)
    {
        for (final byte value : bytes)
        {
            if (value != 0)
            {
                return false;
            }
        }
        return true;
    }
}
