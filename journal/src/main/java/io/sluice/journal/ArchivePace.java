package io.sluice.journal;

import java.util.concurrent.locks.LockSupport;

/**
 * Keeps work on closed files out of the way of the journal: it goes in pieces, with a pause after each that is as long
 * as the piece took, and ends between two pieces when asked. {@link #requestStop()} from any thread, the rest from the
 * one that works.
 */
final class ArchivePace
{
    /** Thrown out of the work when it is asked to end. */
    static final class StoppedException extends RuntimeException
    {
        private static final long serialVersionUID = 1L;

        StoppedException()
        {
            super("stopped", null, false, false);
        }
    }

    private static final long PIECE = 1L << 20;
    private static final long MAX_PAUSE_NS = 50_000_000L;

    private final boolean isPausing;
    private volatile boolean isStopping;
    private long bytes;
    private long startNs = System.nanoTime();

    /**
     * @param isPausing false to work without pauses.
     */
    ArchivePace(final boolean isPausing)
    {
        this.isPausing = isPausing;
    }

    /** @return true if others are at work meanwhile. */
    boolean isPausing()
    {
        return isPausing;
    }

    /** So many bytes more were worked on. */
    void onBytes(final int count)
    {
        bytes += count;
        if (bytes >= PIECE)
        {
            bytes = 0;
            onPiece();
        }
    }

    /** A piece of work is done. */
    void onPiece()
    {
        if (isStopping)
        {
            throw new StoppedException();
        }
        if (isPausing)
        {
            LockSupport.parkNanos(Math.min(MAX_PAUSE_NS, System.nanoTime() - startNs));
            startNs = System.nanoTime();
        }
    }

    void requestStop()
    {
        isStopping = true;
    }

    boolean isStopping()
    {
        return isStopping;
    }
}
