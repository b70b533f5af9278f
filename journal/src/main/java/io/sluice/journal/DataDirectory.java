package io.sluice.journal;

import java.nio.file.Path;

/**
 * Layout of a data directory.
 *
 * <pre>
 *   DIR/
 *     FORMAT        version of this layout; a newer one is refused untouched
 *     engine.lock   held by the one process that appends; readers need no lock
 *     journal/      Chronicle Queue files, nothing else; readers never write here
 *     control/      engine starts and what else must be durable but is no event; who asked the engine for what
 *     positions/    durable positions
 *     index/        where events lie by their ids, types and times; made again from the journal at any time
 *     archive/      compressed, optionally encrypted, closed journal files
 *     dead-letters/ a data directory of its own, made with the first event that could not be handled
 *     telemetry/    counters, commands, errors, *.hlog
 *     quarantine/   what recovery and repair took out of the journal, unchanged
 * </pre>
 *
 * Immutable; opens nothing by itself.
 */
public final class DataDirectory
{
    /** Version of the layout that this code writes. */
    public static final int FORMAT_VERSION = 1;

    private final Path root;

    /**
     * @param root of the data directory.
     */
    public DataDirectory(final Path root)
    {
        this.root = root;
    }

    /** @return the directory itself. */
    public Path root()
    {
        return root;
    }

    /** @return file with the version of the layout. */
    public Path formatFile()
    {
        return root.resolve("FORMAT");
    }

    /** @return file that the appending process holds locked; its text names the holder. */
    public Path lockFile()
    {
        return root.resolve("engine.lock");
    }

    /** @return Chronicle Queue files. */
    public Path journal()
    {
        return root.resolve("journal");
    }

    /** @return engine starts and the like. */
    public Path control()
    {
        return root.resolve("control");
    }

    /** @return log of the runs that appended; it grows with each. */
    public Path runs()
    {
        return control().resolve("runs");
    }

    /** @return how far the journal is forced to the device, for all processes to read. */
    public Path synced()
    {
        return control().resolve("synced");
    }

    /** @return compressed, optionally encrypted, closed journal files. */
    public Path archive()
    {
        return root.resolve("archive");
    }

    /** @return file that a process holds locked while it moves files into the archive. */
    public Path archiveLockFile()
    {
        return archive().resolve("lock");
    }

    /** @return durable positions. */
    public Path positions()
    {
        return root.resolve("positions");
    }

    /** @return where events lie by their ids, types and times. */
    public Path index()
    {
        return root.resolve("index");
    }

    /** @return what recovery and repair took out of the journal, unchanged. */
    public Path quarantine()
    {
        return root.resolve("quarantine");
    }

    /** @return data directory of the events that could not be handled; it has a journal of its own. */
    public Path deadLetters()
    {
        return root.resolve("dead-letters");
    }

    /** @return counters, errors, histograms. */
    public Path telemetry()
    {
        return root.resolve("telemetry");
    }
}
