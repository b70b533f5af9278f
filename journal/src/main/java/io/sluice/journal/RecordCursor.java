package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Walks over the records of a journal, from file to file, on read-only mappings. Knows bytes and framing; whether
 * sequences are dense is for others to judge. Not thread-safe. Steps within a file allocate nothing.
 */
final class RecordCursor implements AutoCloseable
{
    // Where the last file seems to end, the directory is listed at once, and then no more often than this.
    private static final long LIST_INTERVAL_NS = 10_000_000L;

    private final Path journal;
    private final boolean verifyChecksums;
    private final EventFlyweight event = new EventFlyweight();
    private final EventHash hash = new EventHash();
    private MappedCycle cycle;
    private long position;
    private int recordAt;
    private int excerptEnd;
    private int header;
    private long listedPosition = -1;
    private long listedTime;

    RecordCursor(final Path journal, final boolean verifyChecksums)
    {
        this.journal = journal;
        this.verifyChecksums = verifyChecksums;
    }

    /** @return view of the present record, valid after {@link #peek()} returned true and until {@link #advance()}. */
    EventFlyweight event()
    {
        return event;
    }

    Path file()
    {
        return cycle == null ? journal : cycle.file();
    }

    /** @return offset of the present record, or of the place where the next one is expected. */
    long offset()
    {
        return recordAt < excerptEnd ? recordAt : position;
    }

    /** Stand before the first excerpt of a file, or before a document in it. */
    void moveTo(final Path file, final long documentPosition) throws IOException
    {
        if (cycle == null || !cycle.file().equals(file))
        {
            final MappedCycle opened = MappedCycle.open(file);
            close();
            cycle = opened;
        }
        position = documentPosition;
        recordAt = 0;
        excerptEnd = 0;
        listedPosition = -1;
    }

    /**
     * Look at the next record without passing it.
     *
     * @return false if there is none yet.
     * @throws JournalDamagedException if its bytes are not what was written.
     */
    boolean peek() throws IOException
    {
        if (recordAt >= excerptEnd && !nextExcerpt())
        {
            return false;
        }
        final int available = excerptEnd - recordAt;
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

    /** Pass the present record. */
    void advance()
    {
        recordAt += EventDescriptor.alignedLength(event.recordLength());
    }

    /**
     * Pass whole excerpts of this file as long as {@code field} of the first record of the following one is not above a
     * bound, so that the present excerpt is the last one that starts at or below it. Checks no hash on the way.
     */
    void skipExcerpts(final boolean bySequence, final long bound) throws IOException
    {
        final long hint = new CycleIndexHint(cycle, bySequence).find(bound);
        long next = cycle.firstExcerpt(Math.max(position, hint));
        while (next >= 0)
        {
            final long end = next + ExcerptScanner.HEADER_LENGTH + cycle.header(next);
            if (!cycle.reaches(end) || cycle.header(next) < EventDescriptor.MIN_RECORD_LENGTH)
            {
                return;
            }
            event.wrap(cycle.buffer(), (int)next + ExcerptScanner.HEADER_LENGTH);
            if ((bySequence ? event.sequence() : event.journalTime()) > bound)
            {
                return;
            }
            position = next;
            next = cycle.firstExcerpt(end);
        }
    }

    /** Stand before the last excerpt of this file. */
    void skipToLastExcerpt() throws IOException
    {
        skipExcerpts(true, Long.MAX_VALUE);
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
        excerptEnd = 0;
    }

    private boolean nextExcerpt() throws IOException
    {
        while (true)
        {
            if (cycle == null && !findNextFile())
            {
                return false;
            }
            header = cycle.header(position);
            if (header == 0 || header == ExcerptScanner.END_OF_FILE_MARK)
            {
                if (!findNextFile())
                {
                    return false;
                }
            }
            else
            {
                final long end = position + ExcerptScanner.HEADER_LENGTH + (header & ExcerptScanner.LENGTH_MASK);
                if ((header & ExcerptScanner.NOT_COMPLETE_BIT) != 0 || !cycle.reaches(end))
                {
                    throw damaged("excerpt header 0x" + Integer.toHexString(header) + " is not valid here");
                }
                if ((header & ExcerptScanner.META_DATA_BIT) == 0)
                {
                    recordAt = (int)position + ExcerptScanner.HEADER_LENGTH;
                    excerptEnd = (int)end;
                    position = ExcerptScanner.align4(end);
                    return true;
                }
                position = ExcerptScanner.align4(end);
            }
        }
    }

    /**
     * Go to the next file that holds an excerpt. A file is not always closed by its mark: a process may have died in a
     * roll. Since the writer never returns to an older file, an excerpt in a newer one says that this one is complete;
     * but look at this one again after having seen that.
     */
    private boolean findNextFile() throws IOException
    {
        final long now = System.nanoTime();
        if (cycle != null && header == 0 && listedPosition == position && now - listedTime < LIST_INTERVAL_NS)
        {
            return false;
        }
        listedPosition = position;
        listedTime = now;
        final List<Path> files = CycleFiles.list(journal);
        final int present = cycle == null ? -1 : CycleFiles.cycleOf(cycle.file());
        for (final Path file : files)
        {
            if (CycleFiles.cycleOf(file) > present)
            {
                final MappedCycle newer = MappedCycle.open(file);
                if (newer.firstExcerpt(0) >= 0)
                {
                    if (cycle != null && header == 0 && cycle.header(position) != 0)
                    {
                        newer.close();
                        return true;
                    }
                    close();
                    cycle = newer;
                    position = 0;
                    listedPosition = -1;
                    return true;
                }
                newer.close();
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
        return new JournalDamagedException(
            file() + " is damaged at offset " + offset() + ": " + text + "; run `sluice verify`");
    }

}
