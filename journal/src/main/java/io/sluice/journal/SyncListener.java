package io.sluice.journal;

/** Is told how far the journal is forced to the device. */
@FunctionalInterface
public interface SyncListener
{
    /** Does nothing. */
    SyncListener NONE = (sequence) ->
    {
    };

    /**
     * A force has completed. Called on the syncer's thread, or, where there is none, on the thread of {@link
     * EventAppender#sync()}; the next force waits for the return.
     *
     * @param sequence of the last record that survives power loss now; never less than before.
     */
    void onSynced(long sequence);
}
