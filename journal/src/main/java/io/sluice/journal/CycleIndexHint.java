package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import java.io.IOException;

/**
 * Uses the index that Chronicle keeps in a file, one entry for every 256 excerpts, to start a search near its goal. The
 * index is only a hint. An entry leads the search if an excerpt with a plausible record lies where it points. It is the
 * result if that excerpt is filled by sound records without a gap, and if going on from there, excerpt by excerpt,
 * comes to what the next entry or the header names; otherwise the search starts at the front. Reads a mapping, never
 * writes.
 *
 * <pre>
 *   header[152] ──► index2index: capacity, used, ──► index: capacity, used, ──► excerpt 0, 256, 512, …
 * </pre>
 */
final class CycleIndexHint
{
    private static final int WRITE_POSITION = 64;
    private static final int INDEX_TO_INDEX = 152;
    private static final int HEAD_LENGTH = 16;
    private static final int ROOT_NAME_LENGTH = "index2index".length();
    private static final int NAME_LENGTH = "index".length();

    private final EventFlyweight event = new EventFlyweight();
    private final EventHash hash = new EventHash();
    private final MappedCycle cycle;
    private final boolean bySequence;
    private long nextEntry;
    private long entryAfterFound;

    CycleIndexHint(final MappedCycle cycle, final boolean bySequence)
    {
        this.cycle = cycle;
        this.bySequence = bySequence;
    }

    /**
     * @return position of an excerpt whose first record has a value of at most {@code bound}, or 0 for the front of the
     * file.
     */
    long find(final long bound) throws IOException
    {
        final long claimed = longAt(WRITE_POSITION);
        long best = 0;
        nextEntry = 0;
        final long root = longAt(INDEX_TO_INDEX);
        if (root <= 0)
        {
            return 0;
        }
        final long documents = valuesOf(root, ROOT_NAME_LENGTH);
        final long documentCount = Math.max(0, Math.min(longAt(documents - HEAD_LENGTH), Short.MAX_VALUE));
        for (int i = 0; i < documentCount; i++)
        {
            final long document = longAt(documents + (long)i * Long.BYTES);
            final long found = document <= 0 ? 0 : findIn(document, bound);
            if (found <= best)
            {
                break;
            }
            best = found;
            nextEntry = entryAfterFound;
        }
        return best > 0 && isExcerpt(best) && leadsTo(best, claimed) ? best : 0;
    }

    private long findIn(final long document, final long bound) throws IOException
    {
        final long values = valuesOf(document, NAME_LENGTH);
        int low = -1;
        int high = (int)Math.max(0, Math.min(longAt(values - HEAD_LENGTH), Short.MAX_VALUE));
        while (high - low > 1)
        {
            final int middle = (low + high) >>> 1;
            final long position = longAt(values + (long)middle * Long.BYTES);
            if (position > 0 && isAtMost(position, bound))
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }
        entryAfterFound = longAt(values + (low + 1L) * Long.BYTES);
        return low < 0 ? 0 : longAt(values + (long)low * Long.BYTES);
    }

    /** @return true if there seems to be an excerpt whose first record has a value of at most this. */
    private boolean isAtMost(final long position, final long bound) throws IOException
    {
        final int length = lengthOfExcerpt(position);
        final int record = (int)position + ExcerptScanner.HEADER_LENGTH;
        return length >= EventDescriptor.MIN_RECORD_LENGTH &&
            event.wrap(cycle.buffer(), record).findStructuralDamage(length) == null &&
            (bySequence ? event.sequence() : event.journalTime()) <= bound;
    }

    // A wrong entry may point into an excerpt, before a record in it or before bytes of a payload that look like one.
    private boolean isExcerpt(final long position) throws IOException
    {
        final int end = (int)position + ExcerptScanner.HEADER_LENGTH + lengthOfExcerpt(position);
        int at = (int)position + ExcerptScanner.HEADER_LENGTH;
        long sequence = 0;
        while (at < end)
        {
            if (event.wrap(cycle.buffer(), at).findDamage(end - at, hash) != null ||
                sequence != 0 && event.sequence() != sequence + 1)
            {
                return false;
            }
            sequence = event.sequence();
            at += EventDescriptor.alignedLength(event.recordLength());
        }
        return at == end && sequence != 0;
    }

    private boolean leadsTo(final long position, final long claimed) throws IOException
    {
        long at = position;
        int passed = 0;
        while (at != claimed && (at == position || at != nextEntry))
        {
            final int header = at < Integer.MAX_VALUE ? cycle.header(at) : 0;
            if (header <= 0 || passed > CycleHeader.INDEX_SPACING)
            {
                return false;
            }
            passed += (header & ExcerptScanner.META_DATA_BIT) == 0 ? 1 : 0;
            at = ExcerptScanner.align4(at + ExcerptScanner.HEADER_LENGTH + (header & ExcerptScanner.LENGTH_MASK));
        }
        return true;
    }

    /** @return bytes of the excerpt that seems to be here, 0 if there can't be one. */
    private int lengthOfExcerpt(final long position) throws IOException
    {
        final int header = (position & 3) == 0 && position > 0 && position < Integer.MAX_VALUE &&
            cycle.reaches(position + ExcerptScanner.HEADER_LENGTH) ? cycle.header(position) : 0;
        final boolean isPlausible = header > 0 && (header & ExcerptScanner.META_DATA_BIT) == 0 &&
            cycle.reaches(position + ExcerptScanner.HEADER_LENGTH + header);
        if (isPlausible)
        {
            cycle.ensureReadable((int)position, (int)position + ExcerptScanner.HEADER_LENGTH + header);
        }
        return isPlausible ? header : 0;
    }

    private long longAt(final long position) throws IOException
    {
        if (position < 0 || position > Integer.MAX_VALUE || !cycle.reaches(position + Long.BYTES))
        {
            return 0;
        }
        cycle.ensureReadable((int)position, (int)position + Long.BYTES);
        return cycle.buffer().getLong((int)position);
    }

    private static long valuesOf(final long document, final int nameLength)
    {
        // Two bytes of code and length before the name, one byte of code before the aligned array.
        final long afterName = document + ExcerptScanner.HEADER_LENGTH + 2 + nameLength + 1;
        return ((afterName + 7) & -8L) + HEAD_LENGTH;
    }
}
