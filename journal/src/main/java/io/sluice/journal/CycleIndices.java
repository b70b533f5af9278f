package io.sluice.journal;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.LongArrayList;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Checks the indices that Chronicle keeps in a file against what the file holds: its appender and tailers trust them,
 * although nothing of ours does.
 */
final class CycleIndices
{
    private static final String ROOT_NAME = "index2index";
    private static final String NAME = "index";
    private static final int VALUES_OFFSET = 16;
    private static final int TEXT_CODE = 0xB9;
    private static final int ARRAY_CODE = 0x8D;
    private static final int LONG_PADDING_CODE = 0x8E;
    private static final int PADDING_CODE = 0x8F;

    private final LongArrayList marks = new LongArrayList();
    private final List<Long> indexDocuments = new ArrayList<>();
    private final List<Integer> indexLengths = new ArrayList<>();
    private long indexToIndex;
    private int indexToIndexLength;
    private long excerpts;
    private long lastExcerpt;
    private long previousExcerpt;
    private long unknownDocument = -1;
    private long damageOffset;

    void onExcerpt(final long position)
    {
        if (excerpts % CycleHeader.INDEX_SPACING == 0)
        {
            marks.addLong(position);
        }
        excerpts++;
        previousExcerpt = lastExcerpt;
        lastExcerpt = position;
    }

    void onDocument(final ExcerptScanner scanner)
    {
        if (scanner.isNamed(ROOT_NAME) && indexToIndex == 0)
        {
            indexToIndex = scanner.position();
            indexToIndexLength = scanner.documentLength();
        }
        else if (scanner.isNamed(NAME))
        {
            indexDocuments.add(scanner.position());
            indexLengths.add(scanner.documentLength());
        }
        else if (unknownDocument < 0)
        {
            unknownDocument = scanner.position();
        }
    }

    long damageOffset()
    {
        return damageOffset;
    }

    /** @return what is wrong, or null. */
    String findDamage(final ExcerptScanner scanner, final CycleHeader header) throws IOException
    {
        if (unknownDocument >= 0)
        {
            return damage(unknownDocument, "meta data that Chronicle does not write");
        }
        final long root = header.readIndexToIndex(scanner);
        if (root != 0 && root != indexToIndex)
        {
            return damage(0, "the header names " + root + " as the place of the index");
        }
        final String text = checkCounts(scanner, header);
        return text == null ? checkIndex(scanner) : text;
    }

    /**
     * Is everything just as Chronicle writes it? Where processes crash, something may be missing that it finds out by
     * itself; after a power loss what is there may be older than what is missing, and nobody can rely on that.
     *
     * @return what differs, or null.
     */
    String findDifference(final ExcerptScanner scanner, final CycleHeader header) throws IOException
    {
        final String text = findDamage(scanner, header);
        if (text != null)
        {
            return text;
        }
        if (header.readIndexToIndex(scanner) != indexToIndex || header.readClaimed(scanner) != lastExcerpt ||
            header.readLastIndex(scanner) != (long)marks.size() * CycleHeader.INDEX_SPACING ||
            header.readNumber(scanner) != (lastExcerpt << Integer.SIZE | excerpts - 1))
        {
            return damage(0, "the header does not name the last excerpt");
        }
        if (!isFull(scanner, valuesOf(indexToIndex, ROOT_NAME), indexDocuments.size()))
        {
            return damage(indexToIndex, "an index is not named");
        }
        int marksLeft = marks.size();
        for (int i = 0; i < indexDocuments.size(); i++)
        {
            final int capacity = (indexLengths.get(i) - VALUES_OFFSET) / Long.BYTES;
            final int used = Math.min(marksLeft, capacity);
            if (!isFull(scanner, valuesOf(indexDocuments.get(i), NAME), used))
            {
                return damage(indexDocuments.get(i), "an excerpt is not named in the index");
            }
            marksLeft -= used;
        }
        return marksLeft == 0 ? null : damage(0, "an index is missing");
    }

    /** @return true if this many entries are said to be used, and are; what is in them was checked before. */
    private static boolean isFull(final ExcerptScanner scanner, final long values, final int used) throws IOException
    {
        final int start = scanner.read(values - Long.BYTES, Long.BYTES + used * Long.BYTES);
        if (start < 0 || scanner.buffer().getLong(start) != used)
        {
            return false;
        }
        for (int i = 1; i <= used; i++)
        {
            if (scanner.buffer().getLong(start + i * Long.BYTES) == 0)
            {
                return false;
            }
        }
        return true;
    }

