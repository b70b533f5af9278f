package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.agrona.CloseHelper;

/**
 * Walks over the records of a journal, from file to file, whether in {@code journal/} or {@code archive/}. Knows bytes
 * and framing; whether sequences are dense is for others to judge. Not thread-safe. Steps within a file allocate
 * nothing.
 */
final class RecordCursor implements AutoCloseable
{
    // Where the last file seems to end, the directory is listed at once, and then no more often than this, however much
    // is appended meanwhile: a file that is complete says so itself, but for one whose writer died in a roll.
    private static final long LIST_INTERVAL_NS = 10_000_000L;

    private final JournalFiles files;
    private final boolean verifyChecksums;
    private final EventFlyweight event = new EventFlyweight();
    private final EventHash hash = new EventHash();
    private CycleReader cycle;
    private int recordAt;
    private int runEnd;
    private boolean isListed;
    private long listedTime;
    private boolean isReplaced;

    RecordCursor(final JournalFiles files, final boolean verifyChecksums)
    {
        this.files = files;
        this.verifyChecksums = verifyChecksums;
    }

    /** @return view of the present record, valid after {@link #peek()} returned true and until {@link #advance()}. */
    EventFlyweight event()
    {
        return event;
    }

    Path file()
    {
        return cycle == null ? files.journal() : cycle.file().path();
    }

    /** @return where the present record lies, or the next one is expected, in words. */
    String place()
    {
        return cycle == null ? "its start" : cycle.place(recordAt < runEnd ? recordAt : -1);
    }

    /** @return where the present run lies, for {@link JournalRecords}. */
    long runPlace()
    {
        return cycle == null ? JournalRecords.NO_PLACE : JournalRecords.placeOf(cycle);
    }

    /**
     * Stand before the first record of a file.
     *
     * @throws NoSuchFileException if it moved since it was listed.
     */
    void moveTo(final JournalFile file) throws IOException
    {
        if (cycle == null || !cycle.file().equals(file) || cycle.isReplaced())
        {
            final CycleReader opened = files.open(file);
            close();
            cycle = opened;
        }
        cycle.rewind();
        recordAt = 0;
        runEnd = 0;
        isListed = false;
        isReplaced = false;
    }

    /** @return true if the present file was found to end because another one, or none, is in its place: seek again. */
    boolean isReplaced()
    {
        return isReplaced;
    }

    /**
     * Look at the next record without passing it.
     *
     * @return false if there is none yet.
     * @throws JournalDamagedException if its bytes are not what was written.
     */
    boolean peek() throws IOException
    {
        if (recordAt >= runEnd && !nextRun())
        {
            return false;
        }
        final int available = runEnd - recordAt;
        if (available < EventDescriptor.MIN_RECORD_LENGTH)
        {
            throw damaged(available + " bytes at the end of an excerpt are no record");
        }
        event.wrap(cycle.buffer(), recordAt);
        final String damage = verifyChecksums ? event.findDamage(available, hash) : findLengthDamage(available);
        if (damage != null)
        {
            throw damaged(damage);
        }
        return true;
    }

    /**
     * Time has passed since the last look.
     *
     * @throws JournalDamagedException if what was found then can't be read any more.
     */
    void resume()
    {
        if (cycle != null)
        {
            cycle.resume(Math.min(recordAt, runEnd), runEnd);
        }
    }

    /** Pass the present record. */
    void advance()
    {
        recordAt += EventDescriptor.alignedLength(event.recordLength());
    }

    /**
     * Stand before the first record of a file and look at it.
     *
     * @return its sequence or journal time, the greatest value if there is none.
     */
    long moveToFirst(final JournalFile file, final boolean bySequence) throws IOException
    {
        moveTo(file);
        final long listed = cycle.firstValue(bySequence);
        if (listed >= 0)
        {
            return listed;
        }
        return !peek() ? Long.MAX_VALUE : bySequence ? event.sequence() : event.journalTime();
    }

    /** Pass whole runs of this file, see {@link CycleReader#skipRuns}. */
    void skipRuns(final boolean bySequence, final long bound) throws IOException
    {
        cycle.skipRuns(bySequence, bound);
    }

    /** Stand before the last run of this file. */
    void skipToLastRun() throws IOException
    {
        cycle.skipRuns(true, Long.MAX_VALUE);
    }

    @Override
    public void close()
    {
        event.unwrap();
        if (cycle != null)
        {
            cycle.close();
            cycle = null;
        }
        recordAt = 0;
        runEnd = 0;
    }

    private boolean nextRun() throws IOException
    {
        while (true)
        {
            if (cycle != null && cycle.next())
            {
                recordAt = cycle.runStart();
                runEnd = cycle.runEnd();
                return true;
            }
            if (!findNextFile())
            {
                return false;
            }
        }
    }

    private boolean findNextFile() throws IOException
    {
        final boolean isOpenEnd = cycle != null && !cycle.isEnded();
        final long now = System.nanoTime();
        if (isOpenEnd && isListed && now - listedTime < LIST_INTERVAL_NS)
        {
            return false;
        }
        isListed = cycle != null;
        listedTime = now;
        isReplaced = isOpenEnd && cycle.isReplaced();
        return !isReplaced && JournalFiles.whileFilesMove(() -> moveToNextFile(isOpenEnd));
    }

    /**
     * Go to the next file that holds a record. A file is not always closed by its mark: a process may have died in a
     * roll. Since the writer never returns to an older file, a record in a newer one says that this one is complete;
     * but look at this one again after having seen that.
     */
    private boolean moveToNextFile(final boolean isOpenEnd) throws IOException
    {
        final int present = cycle == null ? -1 : cycle.file().cycle();
        for (final JournalFile file : files.list())
        {
            if (file.cycle() > present)
            {
                CycleReader newer = files.open(file);
                try
                {
                    if (!newer.isEmpty())
                    {
                        if (!isOpenEnd || !cycle.hasGrown())
                        {
                            close();
                            cycle = newer;
                            newer = null;
                            isListed = false;
                        }
                        return true;
                    }
                }
                finally
                {
                    CloseHelper.close(newer);
                }
            }
        }
        return false;
    }

    private String findLengthDamage(final int available)
    {
        final int length = event.recordLength();
        return length >= EventDescriptor.MIN_RECORD_LENGTH && length <= available ?
            null : "record length " + length + " does not fit into " + available + " bytes";
    }

    private JournalDamagedException damaged(final String text)
    {
        return JournalDamagedException.at(file(), place(), text);
    }
}
