package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.file.Path;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads journal files from front to back, checks every byte that can be checked, and tells a write that a crash cut
 * short from damage. Recovery, verification and repair stand on it.
 *
 * <p>Scan the files in order with one instance: the sequence goes on from file to file. Not thread-safe.
 */
final class CycleScan
{
    /** How a file ends. */
    enum End
    {
        /** After its last record nothing is written. */
        OPEN,
        /** After its last record lies a write that a crash cut short. */
        TORN,
        /** Closed by the mark of a roll. */
        SEALED,
        /** It holds no record: the process died while it was made. */
        HALF_CREATED,
        /** It can't be read to its end. */
        DAMAGED
    }

    /** Tells whether somebody may be writing behind the end of a file. */
    @FunctionalInterface
    interface Appending
    {
        Appending NOBODY = () -> false;

        boolean isGoingOn() throws IOException;
    }

    /** Receives what a scan finds, in the order of the file. */
    interface Listener
    {
        /**
         * A sound record.
         *
         * @param event           view of it, valid during the call.
         * @param excerptPosition of the excerpt that holds it.
         */
        void onRecord(EventFlyweight event, long excerptPosition);

        /**
         * Bytes that are not what was written.
         *
         * @param file     that holds them.
         * @param offset   in it.
         * @param sequence of the last sound record before, 0 if there is none.
         * @param text     what is wrong.
         */
        void onDamage(Path file, long offset, long sequence, String text);

        /**
         * Sequences that are not there.
         *
         * @param file   in which the next record lies.
         * @param offset of its excerpt.
         * @param first  missing.
         * @param last   missing.
         */
        void onGap(Path file, long offset, long first, long last);
    }

    private final Listener listener;
    private final boolean isFromStart;
    private Appending appending = Appending.NOBODY;
    private final EventFlyweight event = new EventFlyweight();
    private final EventHash hash = new EventHash();
    private long lastSequence;
    private long lastJournalTime;
    private long leastSequence = 1;
    private long greatestSequence = Long.MAX_VALUE;
    private long fileFirstSequence;
    private long fileFirstTime;
    private long fileRecords;
    private long fileBytes;
    private long endPosition;
    private long tornEnd;
    private long lastSoundPosition;
    private boolean isEndLost;
    private long damages;
    private long damagesAtStart;
    private CycleIndices indices;
    private CycleHeader header;

    /**
     * @param listener    of what is found.
     * @param isFromStart true if the first file that is scanned must hold sequence 1.
     */
    CycleScan(final Listener listener, final boolean isFromStart)
    {
        this.listener = listener;
        this.isFromStart = isFromStart;
    }

    /**
     * What the next file may hold: a record with another sequence belongs into another file.
     *
     * @param least    sequence.
     * @param greatest sequence.
     */
    void bounds(final long least, final long greatest)
    {
        leastSequence = least;
        greatestSequence = greatest;
    }

    /**
     * Whom to ask, before what lies behind the end of the next files is taken for what a crash left.
     *
     * @param appending nobody, unless this is called.
     */
    void appending(final Appending appending)
    {
        this.appending = appending;
    }

    /** @return of the last sound record so far, 0 if none. */
    long lastSequence()
    {
        return lastSequence;
    }

    long lastJournalTime()
    {
        return lastJournalTime;
    }

    /** @return sequence of the first sound record of the last file, 0 if none. */
    long fileFirstSequence()
    {
        return fileFirstSequence;
    }

    long fileFirstTime()
    {
        return fileFirstTime;
    }

    long fileRecords()
    {
        return fileRecords;
    }

    long fileBytes()
    {
        return fileBytes;
    }

    /** @return where the next excerpt of the last file would go. */
    long endPosition()
    {
        return endPosition;
    }

    /** @return position of the excerpt of the last sound record of the last file, 0 if none. */
    long lastSoundPosition()
    {
        return lastSoundPosition;
    }

    /** @return true if the last file could not be read up to a place where it may end. */
    boolean isEndLost()
    {
        return isEndLost;
    }

    /** @return bytes from {@link #endPosition()} to the end of what a cut write left. */
    long tornLength()
    {
        return tornEnd == 0 ? 0 : tornEnd - endPosition;
    }

    /** @return where what a cut write left ends, 0 if there is none. */
    long tornEnd()
    {
        return tornEnd;
    }

    /** @return the greatest position of an excerpt that the file claims to hold, 0 if it does not say. */
    long claimedPosition()
    {
        return header == null ? 0 : header.claimed();
    }

