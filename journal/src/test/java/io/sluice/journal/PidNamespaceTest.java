package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Processes that don't see each other's pids, as in two containers with one volume. */
class PidNamespaceTest
{
    private static final List<String> UNSHARE = List.of("unshare", "--pid", "--fork", "--kill-child", "--mount-proc");

    private final TestRecords records = new TestRecords();

    @TempDir
    Path directory;

    @BeforeEach
    void needUnshare() throws InterruptedException
    {
        int code = -1;
        try
        {
            final List<String> command = new ArrayList<>(UNSHARE);
            command.add("true");
            code = new ProcessBuilder(command).start().waitFor();
        }
        catch (final IOException ex)
        {
            // No such command.
        }
        assumeTrue(code == 0, "needs the right to make a pid namespace: unshare --pid");
    }

    @Test
    void shouldNameTheHolderAndLeaveItsLocksWhenItIsInAnotherNamespace() throws IOException, InterruptedException
    {
        try (ChildJvm holder =
            ChildJvm.start(UNSHARE, ChildAppender.class, directory.toString(), "NONE", "0", "0", "5"))
        {
            String line = holder.readLine();
            while (!"waiting".equals(line))
            {
                line = holder.readLine();
            }
            final Path metadata = directory.resolve("journal").resolve(CycleFiles.METADATA);
            final byte[] before = Files.readAllBytes(metadata);
            for (int attempt = 0; attempt < 3; attempt++)
            {
                final DataDirectoryException busy = assertThrows(
                    DataDirectoryException.class, () -> JournalAppender.open(context(directory)));
                assertEquals(DirectoryState.BUSY, busy.state());
                assertTrue(busy.getMessage().contains("pid 1, "), busy.getMessage());
                assertTrue(busy.getMessage().contains("another namespace"), busy.getMessage());
            }
            assertThrows(DataDirectoryException.class, () -> JournalRepair.quarantine(directory));
            assertArrayEquals(before, Files.readAllBytes(metadata));
            assertEquals(range(1, 9), sequences(directory));
            holder.send("stop");
            assertEquals("closed", holder.readLine());
            assertEquals(0, holder.waitFor());
        }
        goOn(9);
    }

    @Test
    void shouldOpenAtOnceWhenTheHolderInAnotherNamespaceWasKilled() throws IOException, InterruptedException
    {
        try (ChildJvm holder = ChildJvm.start(
            UNSHARE, ChildAppender.class, directory.toString(), "ROLL", "1", "2", "2000"))
        {
            String line = holder.readLine();
            while (!line.startsWith("dying"))
            {
                line = holder.readLine();
            }
            holder.waitFor();
        }
        final long last;
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            last = appender.lastSequence();
        }
        goOn(last);
    }

    @Test
    void shouldReadWhenTheReaderIsInAnotherNamespace() throws IOException, InterruptedException
    {
        try (ChildJvm reader = ChildJvm.start(UNSHARE, ChildTailer.class, directory.toString(), "600"))
        {
            assertEquals("ready", reader.readLine());
            try (JournalAppender appender = JournalAppender.open(context(directory)))
            {
                records.appendNext(appender, 600, 150);
                assertTrue(appender.rolls() > 1);
                for (long sequence = 1; sequence <= 600; sequence++)
                {
                    assertEquals(Long.toString(sequence), reader.readLine());
                }
                records.appendNext(appender, 1, 150);
            }
            assertEquals(0, reader.waitFor());
        }
    }

    private void goOn(final long last) throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(directory)))
        {
            assertEquals(last, appender.lastSequence());
            records.appendNext(appender, 10, 100);
        }
        assertEquals(range(1, last + 10), sequences(directory));
        assertTrue(JournalVerifier.verify(directory).isSound());
    }
}
