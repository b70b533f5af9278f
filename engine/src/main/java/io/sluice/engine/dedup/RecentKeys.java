package io.sluice.engine.dedup;

import io.sluice.engine.ring.AlignedMemory;
import org.agrona.BitUtil;
import org.agrona.UnsafeApi;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The keys of a recent stretch of time, each with the sequence it came with, in fixed memory.
 *
 * <p>A key is 128 bits, mixed to a fingerprint and to two buckets of one cache line each; the entry lies in either.
 *
 * <pre>
 *   bucket (64 bytes) = 4 entries of 16 bytes:  fingerprint (64) | time in ms (32, low bits) | sequence (32, low bits)
 * </pre>
 *
 * An entry whose time is past the horizon is free; a slow sweep clears such entries within a day, long before their
 * time wraps after 49 days. When both buckets of a new key are full of entries within the horizon the oldest gives way,
 * which shortens the horizon for that one key; {@link #shortened} counts it. With twice as many entries as keys (two
 * choices of four, half full) this is rare.
 *
 * <p>Two different keys are taken for equal with a probability of about 2<sup>-61</sup> per look-up, however regular
 * they are.
 *
 * <p>Not thread-safe. Allocates nothing after construction.
 */
final class RecentKeys
{
    static final long ABSENT = 0L;
    static final int MOST_TOUCHED = 32;

    private static final int ENTRY_LENGTH = 16;
    private static final int STAMP_OFFSET = 8;
    private static final int ENTRIES = 4;
    private static final int BUCKET_LENGTH = ENTRY_LENGTH * ENTRIES;
    private static final long LOW_32 = 0xFFFF_FFFFL;
    private static final int FREE_SHIFT = 40;
    private static final long DAY_MS = 86_400_000L;
    private static final int MOST_SWEPT_AT_ONCE = 16;
    private static final int MOST_ROUNDS_OWED = 16;

    private final int[] touchFirst = new int[MOST_TOUCHED];
    private final int[] touchSecond = new int[MOST_TOUCHED];
    private final UnsafeBuffer table;
    private final long address;
    private final int buckets;
    private final long horizonMs;
    private final long epochMs;
    private long lastMs;
    private long lastSequence;
    private long shortened;
    private long sweepDebt;
    private int sweepBucket;
    private long fingerprint;
    private int first;
    private int second;
    private int place;
    private boolean isPlaceTaken;

    /**
     * @param capacity  keys that fit without shortening the horizon, 1 or more.
     * @param horizonMs how long a key is kept, at most one day.
     * @param nowMs     journal time at start.
     */
    RecentKeys(final int capacity, final long horizonMs, final long nowMs)
    {
        buckets = buckets(capacity);
        table = AlignedMemory.allocateTable(Math.multiplyExact(buckets, BUCKET_LENGTH));
        address = table.addressOffset();
        this.horizonMs = horizonMs;
        epochMs = nowMs - horizonMs - 1;
        lastMs = nowMs;
    }

    /** Bytes that so many keys take. */
    static long memory(final int capacity)
    {
        return (long)buckets(capacity) * BUCKET_LENGTH;
    }

    /**
     * Look for a key.
     *
     * @param high     half of the key.
     * @param low      half of the key.
     * @param nowMs    journal time, never decreasing.
     * @param windowMs entries older than this do not count; at most the horizon.
     * @return the sequence that the key came with, or {@link #ABSENT}.
     */
    long find(final long high, final long low, final long nowMs, final long windowMs)
    {
        advance(nowMs);
        locate(high, low);
        return search(nowMs, windowMs);
    }

    /**
     * Work out where a key lies, for {@link #touch}.
     *
     * @param index place among the keys to touch, from 0, below {@link #MOST_TOUCHED}.
     * @param high  half of the key.
     * @param low   half of the key.
     */
    void prepare(final int index, final long high, final long low)
    {
        locate(high, low);
        touchFirst[index] = first;
        touchSecond[index] = second;
    }

    /**
     * Bring the memory of the prepared keys into the processor's cache. The loads depend on nothing, so their cache
     * misses overlap, which those of look-ups one after the other can't.
     *
     * @param count of prepared keys.
     * @return a value that depends on that memory, so that the loads are not optimised away.
     */
    long touch(final int count)
    {
        long sum = 0;
        for (int i = 0; i < count; i++)
        {
            sum += word(touchFirst[i]) + word(touchSecond[i]);
        }
        return sum;
    }

    /**
     * Add a key, or give it a new time and sequence if it is there already.
     *
     * @param high     half of the key.
     * @param low      half of the key.
     * @param sequence that it came with.
     * @param timeMs   journal time of that, within the horizon.
     * @param nowMs    journal time now.
     */
    void add(final long high, final long low, final long sequence, final long timeMs, final long nowMs)
    {
        locate(high, low);
        search(nowMs, 0L);
        put(sequence, timeMs);
    }

    /**
     * Add the key that {@link #find} has just not found.
     *
     * @param sequence that it came with.
     * @param timeMs   journal time of that, as given to {@link #find}.
     */
    void addMissing(final long sequence, final long timeMs)
    {
        put(sequence, timeMs);
    }

    /** @return keys that gave way before their horizon. */
    long shortened()
    {
        return shortened;
    }

    /** @return bytes of memory. */
    int length()
    {
        return table.capacity();
    }