    End scan(final Path file) throws IOException
    {
        beginFile();
        try (ExcerptScanner scanner = ExcerptScanner.open(file))
        {
            final End end = scan(scanner);
            return isFileDamaged() ? End.DAMAGED : end;
        }
    }

    private End scan(final ExcerptScanner scanner) throws IOException
    {
        if (scanner.next() == ExcerptScanner.Step.META_DATA && scanner.isNamed("header"))
        {
            header = CycleHeader.of(scanner);
            if (header.damage() != null)
            {
                damage(scanner, 0, header.damage());
            }
        }
        else if (RecordSearch.find(scanner, 0, scanner.size()) < 0)
        {
            return End.HALF_CREATED;
        }
        else
        {
            damage(scanner, 0, "the header of the file is not readable");
            resume(scanner, 0);
        }
        End end = null;
        while (end == null)
        {
            end = step(scanner);
        }
        return end;
    }

    private End step(final ExcerptScanner scanner) throws IOException
    {
        switch (scanner.next())
        {
            case EXCERPT:
                onExcerpt(scanner);
                return null;

            case META_DATA:
                indices.onDocument(scanner);
                return null;

            case END_OF_FILE:
                endPosition = scanner.position();
                if (claimedPosition(scanner) > endPosition)
                {
                    damage(scanner, endPosition, "the file ends here, but excerpts up to " + header.claimed() +
                        " were written");
                    return resume(scanner, endPosition) ? null : endDamaged(scanner);
                }
                checkIndices(scanner);
                return End.SEALED;

            case END:
                return onEnd(scanner);

            default:
                damage(scanner, scanner.position(), scanner.damage());
                return resume(scanner, scanner.position()) ? null : endDamaged(scanner);
        }
    }

    private void onExcerpt(final ExcerptScanner scanner)
    {
        indices.onExcerpt(scanner.position());
        fileBytes += ExcerptScanner.HEADER_LENGTH + scanner.documentLength();
        final UnsafeBuffer buffer = scanner.buffer();
        final int end = scanner.documentOffset() + scanner.documentLength();
        int at = scanner.documentOffset();
        boolean isSearching = false;
        while (at < end)
        {
            final String text = event.wrap(buffer, at).findDamage(end - at, hash);
            if (text == null)
            {
                isSearching = false;
                accept(event, scanner.file(), scanner.position());
                final int recordEnd = at + event.recordLength();
                at += EventDescriptor.alignedLength(event.recordLength());
                if (!isZero(buffer, recordEnd, Math.min(at, end)))
                {
                    damage(
                        scanner,
                        scanner.position() + ExcerptScanner.HEADER_LENGTH + recordEnd - scanner.documentOffset(),
                        "padding behind a record is not zero");
                }
            }
            else
            {
                if (!isSearching)
                {
                    damage(scanner, scanner.position() + ExcerptScanner.HEADER_LENGTH + at - scanner.documentOffset(),
                        text);
                }
                isSearching = true;
                at += EventDescriptor.RECORD_ALIGNMENT;
            }
        }
    }

    /** Take a sound record in, in its place between the others; also for files that are not read here. */
    void accept(final EventFlyweight record, final Path file, final long position)
    {
        final long sequence = record.sequence();
        if (sequence < leastSequence || sequence > greatestSequence)
        {
            damage(file, position, "sequence " + sequence + " belongs into another file: this one holds " +
                leastSequence + (greatestSequence == Long.MAX_VALUE ? " and more" : " to " + greatestSequence));
            return;
        }
        if (sequence <= lastSequence || record.runId() <= 0)
        {
            damage(file, position, "sequence " + sequence + " of run " + record.runId() + " is out of order");
            return;
        }
        if (record.journalTime() < lastJournalTime)
        {
            damage(file, position, "journal time of sequence " + sequence + " runs backwards");
        }
        if ((lastSequence > 0 || isFromStart) && sequence > lastSequence + 1)
        {
            listener.onGap(file, position, lastSequence + 1, sequence - 1);
        }
        if (fileRecords == 0)
        {
            fileFirstSequence = sequence;
            fileFirstTime = record.journalTime();
        }
        fileRecords++;
        lastSoundPosition = position;
        lastSequence = sequence;
        lastJournalTime = record.journalTime();
        listener.onRecord(record, position);
    }

