package io.sluice.perf.stalls;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.report.MeasurementException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.agrona.CloseHelper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AppendSideTest
{
    private static final int RATE = 1_000_000;
    private static final int COUNT = 5000;
    private static final long ROLL_SIZE = 1_000_000;

    @TempDir
    private Path directory;

    @Test
    void shouldReadBackWhatItAppendedWhenASideIsSluice()
    {
        try (AppendSide side = new SluiceSide(directory.resolve("journal"), 256, ROLL_SIZE))
        {
            final StallLog log = play(side);
            assertEquals(COUNT, log.records());
            assertTrue(log.calls().getTotalCount() + log.rolls().getTotalCount() <= COUNT);
            assertTrue(log.rolls().getTotalCount() >= 1, "no roll in " + log.bytes() + " bytes");
            side.closeAndCheck();
        }
    }

    @Test
    void shouldReadBackWhatItAppendedWhenASideIsBare()
    {
        for (final long rollSize : new long[]{0, ROLL_SIZE})
        {
            try (AppendSide side = new BareSide(directory.resolve("bare-" + rollSize), 256, rollSize))
            {
                final StallLog log = play(side);
                assertEquals(COUNT, log.calls().getTotalCount() + log.rolls().getTotalCount());
                assertEquals(rollSize == 0, log.rolls().getTotalCount() == 0);
                side.closeAndCheck();
            }
        }
    }

    @Test
    void shouldTouchNoFileWhenASideIsMemory() throws IOException
    {
        try (AppendSide side = new MemorySide(256))
        {
            assertEquals(COUNT, play(side).calls().getTotalCount());
            side.closeAndCheck();
        }
        try (Stream<Path> files = Files.list(directory))
        {
            assertEquals(0, files.count());
        }
    }

    @Test
    void shouldSayWrongAnswerWhenAJournalFileIsGone() throws IOException
    {
        final Path journal = directory.resolve("journal");
        try (AppendSide side = new SluiceSide(journal, 256, ROLL_SIZE))
        {
            play(side);
            CloseHelper.close(side);
            final List<Path> files;
            try (Stream<Path> found = Files.list(journal.resolve("journal")))
            {
                files = found.filter((file) -> file.toString().endsWith(".cq4")).sorted().collect(Collectors.toList());
            }
            Files.delete(files.get(files.size() - 1));
            assertThrows(MeasurementException.class, side::closeAndCheck);
        }
    }

    private static StallLog play(final AppendSide side)
    {
        final StallLog log = new StallLog(side.name(), side.recordLength(), System.nanoTime());
        PacedAppends.run(side, RATE, COUNT, log);
        assertEquals(COUNT, log.lateness().getTotalCount());
        return log;
    }
}
