package io.sluice.journal;

import io.sluice.event.Verdict;
import org.agrona.MutableDirectBuffer;

/**
 * Gives records their sequence and makes them durable: the only order there is.
 *
 * <p>Records are staged one by one and appended together, as one excerpt that a reader sees whole or not at all.
 * Confined to one thread. Staging and committing allocate nothing.
 */
public interface EventAppender extends AutoCloseable
{
    /** @return id of this run, in every record that it appends. */
    long runId();

    /** @return sequence of the last committed record, 0 for an empty journal. */
    long lastSequence();

    /** @return sequence that the next staged record gets. */
    long nextSequence();

    /** @return journal time of the last staged record, or of the last one found at open; nanoseconds since 1970 UTC. */
    long lastJournalTime();

    /**
     * Give a record its sequence, journal time, verdict and checksum, in place, and stage a copy of it. Where the open
     * batch has no room left, it is committed first.
     *
     * @param record           buffer that holds a completed record.
     * @param offset           of the record.
     * @param length           of the record in bytes.
     * @param verdict          of dedup.
     * @param originalSequence of a duplicate, otherwise 0.
     * @param nowNs            nanoseconds since 1970 UTC; the journal time is this or the last one, whichever is later.
     * @return the sequence.
     */
    long stage(MutableDirectBuffer record, int offset, int length, Verdict verdict, long originalSequence, long nowNs);

    /** @return records staged and not yet committed. */
    int stagedCount();

    /** @return bytes staged and not yet committed. */
    int stagedLength();

    /**
     * Append what is staged as one excerpt; nothing happens if nothing is.
     *
     * @return sequence of the last committed record.
     * @throws io.sluice.event.EventStorageException if the append failed. Where there is no room, which can only be if
     *                                               {@link #isReady()} was not asked, what is staged stays staged.
     */
    long commit();

    /**
     * Sequence up to which every record is forced to the device, or was when the journal was opened. Any thread.
     *
     * @return the sequence; 0 where there is no journal.
     */
    default long syncedSequence()
    {
        return 0L;
    }

    /**
     * Ask for a force that covers a record; returns at once, allocates nothing. Any thread. Where there is a syncer, it
     * does the work; otherwise the next {@link #sync()} does.
     *
     * @param sequence of a record; where it is not committed yet, the force follows its commit.
     */
    default void requestSync(final long sequence)
    {
    }

    /**
     * Force what was asked for, and files that the journal rolled away from, on the calling thread, which is the one
     * that appends. Nothing happens if there is a syncer thread, or nothing to do, or a force has failed less than a
     * tenth of a second ago.
     *
     * @return 1 if something was forced, otherwise 0.
     */
    default int sync()
    {
        return 0;
    }

    /**
     * May a record be staged, of any length up to the greatest, and be committed with those that are staged? False
     * while storage is in trouble: then nothing is to be staged, and the question asked again later, which is also what
     * tries again. Ask before each record. A read or two and no allocation as long as the answer is yes; now and then a
     * system call.
     *
     * @return true if so.
     * @throws io.sluice.event.EventStorageException if it will never be so again: the file that is appended to is gone,
     *                                               or can't be written any more.
     */
    default boolean isReady()
    {
        return true;
    }

    /** @return whether storage is in trouble, and why. Any thread. */
    default StorageStatus storage()
    {
        return StorageStatus.HEALTHY;
    }

    /** Commit what is staged and release everything. Idempotent. */
    @Override
    void close();
}
