package io.sluice.tools.run;

import java.util.Arrays;

/**
 * A number for each of many 128-bit ids: open addressing with linear probing, three longs a place, at most two thirds
 * full. Not thread-safe.
 *
 * <pre>
 *   | high | low | balance * 2 + 1 |    an empty place has 0 in its third long
 * </pre>
 */
final class IdBalances
{
    private static final int PLACE_LENGTH = 3;
    private static final int FIRST_CAPACITY = 1024;

    private long[] places = new long[FIRST_CAPACITY * PLACE_LENGTH];
    private int mask = FIRST_CAPACITY - 1;
    private int size;

    static long hash(final long high, final long low)
    {
        long hash = high * 0x9E3779B97F4A7C15L ^ low;
        hash = (hash ^ (hash >>> 32)) * 0xBF58476D1CE4E5B9L;
        hash = (hash ^ (hash >>> 29)) * 0x94D049BB133111EBL;
        return hash ^ (hash >>> 32);
    }

    int size()
    {
        return size;
    }

    void clear()
    {
        Arrays.fill(places, 0L);
        size = 0;
    }

    void add(final long high, final long low, final long change)
    {
        final int place = find(high, low);
        if (places[place + 2] == 0)
        {
            places[place] = high;
            places[place + 1] = low;
            places[place + 2] = change * 2 + 1;
            if (++size > (mask + 1) / 3 * 2)
            {
                grow();
            }
            return;
        }
        places[place + 2] += change * 2;
    }

    long balance(final long high, final long low)
    {
        return places[find(high, low) + 2] >> 1;
    }

    void forEach(final Visitor visitor)
    {
        for (int place = 0; place < places.length; place += PLACE_LENGTH)
        {
            if (places[place + 2] != 0)
            {
                visitor.onId(places[place], places[place + 1], places[place + 2] >> 1);
            }
        }
    }

    private int find(final long high, final long low)
    {
        int index = (int)hash(high, low) & mask;
        while (true)
        {
            final int place = index * PLACE_LENGTH;
            if (places[place + 2] == 0 || places[place] == high && places[place + 1] == low)
            {
                return place;
            }
            index = (index + 1) & mask;
        }
    }

    private void grow()
    {
        final long[] old = places;
        mask = mask * 2 + 1;
        places = new long[(mask + 1) * PLACE_LENGTH];
        for (int place = 0; place < old.length; place += PLACE_LENGTH)
        {
            if (old[place + 2] != 0)
            {
                System.arraycopy(old, place, places, find(old[place], old[place + 1]), PLACE_LENGTH);
            }
        }
    }

    @FunctionalInterface
    interface Visitor
    {
        void onId(long high, long low, long balance);
    }
}
