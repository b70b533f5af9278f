package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Tells whether files may have come to directories or left them. Their times of change have the steps of the kernel's
 * clock, so that a recent one may stand for more than one change.
 */
final class DirectoryChanges
{
    private static final long RECENT_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long NEVER = Long.MIN_VALUE;

    private final Path[] directories;
    private final long[] seen;
    private boolean wasRecent = true;

    DirectoryChanges(final Path... directories)
    {
        this.directories = directories;
        seen = new long[directories.length];
    }

    /** @return false if nothing changed since the last call. */
    boolean isAny()
    {
        boolean isAny = wasRecent;
        wasRecent = false;
        final long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
        for (int i = 0; i < directories.length; i++)
        {
            final long time = timeOf(directories[i]);
            isAny |= time != seen[i];
            wasRecent |= time != NEVER && Math.abs(now - time) < RECENT_NS;
            seen[i] = time;
        }
        return isAny;
    }

    private static long timeOf(final Path directory)
    {
        try
        {
            return Files.getLastModifiedTime(directory).to(TimeUnit.NANOSECONDS);
        }
        catch (final NoSuchFileException ex)
        {
            return NEVER;
        }
        catch (final IOException ex)
        {
            // Whoever lists it says so.
            return System.nanoTime();
        }
    }
}
