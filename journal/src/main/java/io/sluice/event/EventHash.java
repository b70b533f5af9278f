package io.sluice.event;

import org.agrona.DirectBuffer;

/**
 * The two hashes of a record: XXH3 in 64 bits (checksums) and XXH3 in 128 bits (content, text ids), both with seed 0 as
 * specified by the xxHash project.
 *
 * <p>Not thread-safe: keep one per thread. Allocates nothing after construction.
 */
public final class EventHash
{
    private final Xxh3 wide = new Xxh3();

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
        return Xxh3.hash64(buffer.byteArray(), buffer.addressOffset() + offset, length);
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
        wide.hash128(buffer.byteArray(), buffer.addressOffset() + offset, length);
        return this;
    }

    /** @return high half of the last 128-bit hash. */
    public long high()
    {
        return wide.high();
    }

    /** @return low half of the last 128-bit hash. */
    public long low()
    {
        return wide.low();
    }
}
