package io.sluice.event;

import org.agrona.UnsafeApi;

/**
 * XXH3 in 64 and in 128 bits, seed 0 and default secret, after the specification of the xxHash project ({@code
 * doc/xxhash_spec.md}, version 0.1.1, of github.com/Cyan4973/xxHash). Reads bytes in place: on heap by an array and an
 * offset that Unsafe understands, off heap by null and an address. Nothing here checks bounds: {@link EventHash} does,
 * once per call.
 *
 * <p>Little-endian hosts only, as everything that reads or writes records. Allocates nothing after construction. The
 * object takes the 128-bit result and is not thread-safe; the 64-bit hash is static and thread-safe.
 */
final class Xxh3
{
    private static final long PRIME32_1 = 0x9E3779B1L;
    private static final long PRIME32_2 = 0x85EBCA77L;
    private static final long PRIME32_3 = 0xC2B2AE3DL;
    private static final long PRIME64_1 = 0x9E3779B185EBCA87L;
    private static final long PRIME64_2 = 0xC2B2AE3D27D4EB4FL;
    private static final long PRIME64_3 = 0x165667B19E3779F9L;
    private static final long PRIME64_4 = 0x85EBCA77C2B2AE63L;
    private static final long PRIME64_5 = 0x27D4EB2F165667C5L;
    private static final long PRIME_MX1 = 0x165667919E3779F9L;
    private static final long PRIME_MX2 = 0x9FB21C651E98DF25L;
    private static final long LOW_HALF = 0xFFFFFFFFL;

    private static final int STRIPE = 64;
    private static final int STRIPES_PER_BLOCK = 16;

    // The default secret as words from its start, and as words from the odd places at which some steps begin to read.
    private static final long[] SECRET = Xxh3Secret.words(0, 24);
    private static final long[] SECRET_FROM_3 = Xxh3Secret.words(3, 14);
    private static final long[] SECRET_FROM_11 = Xxh3Secret.words(11, 8);
    private static final long[] SECRET_FROM_103 = Xxh3Secret.words(103, 4);
    private static final long[] SECRET_FROM_117 = Xxh3Secret.words(117, 8);
    private static final long[] SECRET_FROM_119 = Xxh3Secret.words(119, 2);
    private static final long[] SECRET_FROM_121 = Xxh3Secret.words(121, 8);

    private static final long EMPTY_64 = avalancheXxh64(SECRET[7] ^ SECRET[8]);
    private static final long EMPTY_LOW = avalancheXxh64(SECRET[8] ^ SECRET[9]);
    private static final long EMPTY_HIGH = avalancheXxh64(SECRET[10] ^ SECRET[11]);
    private static final long FLIP_1_TO_3_LOW = (SECRET[0] ^ (SECRET[0] >>> 32)) & LOW_HALF;
    private static final long FLIP_1_TO_3_HIGH = (SECRET[1] ^ (SECRET[1] >>> 32)) & LOW_HALF;

    private long low;
    private long high;

    /** @return low half of the last 128-bit hash. */
    long low()
    {
        return low;
    }

    /** @return high half of the last 128-bit hash. */
    long high()
    {
        return high;
    }

    static long hash64(final Object base, final long at, final int length)
    {
        if (length <= 16)
        {
            return length > 8 ? hash64Of9To16(base, at, length) : hash64Of0To8(base, at, length);
        }
        if (length <= 128)
        {
            return hash64Of17To128(base, at, length);
        }
        return length <= 240 ? hash64Of129To240(base, at, length) : hashLarge(base, at, length, null);
    }

    void hash128(final Object base, final long at, final int length)
    {
        if (length <= 16)
        {
            hash128Of0To16(base, at, length);
        }
        else if (length <= 128)
        {
            hash128Of17To128(base, at, length);
        }
        else if (length <= 240)
        {
            hash128Of129To240(base, at, length);
        }
        else
        {
            low = hashLarge(base, at, length, this);
        }
    }

