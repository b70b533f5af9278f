package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(240)
class SyncCrashTest
{
    private final TestRecords records = new TestRecords();
    private DataDirectory data;
    private long journaled;
    private long synced;

    @TempDir
    Path directory;

    @Test
    void shouldKeepWatermarkAndRecordsWhenKilledWhileSyncing() throws IOException
    {
        data = new DataDirectory(directory);
        final Random random = new Random(20261122L);
        for (int round = 0; round < 8; round++)
        {
            try (ChildJvm child = ChildJvm.start(ChildSyncer.class, directory.toString(), "true", "NONE", "0"))
            {
                read(child, 2 + random.nextInt(500));
            }
            final SyncedMark mark = SyncedMark.read(data);
            assertTrue(mark.sequence() >= synced, "mark " + mark + " is older than " + synced);
            synced = mark.sequence();
        }
        checkAfterCrash();
    }

    @ParameterizedTest
    @CsvSource({
        "false,0,1", "false,1,1", "false,0,3", "false,1,3", "false,2,2", "false,3,2", "false,4,2", "false,END,4",
        "true,0,2", "true,1,4", "true,2,2", "true,3,2", "true,END,2"})
    void shouldGoOnWhenKilledInStepOfForce(final String hasThread, final String step, final String occurrence)
        throws IOException
    {
        data = new DataDirectory(directory);
        try (ChildJvm child = ChildJvm.start(ChildSyncer.class, directory.toString(), hasThread, step, occurrence))
        {
            read(child, Integer.MAX_VALUE);
        }
        assertTrue(SyncedMark.read(data).sequence() >= synced);
        checkAfterCrash();
    }

    @Test
    void shouldForceAllFilesBehindMarkWhenKilledAfterRolls() throws IOException
    {
        data = new DataDirectory(directory);
        try (ChildJvm child = ChildJvm.start(
            ChildAppender.class, directory.toString(), "NONE", "0", "0", "1000", "noSyncer"))
        {
            String line = child.readLine();
            while (!"waiting".equals(line))
            {
                line = child.readLine();
            }
        }
        final List<Path> files = CycleFiles.list(data.journal());
        assertTrue(files.size() > 3);
        assertEquals(0, SyncedMark.read(data).sequence());
        final List<Path> forced = new ArrayList<>();
        try (JournalAppender appender = JournalAppender.open(
            context(directory).forceListener((path, isDirectory) -> forced.add(path))))
        {
            assertEquals(1999, appender.syncedSequence());
            assertTrue(forced.containsAll(files));
            assertEquals(1999, SyncedMark.read(data).sequence());
            assertTrue(forced.indexOf(data.journal()) > forced.indexOf(files.get(files.size() - 1)));
        }
    }

    private void read(final ChildJvm child, final int lines) throws IOException
    {
        String line = child.readLine();
        for (int i = 0; i < lines && line != null && !"dying".equals(line); i++)
        {
            final String[] words = line.split(" ", -1);
            final long sequence = Long.parseLong(words[1]);
            switch (words[0])
            {
                case "journaled":
                    journaled = sequence;
                    break;

                case "synced":
                    assertTrue(sequence > synced || sequence == 0, sequence + " after " + synced);
                    synced = sequence;
                    break;

                default:
                    assertTrue(sequence >= Math.max(journaled, synced), line);
                    assertEquals(sequence, Long.parseLong(words[2]), "what recovery left is forced");
                    synced = sequence;
                    break;
            }
            line = child.readLine();
        }
    }

    private void checkAfterCrash() throws IOException
    {
        final long before;
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            before = appender.lastSequence();
            assertTrue(before >= Math.max(journaled, synced), "recovered " + before);
            assertEquals(before, appender.syncedSequence());
            assertEquals(before, SyncedMark.read(data).sequence());
            records.appendNext(appender, 300, 150);
        }
        assertEquals(before + 300, SyncedMark.read(data).sequence());
        assertEquals(range(1, before + 300), sequences(directory));
        final VerifyReport report = JournalVerifier.verify(directory);
        assertTrue(report.isSound(), () -> report.findings().toString());
    }
}