    private void put(final long sequence, final long timeMs)
    {
        if (isPlaceTaken)
        {
            shortened++;
        }
        final int entry = place;
        table.putLong(entry, fingerprint);
        table.putLong(entry + STAMP_OFFSET, ((timeMs - epochMs) & LOW_32) << 32 | (sequence & LOW_32));
        lastSequence = Math.max(lastSequence, sequence);
    }

    /** Look for the located key in both buckets, and choose the place where it would go. */
    private long search(final long nowMs, final long windowMs)
    {
        final int known = entryOf(fingerprint);
        if (known >= 0)
        {
            place = known;
            isPlaceTaken = false;
            return age(known, nowMs) <= windowMs ? fullSequence(word(known + STAMP_OFFSET) & LOW_32) : ABSENT;
        }
        final long ofFirst = oldest(first, nowMs);
        final long ofSecond = oldest(second, nowMs);
        final long freeInFirst = ofFirst >>> FREE_SHIFT;
        final long freeInSecond = ofSecond >>> FREE_SHIFT;
        isPlaceTaken = (freeInFirst | freeInSecond) == 0L;
        // The emptier bucket gets the key: that is what keeps both from overflowing. What is free is older than what is
        // not, so the upper bits decide in either case.
        final boolean inFirst = ofFirst >= ofSecond;
        place = (inFirst ? first : second) + (int)((inFirst ? ofFirst : ofSecond) & ENTRIES - 1) * ENTRY_LENGTH;
        return ABSENT;
    }

    /** @return where a fingerprint lies in the located buckets; negative if in none. */
    private int entryOf(final long wanted)
    {
        for (int entry = first; entry < first + BUCKET_LENGTH; entry += ENTRY_LENGTH)
        {
            if (word(entry) == wanted)
            {
                return entry;
            }
        }
        for (int entry = second; entry < second + BUCKET_LENGTH; entry += ENTRY_LENGTH)
        {
            if (word(entry) == wanted)
            {
                return entry;
            }
        }
        return -1;
    }

    /** @return how many entries of a bucket are free, the age of the oldest, and which one that is; high to low. */
    private long oldest(final int bucket, final long nowMs)
    {
        // Without branches: whether an entry is free, or older than another, is as good as random.
        final long nowStamp = nowMs - epochMs;
        long free = 0;
        long oldest = 0;
        for (int i = 0; i < ENTRIES; i++)
        {
            final int entry = bucket + i * ENTRY_LENGTH;
            final long key = word(entry);
            // All bits where there is no key, otherwise none.
            final long empty = ((key | -key) >>> 63) - 1;
            final long age = ((nowStamp - (word(entry + STAMP_OFFSET) >>> 32)) | empty) & LOW_32;
            free += horizonMs - age >>> 63;
            oldest = Math.max(oldest, age << 2 | i);
        }
        return free << FREE_SHIFT | oldest;
    }

    // The tables are the engine's own, and buckets lie within them by the way that they are found.
    private long word(final int offset)
    {
        return UnsafeApi.getLong(address + offset);
    }

    private void advance(final long nowMs)
    {
        final long elapsedMs = nowMs - lastMs;
        if (elapsedMs <= 0)
        {
            return;
        }
        lastMs = nowMs;
        if (elapsedMs >= DAY_MS)
        {
            table.setMemory(0, table.capacity(), (byte)0);
            sweepDebt = 0;
            return;
        }
        // One round of the table a day, paid in small pieces. Where look-ups are too rare for that the rest is paid at
        // once after some days, long before a time can wrap.
        sweepDebt += elapsedMs * buckets;
        final long roundMs = DAY_MS * buckets;
        final int most = sweepDebt >= MOST_ROUNDS_OWED * roundMs ? buckets : MOST_SWEPT_AT_ONCE;
        for (int i = 0; i < most && sweepDebt >= DAY_MS; i++)
        {
            sweepDebt -= DAY_MS;
            sweep(sweepBucket * BUCKET_LENGTH, nowMs);
            sweepBucket = (sweepBucket + 1) & (buckets - 1);
        }
    }

    private void sweep(final int bucket, final long nowMs)
    {
        for (int entry = bucket; entry < bucket + BUCKET_LENGTH; entry += ENTRY_LENGTH)
        {
            if (age(entry, nowMs) > horizonMs)
            {
                table.putLong(entry, 0L);
            }
        }
    }

    private long age(final int entry, final long nowMs)
    {
        return ((nowMs - epochMs) - (word(entry + STAMP_OFFSET) >>> 32)) & LOW_32;
    }

    private long fullSequence(final long low32)
    {
        final long candidate = (lastSequence & ~LOW_32) | low32;
        return candidate > lastSequence ? candidate - (1L << 32) : candidate;
    }

    // Ids may be as regular as a counter in one half and a constant in the other: mix both halves into everything.
    private static int buckets(final int capacity)
    {
        return BitUtil.findNextPositivePowerOfTwo(Math.max(2, (int)(2L * capacity / ENTRIES)));
    }

    private void locate(final long high, final long low)
    {
        final long mixed = mix(low ^ mix(high));
        final long choice = mix(high ^ Long.rotateLeft(mixed, 23));
        final int firstBucket = (int)choice & (buckets - 1);
        final int step = (int)(choice >>> 32) & (buckets - 1) | 1;
        fingerprint = mixed == 0L ? 1L : mixed;
        first = firstBucket * BUCKET_LENGTH;
        second = (firstBucket ^ step) * BUCKET_LENGTH;
    }

    // The finaliser of SplitMix64 (Steele, Lea, Flood 2014), a bijection.
    private static long mix(final long value)
    {
        long z = value + 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }
}
