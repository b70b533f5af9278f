package io.sluice.archive;

import java.util.Arrays;

/**
 * Collects the segments of a block. What is needed to read them in order stands in the <i>plan</i>.
 *
 * <pre>
 *   length of plan, as stored and plain (varints) │ plan │ segment │ segment │ …
 *   plan: for each segment its form, plain length, stored length; between them whatever a column wants to say
 * </pre>
 *
 * Not thread-safe.
 */
final class SegmentWriter implements AutoCloseable
{
    static final int FORM_EMPTY = 0;
    static final int FORM_CONSTANT = 1;
    static final int FORM_PLAIN = 2;
    static final int FORM_ZSTD = 3;

    private static final int INITIAL_CAPACITY = 1 << 16;

    private final ByteSink plan = new ByteSink(INITIAL_CAPACITY);
    private final ByteSink body = new ByteSink(INITIAL_CAPACITY);
    private final ByteSink trial = new ByteSink(INITIAL_CAPACITY);
    private final long[] plainBytes = new long[Part.COUNT];
    private final long[] storedBytes = new long[Part.COUNT];
    private final Zstandard zstd;

    SegmentWriter(final int level)
    {
        zstd = Zstandard.compressor(level);
    }

    void clear()
    {
        plan.clear();
        body.clear();
        Arrays.fill(plainBytes, 0);
        Arrays.fill(storedBytes, 0);
    }

    ByteSink plan()
    {
        return plan;
    }

    long plainBytes(final Part part)
    {
        return plainBytes[part.ordinal()];
    }

    long storedBytes(final Part part)
    {
        return storedBytes[part.ordinal()];
    }

    /** @return bytes that a segment would take. */
    int measure(final ByteSink bytes)
    {
        final int length = bytes.length();
        if (isConstant(bytes.array(), length))
        {
            return Math.min(length, 1);
        }
        trial.clear();
        return Math.min(length, zstd.compress(bytes.array(), 0, length, trial));
    }

    void put(final ByteSink bytes, final Part part)
    {
        put(bytes.array(), bytes.length(), part);
    }

    void put(final byte[] bytes, final int length, final Part part)
    {
        final int planBefore = plan.length();
        final int bodyBefore = body.length();
        if (length == 0)
        {
            plan.put(FORM_EMPTY);
        }
        else if (isConstant(bytes, length))
        {
            plan.put(FORM_CONSTANT).varint(length).put(bytes[0]);
        }
        else
        {
            final int stored = zstd.compress(bytes, 0, length, body);
            if (stored < length)
            {
                plan.put(FORM_ZSTD).varint(length).varint(stored);
            }
            else
            {
                body.length(bodyBefore);
                body.put(bytes, 0, length);
                plan.put(FORM_PLAIN).varint(length);
            }
        }
        count(part, length, plan.length() - planBefore + body.length() - bodyBefore);
    }

    /** Write everything to a sink. */
    void finish(final ByteSink target)
    {
        final int before = target.length();
        final int planLength = plan.length();
        trial.clear();
        final int stored = zstd.compress(plan.array(), 0, planLength, trial);
        if (stored < planLength)
        {
            target.varint(stored).varint(planLength).put(trial.array(), 0, stored);
        }
        else
        {
            target.varint(planLength).varint(planLength).put(plan.array(), 0, planLength);
        }
        count(Part.STRUCTURE, planLength, target.length() - before);
        // The plan has been counted with the segments that it describes.
        long counted = 0;
        for (final long bytes : storedBytes)
        {
            counted += bytes;
        }
        target.put(body.array(), 0, body.length());
        storedBytes[Part.STRUCTURE.ordinal()] += target.length() - before - counted;
    }

    @Override
    public void close()
    {
        zstd.close();
    }

    private void count(final Part part, final long plain, final long stored)
    {
        plainBytes[part.ordinal()] += plain;
        storedBytes[part.ordinal()] += stored;
    }

    private static boolean isConstant(final byte[] bytes, final int length)
    {
        for (int i = 1; i < length; i++)
        {
            if (bytes[i] != bytes[0])
            {
                return false;
            }
        }
        return true;
    }
}
