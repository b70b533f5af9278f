package io.sluice.journal;

/** Is told what happens to closed files, on the thread that does the work, which waits for the return. */
@FunctionalInterface
public interface ArchiveListener
{
    /** Does nothing. */
    ArchiveListener NONE = (action) ->
    {
    };

    /**
     * Something was done, or could not be done.
     *
     * @param action with one file.
     */
    void onAction(ArchiveAction action);
}
