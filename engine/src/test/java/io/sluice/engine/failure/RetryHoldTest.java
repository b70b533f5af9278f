package io.sluice.engine.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventStorageException;
import io.sluice.journal.ArchivePolicy;
import io.sluice.journal.DataDirectory;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetryHoldTest
{
    @TempDir
    private Path directory;

    @Test
    void shouldHoldRetentionBehindTheLeastSequenceWhetherOrNotTheLogIsOpen()
    {
        final DataDirectory data = new DataDirectory(directory);
        assertEquals(Long.MAX_VALUE, RetryHold.done(data), "nobody ever failed");
        try (RetryLog log = open())
        {
            assertEquals(Long.MAX_VALUE, RetryHold.done(data));
            append(log, failed(1, 100));
            append(log, failed(2, 70));
            append(log, failed(3, 50));
            append(log, RetryEntry.closed(3, 50));
            assertEquals(69, RetryHold.done(data));
        }
        assertEquals(69, RetryHold.done(data));
        final ArchivePolicy policy = new ArchivePolicy();
        assertSame(policy, RetryHold.addTo(policy, directory));
    }

    @Test
    void shouldSayNothingWhenTheLogIsDamaged()
    {
        try (RetryLog log = open())
        {
            append(log, failed(1, 100));
            Holes.flip(log, 64 + 30);

            assertThrows(EventStorageException.class, () -> RetryHold.done(new DataDirectory(directory)));
        }
    }

    private RetryLog open()
    {
        return RetryLog.open(new DataDirectory(directory), 4096, error ->
        {
            throw new AssertionError(error);
        });
    }

    private static void append(final RetryLog log, final RetryEntry entry)
    {
        assertTrue(log.append(entry));
    }

    private static RetryEntry failed(final long subscription, final long sequence)
    {
        return RetryEntry.failed(
            subscription, sequence, RetryEntry.NO_KEY, 1, 2, 3, 4, FailureCause.THREW, "no");
    }
}
