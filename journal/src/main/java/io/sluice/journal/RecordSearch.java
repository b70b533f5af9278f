package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.codec.EventRecordDecoder;
import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds sound records in bytes whose framing is lost. A record counts only if its structure, its checksum and both of
 * its hashes are right, so chance does not make one.
 */
final class RecordSearch
{
    private static final int WINDOW = 1 << 16;
    private static final int SIGNATURE_OFFSET = 2;
    private static final int SIGNATURE = EventRecordDecoder.TEMPLATE_ID | (EventRecordDecoder.SCHEMA_ID << 16);

    private RecordSearch()
    {
    }

    /** @return true if a record may start here. */
    static boolean isSignature(final UnsafeBuffer buffer, final int index)
    {
        return buffer.getInt(index + SIGNATURE_OFFSET) == SIGNATURE;
    }

    /**
     * @param scanner of the file.
     * @param from    position to start at.
     * @param to      position to end before.
     * @return position of the first sound record that starts in between, or -1.
     */
    static long find(final ExcerptScanner scanner, final long from, final long to) throws IOException
    {
        final long end = Math.min(to, scanner.size()) - EventDescriptor.MIN_RECORD_LENGTH;
        long at = ExcerptScanner.align4(from);
        while (at <= end)
        {
            final int length = (int)Math.min(WINDOW, scanner.size() - at);
            final int start = scanner.read(at, length);
            if (start < 0)
            {
                return -1;
            }
            final UnsafeBuffer buffer = scanner.buffer();
            final int last = length - SIGNATURE_OFFSET - Integer.BYTES;
            int i = 0;
            while (i <= last && !isSignature(buffer, start + i))
            {
                i += Integer.BYTES;
            }
            if (i > last)
            {
                // The signature may lie across the end of what was read.
                at += Math.max(Integer.BYTES, i - Integer.BYTES);
            }
            else if (at + i <= end && endOfRecordAt(scanner, at + i) >= 0)
            {
                return at + i;
            }
            else
            {
                at += i + Integer.BYTES;
            }
        }
        return -1;
    }

    /**
     * @param scanner of the file.
     * @param at      position.
     * @return where the next record would start if a sound one starts here, or -1.
     */
    static long endOfRecordAt(final ExcerptScanner scanner, final long at) throws IOException
    {
        final int header = scanner.read(at, EventDescriptor.FIXED_LENGTH);
        if (header < 0 || !isSignature(scanner.buffer(), header))
        {
            return -1;
        }
        final EventFlyweight event = new EventFlyweight();
        final int length = event.wrap(scanner.buffer(), header).recordLength();
        if (!event.isHeaderSound() || length < EventDescriptor.MIN_RECORD_LENGTH || at + length > scanner.size())
        {
            return -1;
        }
        final int start = scanner.read(at, length);
        if (start < 0 || event.wrap(scanner.buffer(), start).findDamage(length, new EventHash()) != null)
        {
            return -1;
        }
        return at + EventDescriptor.alignedLength(length);
    }

    /**
     * @param scanner of the file.
     * @param at      position.
     * @return true if an excerpt starts here that begins with a sound record and is followed by what may follow one.
     */
    static boolean isExcerptAt(final ExcerptScanner scanner, final long at) throws IOException
    {
        final int header = scanner.headerNow(at);
        final int length = header & ExcerptScanner.LENGTH_MASK;
        if ((header & ~ExcerptScanner.LENGTH_MASK) != 0 || length == 0 || (length & 7) != 0 ||
            at + ExcerptScanner.HEADER_LENGTH + length > scanner.size() || !scanner.isFilled(at, header))
        {
            return false;
        }
        final long end = endOfRecordAt(scanner, at + ExcerptScanner.HEADER_LENGTH);
        if (end < 0 || end > at + ExcerptScanner.HEADER_LENGTH + length)
        {
            return false;
        }
        final int next = scanner.headerNow(at + ExcerptScanner.HEADER_LENGTH + length);
        return (next & ExcerptScanner.NOT_COMPLETE_BIT) == 0 || next == ExcerptScanner.END_OF_FILE_MARK;
    }
}
