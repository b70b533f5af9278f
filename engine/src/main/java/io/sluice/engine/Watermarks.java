package io.sluice.engine;

import io.sluice.journal.SyncListener;

/**
 * How far the journal has come: up to which sequence records survive the end of the process (journaled), and up to
 * which they survive power loss (synced). The first is moved by the sequencing thread, the second by the thread that
 * forces; any thread reads.
 */
final class Watermarks implements SyncListener
{
    private volatile long journaled;
    private volatile long synced;
    private volatile SyncListener listener = SyncListener.NONE;
    private volatile boolean honoured;

    /**
     * As the journal was found at open, before any thread of the engine runs.
     *
     * @param lastSequence   journaled.
     * @param isHonoured     false if what is forced survives nothing here: then nothing is ever synced.
     * @param syncedSequence forced.
     */
    void open(final long lastSequence, final boolean isHonoured, final long syncedSequence)
    {
        journaled = lastSequence;
        honoured = isHonoured;
        if (isHonoured)
        {
            advance(syncedSequence);
        }
    }

    /** Told after the watermark has moved. A force before that moves the watermark only. */
    void listener(final SyncListener value)
    {
        listener = value;
    }

    void journaled(final long sequence)
    {
        journaled = sequence;
    }

    long journaled()
    {
        return journaled;
    }

    long synced()
    {
        return synced;
    }

    @Override
    public void onSynced(final long sequence)
    {
        if (honoured)
        {
            advance(sequence);
            listener.onSynced(sequence);
        }
    }

    // By the thread that forces, and by those that open and close the engine while that one does not run.
    private void advance(final long sequence)
    {
        if (sequence > synced)
        {
            synced = sequence;
        }
    }
}
