package io.sluice.journal;

import java.nio.file.Path;

/**
 * Is told of every force to the device that has completed, on the thread that made it. For tests that build what a
 * power loss would leave.
 */
@FunctionalInterface
public interface ForceListener
{
    /** Does nothing. */
    ForceListener NONE = (path, isDirectory) ->
    {
    };

    /**
     * A force has completed: what was written to the file before it began, or the names in the directory, survive a
     * power loss from now on.
     *
     * @param path        of the file or directory.
     * @param isDirectory true if the names in it were forced.
     */
    void onForced(Path path, boolean isDirectory);

    /**
     * A force of a part of a file has completed: what was written there before it began survives a power loss from now
     * on, and of the rest nothing is said. Told in place of {@link #onForced(Path, boolean)}.
     *
     * @param path of the file.
     * @param from first byte of the part.
     * @param to   behind the last one.
     */
    default void onForced(final Path path, final long from, final long to)
    {
        onForced(path, false);
    }
}
