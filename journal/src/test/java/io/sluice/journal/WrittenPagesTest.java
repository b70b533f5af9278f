package io.sluice.journal;

import static io.sluice.journal.TestRecords.context;
import static io.sluice.journal.TestRecords.range;
import static io.sluice.journal.TestRecords.sequences;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How much of a journal file the process has in its page tables is what {@code /proc/self/smaps} says. */
class WrittenPagesTest
{
    private static final Path MAPS = Path.of("/proc/self/smaps");
    private static final int RECORDS = 4000;
    private static final int LENGTH = 1000;

    private final TestRecords records = new TestRecords();

    @TempDir
    Path directory;

    @Test
    void shouldLeaveThePageTableWhenTheyAreFull() throws IOException
    {
        assumeTrue(Files.isReadable(MAPS), "no " + MAPS + " here");
        try (JournalAppender appender = JournalAppender.open(context(directory).prepareAhead(0).rollSize(1 << 24)))
        {
            records.appendNext(appender, RECORDS, LENGTH);
            final long resident = residentBytes();
            assertTrue(resident < RECORDS * LENGTH / 4, "resident: " + resident);
        }
        assertEquals(range(1, RECORDS), sequences(directory));
        assertTrue(JournalVerifier.verify(directory).isSound());
    }

    private long residentBytes() throws IOException
    {
        final String journal = new DataDirectory(directory).journal().toString();
        long greatest = 0;
        boolean isOurs = false;
        final List<String> lines = Files.readAllLines(MAPS);
        for (final String line : lines)
        {
            if (line.matches("^[0-9a-f]+-[0-9a-f]+ .*"))
            {
                isOurs = line.contains(journal) && line.endsWith(CycleFiles.SUFFIX);
            }
            else if (isOurs && line.startsWith("Rss:"))
            {
                greatest = Math.max(greatest, 1024 * Long.parseLong(line.replaceAll("\\D", "")));
            }
        }
        return greatest;
    }
}
