package io.sluice.engine;

import io.sluice.event.EventStorageException;
import io.sluice.event.IdGenerator;
import io.sluice.journal.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Makes run ids: positive, and different for every seed, start time and earlier run of the same directory. */
final class RunIds
{
    private RunIds()
    {
    }

    static long next(final EngineContext context)
    {
        final long seed = context.seed() + lengthOfRunLog(context);
        final long id = new IdGenerator(seed).next(context.clock().nanoTime()).low() & Long.MAX_VALUE;
        return id == 0 ? 1L : id;
    }

    // It grows with each run, so that a restart under a clock that stands still gets an id of its own, and always the
    // same.
    private static long lengthOfRunLog(final EngineContext context)
    {
        if (context.directory() == null)
        {
            return 0L;
        }
        final Path log = new DataDirectory(context.directory()).runs();
        try
        {
            return Files.exists(log) ? Files.size(log) : 0L;
        }
        catch (final IOException ex)
        {
            throw new EventStorageException("log of runs " + log + " can't be read: " + ex, ex);
        }
    }
}