    private static long hash64Of0To8(final Object base, final long at, final int length)
    {
        if (length >= 4)
        {
            final long combined = (word32(base, at + length - 4) & LOW_HALF) | ((long)word32(base, at) << 32);
            final long value = (SECRET[1] ^ SECRET[2]) ^ combined;
            return finish4To8(value ^ Long.rotateLeft(value, 49) ^ Long.rotateLeft(value, 24), length);
        }
        return length == 0 ? EMPTY_64 : avalancheXxh64(FLIP_1_TO_3_LOW ^ (combined1To3(base, at, length) & LOW_HALF));
    }

    private static long finish4To8(final long value, final int length)
    {
        final long first = value * PRIME_MX2;
        final long second = (first ^ ((first >>> 35) + length)) * PRIME_MX2;
        return second ^ (second >>> 28);
    }

    private static long hash64Of9To16(final Object base, final long at, final int length)
    {
        final long first = (SECRET[3] ^ SECRET[4]) ^ word(base, at);
        final long last = (SECRET[5] ^ SECRET[6]) ^ word(base, at + length - 8);
        return avalanche(length + Long.reverseBytes(first) + last + foldedProduct(first, last));
    }

    private static long hash64Of17To128(final Object base, final long at, final int length)
    {
        final long end = at + length;
        long acc = length * PRIME64_1;
        if (length > 96)
        {
            acc += mix(base, at + 48, SECRET[12], SECRET[13]) + mix(base, end - 64, SECRET[14], SECRET[15]);
        }
        if (length > 64)
        {
            acc += mix(base, at + 32, SECRET[8], SECRET[9]) + mix(base, end - 48, SECRET[10], SECRET[11]);
        }
        if (length > 32)
        {
            acc += mix(base, at + 16, SECRET[4], SECRET[5]) + mix(base, end - 32, SECRET[6], SECRET[7]);
        }
        acc += mix(base, at, SECRET[0], SECRET[1]) + mix(base, end - 16, SECRET[2], SECRET[3]);
        return avalanche(acc);
    }

    private static long hash64Of129To240(final Object base, final long at, final int length)
    {
        long acc = length * PRIME64_1;
        for (int i = 0; i < 8; i++)
        {
            acc += mix(base, at + 16L * i, SECRET[2 * i], SECRET[2 * i + 1]);
        }
        acc = avalanche(acc);
        final int chunks = (length >> 4) - 8;
        for (int i = 0; i < chunks; i++)
        {
            acc += mix(base, at + 128 + 16L * i, SECRET_FROM_3[2 * i], SECRET_FROM_3[2 * i + 1]);
        }
        acc += mix(base, at + length - 16, SECRET_FROM_119[0], SECRET_FROM_119[1]);
        return avalanche(acc);
    }

    private void hash128Of0To16(final Object base, final long at, final int length)
    {
        if (length > 8)
        {
            hash128Of9To16(base, at, length);
        }
        else if (length >= 4)
        {
            hash128Of4To8(base, at, length);
        }
        else if (length > 0)
        {
            final int combined = combined1To3(base, at, length);
            low = avalancheXxh64(FLIP_1_TO_3_LOW ^ (combined & LOW_HALF));
            high = avalancheXxh64(
                FLIP_1_TO_3_HIGH ^ (Integer.rotateLeft(Integer.reverseBytes(combined), 13) & LOW_HALF));
        }
        else
        {
            low = EMPTY_LOW;
            high = EMPTY_HIGH;
        }
    }

    private void hash128Of4To8(final Object base, final long at, final int length)
    {
        final long combined = (word32(base, at) & LOW_HALF) | ((long)word32(base, at + length - 4) << 32);
        final long value = (SECRET[2] ^ SECRET[3]) ^ combined;
        final long factor = PRIME64_1 + ((long)length << 2);
        final long lowProduct = value * factor;
        final long highSum = highProduct(value, factor) + (lowProduct << 1);
        final long flipped = lowProduct ^ (highSum >>> 3);
        final long mixed = (flipped ^ (flipped >>> 35)) * PRIME_MX2;
        low = mixed ^ (mixed >>> 28);
        high = avalanche(highSum);
    }

