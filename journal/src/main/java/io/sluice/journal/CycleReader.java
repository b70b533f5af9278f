package io.sluice.journal;

import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads one file of a journal run by run, from front to back. A run is what can be looked at together: an excerpt, or a
 * block of an archive. The file stays readable after it was moved or deleted. Not thread-safe.
 */
interface CycleReader extends AutoCloseable
{
    JournalFile file();

    /** @return true if the file holds no record yet. */
    boolean isEmpty() throws IOException;

    /** Stand before the first run again. */
    void rewind();

    /**
     * Go to the next run. Allocates nothing where the file is mapped.
     *
     * @return false if there is none, see {@link #isEnded()}.
     * @throws JournalDamagedException if the bytes are not what was written.
     */
    boolean next() throws IOException;

    /** @return true if {@link #next()} found that the file is complete; false if it may go on. */
    boolean isEnded();

    /** @return true if the file went on since {@link #next()} found no run. */
    boolean hasGrown() throws IOException;

    /** @return true if another file is in the place of this one, or none: what is appended does not appear here. */
    default boolean isReplaced() throws IOException
    {
        return false;
    }

    /** @return records of the present run lie here, each at a multiple of 8 from the first one. */
    UnsafeBuffer buffer();

    /** @return where the first record of the run starts. */
    int runStart();

    /** @return where the run ends. */
    int runEnd();

    /** Stands for a run that has no place of its own, see {@link #runPlace()}. */
    int NO_PLACE = -1;

    /** @return where the present run lies, for {@link #moveToRun}; {@link #NO_PLACE} if finding it takes no hint. */
    default int runPlace()
    {
        return NO_PLACE;
    }

    /**
     * Stand before the run at a place.
     *
     * @param place that {@link #runPlace()} gave once, or anything else.
     * @return false if no run of sound records starts there.
     */
    default boolean moveToRun(final int place) throws IOException
    {
        return false;
    }

    /** @return where in the file the next run is expected; grows with every run. */
    long position();

    /**
     * Time has passed: see that bytes of the present run can still be read.
     *
     * @param from in {@link #buffer()}.
     * @param to   in {@link #buffer()}, the same if none are left.
     * @throws JournalDamagedException if not.
     */
    default void resume(final int from, final int to)
    {
    }

    /**
     * @param recordAt place in the present run, or -1 for that of the next run.
     * @return where that is in the file, in words.
     */
    String place(int recordAt);

    /**
     * @param bySequence true for the sequence of the first record, false for its journal time.
     * @return what the directory of the file says, -1 if the file has none and must be read.
     */
    long firstValue(boolean bySequence);

    /**
     * Pass runs as long as the value of the first record of the following one is not above a bound: the next run is the
     * last one that starts at or below it. Checks no hash on the way.
     *
     * @param bySequence true if the bound is a sequence, false if it is a journal time.
     * @param bound      to stop at.
     */
    void skipRuns(boolean bySequence, long bound) throws IOException;

    @Override
    void close();
}
