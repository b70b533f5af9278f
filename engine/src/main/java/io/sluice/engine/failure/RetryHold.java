package io.sluice.engine.failure;

import io.sluice.event.EventStorageException;
import io.sluice.journal.ArchivePolicy;
import io.sluice.journal.DataDirectory;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Lets retention wait for what is to be retried, whether or not an engine runs: a retry reads its event from the
 * journal.
 */
public final class RetryHold
{
    /** Name of the reader in reports, and of its directory in {@code positions/}. */
    public static final String NAME = RetryFiles.NAME;

    private static final int ATTEMPTS = 10;

    private RetryHold()
    {
    }

    /**
     * Add it to a policy, behind the one of the pipeline: what the pipeline has passed must be looked for here after
     * that.
     *
     * @param policy    to change.
     * @param directory data directory.
     * @return the policy.
     */
    public static ArchivePolicy addTo(final ArchivePolicy policy, final Path directory)
    {
        final DataDirectory data = new DataDirectory(directory);
        return policy.hold(NAME, () -> done(data));
    }

    /**
     * Read the log, beside an engine that may be appending to it. Changes nothing.
     *
     * @param directory data directory.
     * @return sequence up to which nothing is to be retried; the greatest value if nothing is.
     * @throws EventStorageException if it can't be read, or is damaged.
     */
    static long done(final DataDirectory directory)
    {
        IOException failure = null;
        // Compaction may take a file away between the look at the directory and the opening.
        for (int attempt = 0; attempt < ATTEMPTS; attempt++)
        {
            try
            {
                final long lowest = lowestSequence(new RetryFiles(directory).open());
                return lowest == Long.MAX_VALUE ? lowest : lowest - 1;
            }
            catch (final NoSuchFileException ex)
            {
                failure = ex;
            }
            catch (final IOException ex)
            {
                throw notReadable(directory, ex);
            }
        }
        throw notReadable(directory, failure);
    }

    private static long lowestSequence(final List<RetrySegment> segments)
    {
        try
        {
            if (segments.isEmpty())
            {
                return Long.MAX_VALUE;
            }
            RetryFiles.link(segments);
            final RetryCursor cursor = new RetryCursor(segments.get(0), error ->
            {
                throw (EventStorageException)error;
            });
            final OpenRetries open = new OpenRetries();
            open.remember(true);
            while (cursor.next(0))
            {
                open.apply(
                    cursor.entry(), cursor.position(), cursor.length(), cursor.isCarried(), cursor.origin());
                cursor.advance();
            }
            return open.lowestSequence();
        }
        finally
        {
            segments.forEach(RetrySegment::retire);
        }
    }

    private static EventStorageException notReadable(final DataDirectory directory, final IOException cause)
    {
        return new EventStorageException(
            "retry log " + new RetryFiles(directory).directory() + " can't be read: " + cause + "; check permissions",
            cause);
    }
}
