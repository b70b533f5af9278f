package io.sluice.archive;

import static io.sluice.archive.NumberForm.*;

/**
 * Writes columns of numbers: finds out whether numbers or their differences are smaller, then which of the forms
 * ({@link NumberForm}) is. Not thread-safe.
 */
final class NumberWriter
{
    private static final int INITIAL_CAPACITY = 1 << 13;
    private static final int SHORT_COLUMN = 16;

    private final NumberEstimate estimate = new NumberEstimate();
    private final ByteSink first = new ByteSink(INITIAL_CAPACITY);
    private final ByteSink second = new ByteSink(INITIAL_CAPACITY);
    private final ByteSink varints = new ByteSink(INITIAL_CAPACITY);
    private long[] scaled = new long[INITIAL_CAPACITY];
    private long[] candidate = new long[INITIAL_CAPACITY];
    private long[] best = new long[INITIAL_CAPACITY];

    /**
     * Write a column.
     *
     * @param numbers of any size.
     * @param count   of them; the reader must know it.
     * @param part    to count it as.
     * @param out     gets it.
     */
    void write(final long[] numbers, final int count, final Part part, final SegmentWriter out)
    {
        if (count == 0)
        {
            return;
        }
        if (isConstant(numbers, count))
        {
            out.plan().put(CONSTANT).zigzag(numbers[0]);
            return;
        }
        final int scale = rescale(numbers, count);
        final long least = least(count);
        int flags = takePlain(least, count);
        long base = 0;
        double bits = estimate.bits(best, count);
        takeDistances(least, count);
        if (isBetter(bits, count))
        {
            flags = 0;
            base = least;
            bits = estimate.bits(best, count);
        }
        final int deltaFlags = takeDifferences(count);
        if (isBetter(bits, count))
        {
            flags = deltaFlags;
            base = scaled[0] - (scaled[1] - scaled[0]);
        }
        emit(count, flags | scale << SCALE_SHIFT, base, part, out);
    }

    /** @return about how many bits a column takes, at best. */
    double estimate(final long[] numbers, final int count)
    {
        if (isConstant(numbers, count))
        {
            return 0;
        }
        rescale(numbers, count);
        takePlain(least(count), count);
        final double plain = estimate.bits(best, count);
        takeDifferences(count);
        return Math.min(plain, estimate.bits(candidate, count));
    }

    /** If the candidate is estimated to take less, it becomes the best. */
    private boolean isBetter(final double bits, final int count)
    {
        if (estimate.bits(candidate, count) >= bits)
        {
            return false;
        }
        final long[] swap = best;
        best = candidate;
        candidate = swap;
        return true;
    }

    private int takePlain(final long least, final int count)
    {
        final boolean signed = least < 0;
        for (int i = 0; i < count; i++)
        {
            best[i] = signed ? zigzag(scaled[i]) : scaled[i];
        }
        return signed ? ZIGZAG : 0;
    }

    private void takeDistances(final long least, final int count)
    {
        for (int i = 0; i < count; i++)
        {
            candidate[i] = scaled[i] - least;
        }
    }

    private int takeDifferences(final int count)
    {
        boolean signed = false;
        for (int i = 1; i < count; i++)
        {
            signed |= scaled[i] - scaled[i - 1] < 0;
        }
        for (int i = 1; i < count; i++)
        {
            final long difference = scaled[i] - scaled[i - 1];
            candidate[i] = signed ? zigzag(difference) : difference;
        }
        // The base is chosen so that the first difference is nothing new either.
        candidate[0] = candidate[1];
        return DELTA | (signed ? ZIGZAG : 0);
    }

    private void emit(final int count, final int flags, final long base, final Part part, final SegmentWriter out)
    {
        long union = 0;
        varints.clear();
        for (int i = 0; i < count; i++)
        {
            union |= best[i];
            varints.varint(best[i]);
        }
        int form = VARINT;
        int size = count <= SHORT_COLUMN ? 0 : out.measure(varints);
        if (count > SHORT_COLUMN && union >>> 16 == 0)
        {
            final boolean isByte = union >>> 8 == 0;
            final int planes = splitPlanes(count, isByte, out);
            if (planes < size)
            {
                form = isByte ? BYTES : BYTE_PLANES;
                size = planes;
            }
        }
        if (count > SHORT_COLUMN && splitClasses(count, out) < size)
        {
            form = CLASSES;
        }
        out.plan().put(form | flags).zigzag(base);
        switch (form)
        {
            case VARINT:
                out.put(varints, part);
                break;
            case CLASSES:
                out.put(first, part);
                out.put(second, part);
                break;
            default:
                splitPlanes(count, form == BYTES, out);
                out.put(first, part);
                if (form == BYTE_PLANES)
                {
                    out.put(second, part);
                }
                break;
        }
    }

    private int splitPlanes(final int count, final boolean isByte, final SegmentWriter out)
    {
        first.clear();
        second.clear();
        for (int i = 0; i < count; i++)
        {
            first.put((int)best[i]);
        }
        if (isByte)
        {
            return out.measure(first);
        }
        for (int i = 0; i < count; i++)
        {
            second.put((int)(best[i] >>> 8));
        }
        return out.measure(first) + out.measure(second);
    }

    private int splitClasses(final int count, final SegmentWriter out)
    {
        first.clear();
        second.clear();
        long pending = 0;
        int pendingBits = 0;
        for (int i = 0; i < count; i++)
        {
            final long number = best[i];
            final int size = 64 - Long.numberOfLeadingZeros(number);
            first.put(size);
            int bits = size - 1;
            long rest = number;
            // At most 32 bits at a time fit beside the up to 7 that are pending.
            while (bits > 0)
            {
                final int step = Math.min(bits, 32);
                pending |= (rest & ((1L << step) - 1)) << pendingBits;
                pendingBits += step;
                rest >>>= step;
                bits -= step;
                while (pendingBits >= 8)
                {
                    second.put((int)pending);
                    pending >>>= 8;
                    pendingBits -= 8;
                }
            }
        }
        if (pendingBits > 0)
        {
            second.put((int)pending);
        }
        return out.measure(first) + second.length();
    }

    /** Fill {@link #scaled} with the numbers without the zeros that all of them end with. */
    private int rescale(final long[] numbers, final int count)
    {
        if (scaled.length < count)
        {
            scaled = new long[count];
            candidate = new long[count];
            best = new long[count];
        }
        int scale = SCALES.length - 1;
        for (int i = 0; i < count && scale > 0; i++)
        {
            while (numbers[i] % SCALES[scale] != 0)
            {
                scale--;
            }
        }
        for (int i = 0; i < count; i++)
        {
            scaled[i] = numbers[i] / SCALES[scale];
        }
        return scale;
    }

    private static boolean isConstant(final long[] numbers, final int count)
    {
        for (int i = 1; i < count; i++)
        {
            if (numbers[i] != numbers[0])
            {
                return false;
            }
        }
        return true;
    }

    private long least(final int count)
    {
        long least = scaled[0];
        for (int i = 1; i < count; i++)
        {
            least = Math.min(least, scaled[i]);
        }
        return least;
    }
}
