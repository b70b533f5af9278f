package io.sluice.event;

import net.openhft.hashing.LongHashFunction;
import net.openhft.hashing.LongTupleHashFunction;
import org.agrona.DirectBuffer;

/**
 * The two hashes of a record: XXH3 in 64 bits (checksums) and XXH3 in 128 bits (content, text ids), both with seed 0 as
 * specified by the xxHash project.
 *
 * <p>Not thread-safe: keep one per thread. Allocates nothing after construction.
 */
public final class EventHash
{
    private static final LongTupleHashFunction XXH128 = LongTupleHashFunction.xx128();
    private static final LongHashFunction XXH3 = LongHashFunction.xx3();

    private final long[] pair = XXH128.newResultArray();

    /**
     * 64-bit hash.
     *
     * @param buffer holds the bytes, on or off heap.
     * @param offset of the first.
     * @param length in bytes.
     * @return the hash.
     */
    public static long hash64(final DirectBuffer buffer, final int offset, final int length)
    {
        buffer.boundsCheck(offset, length);
        final byte[] array = buffer.byteArray();
        return array == null ?
            XXH3.hashMemory(buffer.addressOffset() + offset, length) :
            XXH3.hashBytes(array, buffer.wrapAdjustment() + offset, length);
    }

    /**
     * 128-bit hash; read it with {@link #high()} and {@link #low()}.
     *
     * @param buffer holds the bytes, on or off heap.
     * @param offset of the first.
     * @param length in bytes.
     * @return this.
     */
    public EventHash hash128(final DirectBuffer buffer, final int offset, final int length)
    {
        buffer.boundsCheck(offset, length);
        final byte[] array = buffer.byteArray();
        if (array == null)
        {
            XXH128.hashMemory(buffer.addressOffset() + offset, length, pair);
        }
        else
        {
            XXH128.hashBytes(array, buffer.wrapAdjustment() + offset, length, pair);
        }
        return this;
    }

    /** @return high half of the last 128-bit hash. */
    public long high()
    {
        return pair[1];
    }

    /** @return low half of the last 128-bit hash. */
    public long low()
    {
        return pair[0];
    }
}