    private String checkCounts(final ExcerptScanner scanner, final CycleHeader header) throws IOException
    {
        // In this order: where the appender is at work, the position read last is the newest.
        final long lastIndex = header.readLastIndex(scanner);
        final long number = header.readNumber(scanner);
        final long claimed = header.readClaimed(scanner);
        if (claimed > lastExcerpt)
        {
            final boolean isNewer = claimed >= scanner.position() && isExcerpt(scanner, claimed);
            return isNewer ? null : damage(0, "the header names " + claimed + " as the last excerpt");
        }
        // A crash between the publication of an excerpt and that of its position leaves the one before.
        if (claimed != lastExcerpt && claimed != previousExcerpt)
        {
            return damage(0, "the header names " + claimed + " as the last excerpt instead of " + lastExcerpt);
        }
        if (lastIndex % CycleHeader.INDEX_SPACING != 0 || lastIndex < 0 ||
            lastIndex > (long)marks.size() * CycleHeader.INDEX_SPACING)
        {
            return damage(0, "the header names " + lastIndex + " as the last index");
        }
        final long expected = claimed == lastExcerpt ? excerpts - 1 : excerpts - 2;
        if (number >>> 32 == (claimed & 0xFFFF_FFFFL) && (number & 0xFFFF_FFFFL) != expected && claimed != 0)
        {
            return damage(0, "the header numbers the last excerpt " + (number & 0xFFFF_FFFFL) + " instead of " +
                expected);
        }
        return null;
    }

    private String checkIndex(final ExcerptScanner scanner) throws IOException
    {
        final String text = indexToIndex == 0 ? null :
            checkEntries(scanner, indexToIndex, indexToIndexLength, ROOT_NAME, 0, true);
        return text == null ? checkIndexDocuments(scanner) : text;
    }

    private String checkIndexDocuments(final ExcerptScanner scanner) throws IOException
    {
        int base = 0;
        for (int i = 0; i < indexDocuments.size(); i++)
        {
            final String text =
                checkEntries(scanner, indexDocuments.get(i), indexLengths.get(i), NAME, base, false);
            if (text != null)
            {
                return text;
            }
            base += (indexLengths.get(i) - VALUES_OFFSET) / Long.BYTES;
        }
        return null;
    }

    private String checkEntries(
        final ExcerptScanner scanner,
        final long document,
        final int length,
        final String name,
        final int base,
        final boolean isRoot) throws IOException
    {
        final long values = valuesOf(document, name);
        final int count = (int)((document + ExcerptScanner.HEADER_LENGTH + length - values) / Long.BYTES);
        if (!isHeadSound(scanner, document, name, values, count))
        {
            return damage(document, "the head of an index is damaged");
        }
        for (int i = 0; i < count; i++)
        {
            final long at = values + (long)i * Long.BYTES;
            final int start = scanner.read(at, Long.BYTES);
            final long value = start < 0 ? 0 : scanner.buffer().getLong(start);
            final long expected = isRoot ?
                (i < indexDocuments.size() ? indexDocuments.get(i) : 0) :
                (base + i < marks.size() ? marks.getLong(base + i) : 0);
            if (value != 0 && value != expected && !(value > lastExcerpt && isExcerpt(scanner, value)))
            {
                return damage(at, "entry of the index names " + value + " instead of " + expected);
            }
        }
        return null;
    }

    /**
     * <pre>
     *   0xB9, length, name, padding, 0x8D, capacity (8), used (8), values
     *   padding: 0x8F each, or 0x8E, count (4), as many zeros
     * </pre>
     */
    private static boolean isHeadSound(
        final ExcerptScanner scanner, final long document, final String name, final long values, final int count)
        throws IOException
    {
        final int start = scanner.read(document, (int)(values - document));
        final UnsafeBuffer buffer = scanner.buffer();
        final int array = start + (int)(values - document) - VALUES_OFFSET;
        final long used = start < 0 ? -1 : buffer.getLong(array + Long.BYTES);
        if (start < 0 || (buffer.getByte(start + ExcerptScanner.HEADER_LENGTH) & 0xFF) != TEXT_CODE ||
            (buffer.getByte(array - 1) & 0xFF) != ARRAY_CODE || buffer.getLong(array) != count || used < 0 ||
            used > count)
        {
            return false;
        }
        int at = start + ExcerptScanner.HEADER_LENGTH + 2 + name.length();
        if (at < array - 1 && (buffer.getByte(at) & 0xFF) == LONG_PADDING_CODE)
        {
            if (buffer.getInt(at + 1) != array - 1 - (at + 1 + Integer.BYTES))
            {
                return false;
            }
            at += 1 + Integer.BYTES;
            while (at < array - 1 && buffer.getByte(at) == 0)
            {
                at++;
            }
        }
        while (at < array - 1 && (buffer.getByte(at) & 0xFF) == PADDING_CODE)
        {
            at++;
        }
        return at == array - 1;
    }

    private boolean isExcerpt(final ExcerptScanner scanner, final long position) throws IOException
    {
        return position > 0 && (position & 3) == 0 && scanner.headerNow(position) > 0;
    }

    private static long valuesOf(final long document, final String name)
    {
        // Two bytes of code and length before the name, one byte of code before the aligned array.
        final long afterName = document + ExcerptScanner.HEADER_LENGTH + 2 + name.length() + 1;
        return ((afterName + 7) & -8L) + VALUES_OFFSET;
    }

    private String damage(final long offset, final String text)
    {
        damageOffset = offset;
        return text;
    }
}
