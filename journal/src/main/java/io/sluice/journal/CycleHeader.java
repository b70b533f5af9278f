package io.sluice.journal;

import io.sluice.event.EventHash;
import java.io.IOException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * First document of a Chronicle file. Three of its fields change; the rest is the same in every file that this version
 * writes.
 *
 * <pre>
 *   0        64               80       152      160  176      184
 *   +--------+----------------+--------+--------+----+--------+------+
 *   | names  | write position | names  | index  |    | last   | rest |
 *   |        | and number     |        | index  |    | index  |      |
 *   +--------+----------------+--------+--------+----+--------+------+
 * </pre>
 */
final class CycleHeader
{
    static final int INDEX_SPACING = 256;

    private static final int LENGTH = 0xC1;
    private static final int WRITE_POSITION = 64;
    private static final int WRITE_NUMBER = 72;
    private static final int INDEX_TO_INDEX = 152;
    private static final int LAST_INDEX = 176;
    private static final long HASH_OF_REST = 0xe05992e2cf395c4dL;

    private final String damage;
    private long claimed;

    private CycleHeader(final String damage)
    {
        this.damage = damage;
    }

    static CycleHeader of(final ExcerptScanner scanner)
    {
        if (scanner.documentLength() != LENGTH)
        {
            return new CycleHeader("the header of the file has " + scanner.documentLength() + " bytes instead of " +
                LENGTH);
        }
        final byte[] bytes = new byte[ExcerptScanner.HEADER_LENGTH + LENGTH];
        final UnsafeBuffer copy = new UnsafeBuffer(bytes);
        scanner.buffer().getBytes(scanner.documentOffset() - ExcerptScanner.HEADER_LENGTH, bytes);
        copy.putLong(WRITE_POSITION, 0);
        copy.putLong(WRITE_NUMBER, 0);
        copy.putLong(INDEX_TO_INDEX, 0);
        copy.putLong(LAST_INDEX, 0);
        final long hash = EventHash.hash64(copy, 0, bytes.length);
        return new CycleHeader(hash == HASH_OF_REST ? null : "the header of the file is damaged");
    }

    /** @return what is wrong, or null. */
    String damage()
    {
        return damage;
    }

    /** @return position of the last excerpt as the header said it when it was read last. */
    long claimed()
    {
        return claimed;
    }

    long readClaimed(final ExcerptScanner scanner) throws IOException
    {
        claimed = damage == null ? scanner.longNow(WRITE_POSITION) : 0;
        return claimed;
    }

    /** @return position in the low half, number of the excerpt in the high half, as Chronicle pairs them. */
    long readNumber(final ExcerptScanner scanner) throws IOException
    {
        return scanner.longNow(WRITE_NUMBER);
    }

    long readIndexToIndex(final ExcerptScanner scanner) throws IOException
    {
        return scanner.longNow(INDEX_TO_INDEX);
    }

    long readLastIndex(final ExcerptScanner scanner) throws IOException
    {
        return scanner.longNow(LAST_INDEX);
    }
}
