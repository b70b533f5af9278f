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
}