    private void hash128Of9To16(final Object base, final long at, final int length)
    {
        final long first = word(base, at);
        final long last = word(base, at + length - 8);
        final long value1 = (SECRET[4] ^ SECRET[5]) ^ first ^ last;
        final long value2 = (SECRET[6] ^ SECRET[7]) ^ last;
        final long highSum =
            highProduct(value1, PRIME64_1) + value2 + (value2 & LOW_HALF) * (PRIME32_2 - 1);
        final long lowSum = (value1 * PRIME64_1 + ((length - 1L) << 54)) ^ Long.reverseBytes(highSum);
        low = avalanche(lowSum * PRIME64_2);
        high = avalanche(highProduct(lowSum, PRIME64_2) + highSum * PRIME64_2);
    }

    private void hash128Of17To128(final Object base, final long at, final int length)
    {
        low = length * PRIME64_1;
        high = 0;
        for (int i = (length - 1) >> 5; i >= 0; i--)
        {
            mixTwoChunks(base, at + 16L * i, at + length - 16 - 16L * i, SECRET, 4 * i);
        }
        finishMedium(length);
    }

    private void hash128Of129To240(final Object base, final long at, final int length)
    {
        low = length * PRIME64_1;
        high = 0;
        for (int i = 0; i < 4; i++)
        {
            mixTwoChunks(base, at + 32L * i, at + 32L * i + 16, SECRET, 4 * i);
        }
        low = avalanche(low);
        high = avalanche(high);
        final int chunks = (length >> 5) - 4;
        for (int i = 0; i < chunks; i++)
        {
            mixTwoChunks(base, at + 128 + 32L * i, at + 144 + 32L * i, SECRET_FROM_3, 4 * i);
        }
        mixTwoChunks(base, at + length - 16, at + length - 32, SECRET_FROM_103, 0);
        finishMedium(length);
    }

    private void mixTwoChunks(
        final Object base, final long at1, final long at2, final long[] secret, final int index)
    {
        final long first1 = word(base, at1);
        final long second1 = word(base, at1 + 8);
        final long first2 = word(base, at2);
        final long second2 = word(base, at2 + 8);
        low = (low + foldedProduct(first1 ^ secret[index], second1 ^ secret[index + 1])) ^ (first2 + second2);
        high = (high + foldedProduct(first2 ^ secret[index + 2], second2 ^ secret[index + 3])) ^ (first1 + second1);
    }

    private void finishMedium(final int length)
    {
        final long sum = low + high;
        final long mixed = low * PRIME64_1 + high * PRIME64_4 + length * PRIME64_2;
        low = avalanche(sum);
        high = -avalanche(mixed);
    }

