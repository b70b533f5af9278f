package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Uses the index that Chronicle keeps in a file, one entry for every 256 excerpts, to start a search near its goal. The
 * index is only a hint: an entry counts if an excerpt with a plausible record lies where it points, in the order of the
 * file; otherwise the search starts at the front. Reads a mapping, never writes.
 *
 * <pre>
 *   header[152] ──► index2index: capacity, used, ──► index: capacity, used, ──► excerpt 0, 256, 512, …
 * </pre>
 */
final class CycleIndexHint
{
    private static final int INDEX_TO_INDEX = 152;
    private static final int HEAD_LENGTH = 16;
    private static final int ROOT_NAME_LENGTH = "index2index".length();
    private static final int NAME_LENGTH = "index".length();

    private final EventFlyweight event = new EventFlyweight();
    private final MappedCycle cycle;
    private final boolean bySequence;

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
        long best = 0;
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
        }
        return best;
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
            if (position > 0 && valueOfExcerpt(position) <= bound)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }
        return low < 0 ? 0 : longAt(values + (long)low * Long.BYTES);
    }

    /** @return value of the first record of an excerpt, or the greatest value if there is no excerpt. */
    private long valueOfExcerpt(final long position) throws IOException
    {
        final int header = (position & 3) == 0 && cycle.reaches(position + ExcerptScanner.HEADER_LENGTH) ?
            cycle.header(position) : 0;
        final long record = position + ExcerptScanner.HEADER_LENGTH;
        if (header < EventDescriptor.MIN_RECORD_LENGTH || (header & ExcerptScanner.META_DATA_BIT) != 0 ||
            !cycle.reaches(record + header))
        {
            return Long.MAX_VALUE;
        }
        final UnsafeBuffer buffer = cycle.buffer();
        if (event.wrap(buffer, (int)record).findStructuralDamage(header) != null)
        {
            return Long.MAX_VALUE;
        }
        return bySequence ? event.sequence() : event.journalTime();
    }

    private long longAt(final long position) throws IOException
    {
        return position >= 0 && cycle.reaches(position + Long.BYTES) ? cycle.buffer().getLong((int)position) : 0;
    }

    private static long valuesOf(final long document, final int nameLength)
    {
        // Two bytes of code and length before the name, one byte of code before the aligned array.
        final long afterName = document + ExcerptScanner.HEADER_LENGTH + 2 + nameLength + 1;
        return ((afterName + 7) & -8L) + HEAD_LENGTH;
    }
}
