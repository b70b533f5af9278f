package io.sluice.archive;

/**
 * Where in a JSON text a value stands, as a hash of the names above it; all elements of an array stand in the same
 * place. Two places that share a hash share a column, nothing worse. Not thread-safe.
 */
final class JsonPath
{
    private static final int MAX_DEPTH = 32;
    private static final long ROOT = 0x53_4C_55_49_43_45L;
    private static final long ELEMENT = 0x5B_5DL;

    private final long[] containers = new long[MAX_DEPTH + 1];
    private final boolean[] objects = new boolean[MAX_DEPTH + 1];
    private int depth;
    private boolean nameIsDue;
    private long name;

    void start()
    {
        depth = 0;
        nameIsDue = false;
    }

    /** @return false if it is nested too deep. */
    boolean enter(final boolean isObject)
    {
        if (depth == MAX_DEPTH)
        {
            return false;
        }
        final long place = place();
        depth++;
        containers[depth] = place;
        objects[depth] = isObject;
        nameIsDue = isObject;
        return true;
    }

    /** @return false if there is nothing to leave. */
    boolean leave()
    {
        nameIsDue = false;
        return depth-- > 0;
    }

    void separate()
    {
        nameIsDue = objects[depth];
    }

    /** @return true if a string that stands here is a name. */
    boolean nameIsDue()
    {
        return nameIsDue && depth > 0;
    }

    void name(final byte[] bytes, final int from, final int to)
    {
        long hash = 1;
        for (int i = from; i < to; i++)
        {
            hash = mix(hash + (bytes[i] & 0xFF));
        }
        name = hash;
        nameIsDue = false;
    }

    /** @return hash of the place of a value that stands here. */
    long place()
    {
        return depth == 0 ? ROOT : mix(containers[depth] ^ (objects[depth] ? name : ELEMENT));
    }

    private static long mix(final long value)
    {
        final long product = value * 0x9E3779B97F4A7C15L;
        return product ^ (product >>> 29);
    }
}
