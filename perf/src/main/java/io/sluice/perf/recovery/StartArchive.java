package io.sluice.perf.recovery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * An archive of the classes that a start needs, as {@code ./sluice} makes one for the tools: written by a start of the
 * same program at its end.
 */
final class StartArchive
{
    private static final String WRITE = "-XX:ArchiveClassesAtExit=";
    private static final String USE = "-XX:SharedArchiveFile=";
    private static final String QUIET = "-Xlog:disable";
    private static final String[] NONE = {};

    private StartArchive()
    {
    }

    /**
     * Make one.
     *
     * @param scratch  directory of the archive, and of the data of the start that makes it.
     * @param rollSize bytes of a journal file.
     * @param errors   file for what the child writes to stderr.
     * @return flags of a JVM that uses it; none if this Java can't make one.
     */
    static String[] make(final Path scratch, final long rollSize, final Path errors)
    {
        final Path archive = scratch.resolve("start.jsa");
        try (TimedStart started =
            TimedStart.of(scratch.resolve("data"), rollSize, errors, QUIET, WRITE + archive))
        {
            started.stop();
            return Files.isRegularFile(archive) && Files.size(archive) > 0 ? new String[]{USE + archive, QUIET} : NONE;
        }
        catch (final IllegalStateException e)
        {
            // A JVM with directories of classes in its path, for one, does not even start with that option. If it was
            // something else, the starts that follow say so.
            return NONE;
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
