package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SyncedTailerTest
{
    private final TestRecords records = new TestRecords();

    @TempDir
    Path directory;

    @Test
    void shouldHandOutOnlyWhatIsForcedWhenVisibleAtSynced()
    {
        try (JournalAppender appender = JournalAppender.open(context(directory).syncThread(false));
            JournalTailer tailer = JournalTailer.open(synced()))
        {
            records.appendNext(appender, 10, 100);
            assertEquals(List.of(), sequences(tailer));
            assertEquals(range(1, 10), sequences(directory), "others see them");
            sync(appender);
            assertEquals(range(1, 10), sequences(tailer));
            // Files roll, and an excerpt holds several records.
            for (int round = 0; round < 50; round++)
            {
                final long first = appender.nextSequence();
                for (int i = 0; i < 30; i++)
                {
                    records.stage(appender, appender.nextSequence(), 150);
                }
                appender.commit();
                assertEquals(List.of(), sequences(tailer));
                sync(appender);
                assertEquals(range(first, appender.lastSequence()), sequences(tailer));
            }
            assertTrue(appender.rolls() > 1);
            assertEquals(appender.nextSequence(), tailer.nextSequence());
        }
    }

    @Test
    void shouldStopAtMarkWhenItLiesWithinAnExcerpt() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            for (int i = 0; i < 30; i++)
            {
                records.stage(appender, appender.nextSequence(), 150);
            }
        }
        final DataDirectory data = new DataDirectory(directory);
        try (SyncedFile file = SyncedFile.open(data, new DeviceForce(ForceListener.NONE));
            JournalTailer tailer = JournalTailer.open(synced()))
        {
            file.save(1, 7, 1, 1, 1);
            assertEquals(range(1, 7), sequences(tailer));
            assertEquals(8, tailer.nextSequence());
            file.save(1, 8, 1, 1, 1);
            assertEquals(range(8, 8), sequences(tailer));
        }
    }

    @Test
    void shouldWaitWhenThereIsNoMarkYet() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            records.appendNext(appender, 5, 100);
        }
        Files.delete(new DataDirectory(directory).synced());
        try (JournalTailer tailer = JournalTailer.open(synced()))
        {
            assertEquals(List.of(), sequences(tailer));
            JournalAppender.open(context(directory)).close();
            final List<Long> seen = new ArrayList<>();
            while (seen.isEmpty())
            {
                seen.addAll(sequences(tailer));
            }
            assertEquals(range(1, 5), seen);
        }
    }

    @Test
    void shouldWaitWhenThereIsNoJournalYet() throws IOException
    {
        final Path absent = directory.resolve("absent");
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(absent).waitForJournal(true).visibleAt(VisibleAt.SYNCED)))
        {
            assertEquals(List.of(), sequences(tailer));
            try (JournalAppender appender = JournalAppender.open(context(absent)))
            {
                records.appendNext(appender, 5, 100);
            }
            final List<Long> seen = new ArrayList<>();
            while (seen.isEmpty())
            {
                seen.addAll(sequences(tailer));
            }
            assertEquals(range(1, 5), seen);
        }
    }

    @Test
    void shouldHandOutOnlyWhatIsForcedInAnotherProcess() throws IOException, InterruptedException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory).syncThread(false));
            ChildJvm child = ChildJvm.start(ChildSyncedTailer.class, directory.toString()))
        {
            for (int round = 0; round < 5; round++)
            {
                final long before = appender.lastSequence();
                records.appendNext(appender, 100, 150);
                child.send("poll");
                assertEquals(Long.toString(before + 1), child.readLine());
                sync(appender);
                child.send("poll");
                assertEquals(Long.toString(before + 101), child.readLine());
            }
            child.send("stop");
            assertEquals(0, child.waitFor());
        }
    }

    private TailerContext synced()
    {
        return new TailerContext().directory(directory).visibleAt(VisibleAt.SYNCED);
    }

    private static void sync(final JournalAppender appender)
    {
        appender.requestSync(appender.lastSequence());
        assertEquals(1, appender.sync());
    }
}
