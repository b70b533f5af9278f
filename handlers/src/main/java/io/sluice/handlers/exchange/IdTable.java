package io.sluice.handlers.exchange;

/**
 * Known ids in memory: open addressing in arrays of longs, three longs a place, between three eighths and three
 * quarters full: 32 to 64 bytes an id. Many small tables instead of a large one, so that growing takes little at a
 * time. It asks for more heap when its own would take more than its share, before the heap is full. Not thread-safe.
 */
public final class IdTable implements KnownIds
{
    private static final int TABLES_SHIFT = 56;
    private static final int TABLES = 256;
    private static final int PLACE = 3;
    private static final int SEQUENCE = 2;
    private static final int FIRST_PLACES = 16;
    private static final int MAX_PLACES = 1 << 29;
    private static final long MIX = 0x9E3779B97F4A7C15L;

    private final long[][] tables = new long[TABLES][];
    private final int[] counts = new int[TABLES];
    private final long maxBytes;
    private long bytes;
    private long size;

    /** A table that may take six tenths of the heap. */
    public IdTable()
    {
        this(Runtime.getRuntime().maxMemory() / 10 * 6);
    }

    /**
     * @param maxBytes that it may take.
     */
    public IdTable(final long maxBytes)
    {
        this.maxBytes = maxBytes;
    }

    /** @return ids in it. */
    public long size()
    {
        return size;
    }

    @Override
    public long sequenceOf(final long high, final long low)
    {
        final long hash = hash(high, low);
        final long[] table = tables[(int)(hash >>> TABLES_SHIFT)];
        return table == null ? 0 : table[find(table, hash, high, low) + SEQUENCE];
    }

    @Override
    public void add(final long high, final long low, final long sequence)
    {
        if (sequence < 1)
        {
            throw new IllegalArgumentException("sequence=" + sequence + " must be at least 1");
        }
        final long hash = hash(high, low);
        final int number = (int)(hash >>> TABLES_SHIFT);
        if (tables[number] == null)
        {
            tables[number] = allocate(FIRST_PLACES);
        }
        else if (counts[number] >= tables[number].length / PLACE / 4 * 3)
        {
            grow(number);
        }
        final long[] table = tables[number];
        final int at = find(table, hash, high, low);
        if (table[at + SEQUENCE] == 0)
        {
            table[at] = high;
            table[at + 1] = low;
            table[at + SEQUENCE] = sequence;
            counts[number]++;
            size++;
        }
    }

    private void grow(final int number)
    {
        final long[] old = tables[number];
        final long[] table = allocate(old.length / PLACE * 2L);
        for (int i = 0; i < old.length; i += PLACE)
        {
            if (old[i + SEQUENCE] != 0)
            {
                final int at = find(table, hash(old[i], old[i + 1]), old[i], old[i + 1]);
                System.arraycopy(old, i, table, at, PLACE);
            }
        }
        bytes -= (long)old.length * Long.BYTES;
        tables[number] = table;
    }

    private long[] allocate(final long places)
    {
        final long needed = places * PLACE * Long.BYTES;
        if (bytes + needed > maxBytes || places > MAX_PLACES)
        {
            throw new ExchangeException(
                "the ids of " + size + " events take " + (bytes >> 20) + " MiB and there is no more room for them: " +
                "give the JVM more heap, about 150 bytes for each event of the journal and the input (with ./sluice: " +
                "SLUICE_OPTS=-Xmx8g)");
        }
        bytes += needed;
        return new long[(int)(places * PLACE)];
    }

    /** @return index of the place of the id, or of the free one where it would be. */
    private static int find(final long[] table, final long hash, final long high, final long low)
    {
        final int mask = table.length / PLACE - 1;
        int place = (int)hash & mask;
        while (true)
        {
            final int at = place * PLACE;
            if (table[at + SEQUENCE] == 0 || table[at] == high && table[at + 1] == low)
            {
                return at;
            }
            place = (place + 1) & mask;
        }
    }

    // UUIDs of one minute differ in few bits.
    private static long hash(final long high, final long low)
    {
        long hash = (high ^ Long.rotateLeft(low, 32)) * MIX;
        hash ^= hash >>> 32;
        hash = (hash + low) * MIX;
        return hash ^ (hash >>> 29);
    }
}