    /** @return the 64-bit hash, which is the low half of the 128-bit one; the high half goes to wide, unless null. */
    private static long hashLarge(final Object base, final long start, final int length, final Xxh3 wide)
    {
        long a0 = PRIME32_3;
        long a1 = PRIME64_1;
        long a2 = PRIME64_2;
        long a3 = PRIME64_3;
        long a4 = PRIME64_4;
        long a5 = PRIME32_2;
        long a6 = PRIME64_5;
        long a7 = PRIME32_1;
        int stripes = (length - 1) / STRIPE;
        long at = start;
        while (true)
        {
            final int count = Math.min(stripes, STRIPES_PER_BLOCK);
            for (int i = 0; i < count; i++)
            {
                final long d0 = word(base, at);
                final long d1 = word(base, at + 8);
                final long d2 = word(base, at + 16);
                final long d3 = word(base, at + 24);
                final long d4 = word(base, at + 32);
                final long d5 = word(base, at + 40);
                final long d6 = word(base, at + 48);
                final long d7 = word(base, at + 56);
                a0 += d1 + halvesProduct(d0 ^ SECRET[i]);
                a1 += d0 + halvesProduct(d1 ^ SECRET[i + 1]);
                a2 += d3 + halvesProduct(d2 ^ SECRET[i + 2]);
                a3 += d2 + halvesProduct(d3 ^ SECRET[i + 3]);
                a4 += d5 + halvesProduct(d4 ^ SECRET[i + 4]);
                a5 += d4 + halvesProduct(d5 ^ SECRET[i + 5]);
                a6 += d7 + halvesProduct(d6 ^ SECRET[i + 6]);
                a7 += d6 + halvesProduct(d7 ^ SECRET[i + 7]);
                at += STRIPE;
            }
            stripes -= count;
            if (count < STRIPES_PER_BLOCK)
            {
                break;
            }
            a0 = scramble(a0, 16);
            a1 = scramble(a1, 17);
            a2 = scramble(a2, 18);
            a3 = scramble(a3, 19);
            a4 = scramble(a4, 20);
            a5 = scramble(a5, 21);
            a6 = scramble(a6, 22);
            a7 = scramble(a7, 23);
        }
        final long last = start + length - STRIPE;
        final long d0 = word(base, last);
        final long d1 = word(base, last + 8);
        final long d2 = word(base, last + 16);
        final long d3 = word(base, last + 24);
        final long d4 = word(base, last + 32);
        final long d5 = word(base, last + 40);
        final long d6 = word(base, last + 48);
        final long d7 = word(base, last + 56);
        a0 += d1 + halvesProduct(d0 ^ SECRET_FROM_121[0]);
        a1 += d0 + halvesProduct(d1 ^ SECRET_FROM_121[1]);
        a2 += d3 + halvesProduct(d2 ^ SECRET_FROM_121[2]);
        a3 += d2 + halvesProduct(d3 ^ SECRET_FROM_121[3]);
        a4 += d5 + halvesProduct(d4 ^ SECRET_FROM_121[4]);
        a5 += d4 + halvesProduct(d5 ^ SECRET_FROM_121[5]);
        a6 += d7 + halvesProduct(d6 ^ SECRET_FROM_121[6]);
        a7 += d6 + halvesProduct(d7 ^ SECRET_FROM_121[7]);
        if (wide != null)
        {
            wide.high = avalanche(~(length * PRIME64_2) +
                merge(a0, a1, SECRET_FROM_117, 0) + merge(a2, a3, SECRET_FROM_117, 2) +
                merge(a4, a5, SECRET_FROM_117, 4) + merge(a6, a7, SECRET_FROM_117, 6));
        }
        return avalanche(length * PRIME64_1 +
            merge(a0, a1, SECRET_FROM_11, 0) + merge(a2, a3, SECRET_FROM_11, 2) +
            merge(a4, a5, SECRET_FROM_11, 4) + merge(a6, a7, SECRET_FROM_11, 6));
    }

    private static long halvesProduct(final long value)
    {
        return (value & LOW_HALF) * (value >>> 32);
    }

    private static long scramble(final long acc, final int index)
    {
        return (acc ^ (acc >>> 47) ^ SECRET[index]) * PRIME32_1;
    }

    private static long merge(final long first, final long second, final long[] secret, final int index)
    {
        return foldedProduct(first ^ secret[index], second ^ secret[index + 1]);
    }

    private static long mix(final Object base, final long at, final long secret1, final long secret2)
    {
        return foldedProduct(word(base, at) ^ secret1, word(base, at + 8) ^ secret2);
    }

    private static int combined1To3(final Object base, final long at, final int length)
    {
        final int first = UnsafeApi.getByte(base, at) & 0xFF;
        final int middle = UnsafeApi.getByte(base, at + (length >> 1)) & 0xFF;
        final int last = UnsafeApi.getByte(base, at + length - 1) & 0xFF;
        return last | (length << 8) | (first << 16) | (middle << 24);
    }

    private static long foldedProduct(final long a, final long b)
    {
        return (a * b) ^ highProduct(a, b);
    }

    // Math.multiplyHigh takes its arguments as signed: a negative one counts 2^64 too little.
    private static long highProduct(final long a, final long b)
    {
        return Math.multiplyHigh(a, b) + ((a >> 63) & b) + ((b >> 63) & a);
    }

    private static long avalanche(final long value)
    {
        final long mixed = (value ^ (value >>> 37)) * PRIME_MX1;
        return mixed ^ (mixed >>> 32);
    }

    private static long avalancheXxh64(final long value)
    {
        final long first = (value ^ (value >>> 33)) * PRIME64_2;
        final long second = (first ^ (first >>> 29)) * PRIME64_3;
        return second ^ (second >>> 32);
    }

    private static long word(final Object base, final long at)
    {
        return UnsafeApi.getLong(base, at);
    }

    private static int word32(final Object base, final long at)
    {
        return UnsafeApi.getInt(base, at);
    }
}