    /** A file is read elsewhere: forget the one before. */
    void beginFile()
    {
        fileFirstSequence = 0;
        fileFirstTime = 0;
        fileRecords = 0;
        fileBytes = 0;
        endPosition = 0;
        tornEnd = 0;
        lastSoundPosition = 0;
        isEndLost = false;
        header = null;
        indices = new CycleIndices();
        damagesAtStart = damages;
    }

    /** Something is wrong with a file that is read elsewhere. */
    void damage(final Path file, final long offset, final String text)
    {
        damages++;
        listener.onDamage(file, offset, lastSequence, text);
    }

    /** @return true if damage was found in the last file. */
    boolean isFileDamaged()
    {
        return damages > damagesAtStart;
    }

    // The file may be appended to while we look. Excerpts appear in order, so whatever we see beyond a header that is
    // still zero when we look at it again afterwards was not written in order: it is damage, or the rest of a write
    // that was cut short; or a write that goes on, whose records we may have read in any state.
    private End onEnd(final ExcerptScanner scanner) throws IOException
    {
        final long at = scanner.position();
        boolean isDamaged = claimedPosition(scanner) >= at;
        long lastNonZero = -1;
        if (!isDamaged)
        {
            lastNonZero = scanner.lastNonZero(at);
            if (lastNonZero >= 0 && appending.isGoingOn())
            {
                lastNonZero = -1;
            }
            isDamaged = lastNonZero >= 0 &&
                RecordSearch.find(
                    scanner, endOfCutWrite(scanner, at + ExcerptScanner.HEADER_LENGTH), lastNonZero + 1) >= 0;
        }
        if (scanner.headerNow(at) != 0)
        {
            scanner.position(at);
            return null;
        }
        endPosition = at;
        if (isDamaged)
        {
            damage(scanner, at, "excerpts that were written from here on are missing");
            return resume(scanner, at) ? null : endDamaged(scanner);
        }
        checkIndices(scanner);
        if (fileRecords == 0)
        {
            return End.HALF_CREATED;
        }
        tornEnd = lastNonZero < 0 ? 0 : lastNonZero + 1;
        return tornEnd == 0 ? End.OPEN : End.TORN;
    }

    private static boolean isZero(final UnsafeBuffer buffer, final int from, final int to)
    {
        for (int i = from; i < to; i++)
        {
            if (buffer.getByte(i) != 0)
            {
                return false;
            }
        }
        return true;
    }

    private long endOfCutWrite(final ExcerptScanner scanner, final long from) throws IOException
    {
        long at = from;
        long next = at;
        while (next >= 0)
        {
            at = next;
            next = RecordSearch.endOfRecordAt(scanner, at);
        }
        return at + EventDescriptor.RECORD_ALIGNMENT - ExcerptScanner.HEADER_LENGTH;
    }

    /**
     * Find the next sound record after damage and continue there: at its excerpt, or, where the header of that is gone
     * too, behind the last record that follows it without a break.
     */
    private boolean resume(final ExcerptScanner scanner, final long from) throws IOException
    {
        long at = from;
        while (true)
        {
            at = RecordSearch.find(scanner, at + ExcerptScanner.HEADER_LENGTH, scanner.size());
            if (at < 0)
            {
                return false;
            }
            if (RecordSearch.isExcerptAt(scanner, at - ExcerptScanner.HEADER_LENGTH))
            {
                scanner.position(at - ExcerptScanner.HEADER_LENGTH);
                return true;
            }
            long next = RecordSearch.endOfRecordAt(scanner, at);
            while (next >= 0)
            {
                // The file may end before the padding does.
                event.wrap(scanner.buffer(), scanner.read(at, (int)(Math.min(next, scanner.size()) - at)));
                accept(event, scanner.file(), at);
                at = next;
                next = RecordSearch.endOfRecordAt(scanner, at);
            }
            if (RecordSearch.isExcerptAt(scanner, at))
            {
                scanner.position(at);
                return true;
            }
        }
    }

    private End endDamaged(final ExcerptScanner scanner)
    {
        endPosition = scanner.position();
        isEndLost = true;
        return End.DAMAGED;
    }

    private long claimedPosition(final ExcerptScanner scanner) throws IOException
    {
        return header == null ? 0 : header.readClaimed(scanner);
    }

    private void checkIndices(final ExcerptScanner scanner) throws IOException
    {
        if (header != null && damages == damagesAtStart)
        {
            final String text = indices.findDamage(scanner, header);
            if (text != null)
            {
                damage(scanner, indices.damageOffset(), text);
            }
        }
    }

    private void damage(final ExcerptScanner scanner, final long offset, final String text)
    {
        damage(scanner.file(), offset, text);
    }
}
