package io.sluice.archive;

import static io.sluice.archive.NumberForm.*;

import java.util.Arrays;

/** Reads what a {@link NumberWriter} wrote. Not thread-safe. */
final class NumberReader
{
    private static final int INITIAL_CAPACITY = 1 << 13;

    private final ByteSink first = new ByteSink(INITIAL_CAPACITY);
    private final ByteSink second = new ByteSink(INITIAL_CAPACITY);
    private final ByteSource source = new ByteSource();

    /**
     * Read a column.
     *
     * @param target gets the numbers, from index 0.
     * @param count  of them.
     * @param in     holds the column.
     */
    void read(final long[] target, final int count, final SegmentReader in)
    {
        if (count == 0)
        {
            return;
        }
        final int flags = in.plan().get();
        final int form = flags & FORM_MASK;
        final long base = in.plan().zigzag();
        if (form == CONSTANT)
        {
            Arrays.fill(target, 0, count, base);
            return;
        }
        if (flags >>> SCALE_SHIFT >= SCALES.length)
        {
            throw new MalformedException("numbers of scale " + (flags >>> SCALE_SHIFT));
        }
        readForm(form, target, count, in);
        final long scale = SCALES[flags >>> SCALE_SHIFT];
        final boolean signed = (flags & ZIGZAG) != 0;
        final boolean isDelta = (flags & DELTA) != 0;
        long previous = base;
        for (int i = 0; i < count; i++)
        {
            final long number = (signed ? unzigzag(target[i]) : target[i]) + previous;
            target[i] = number * scale;
            previous = isDelta ? number : base;
        }
    }

    private void readForm(final int form, final long[] target, final int count, final SegmentReader in)
    {
        switch (form)
        {
            case VARINT:
                in.read(first);
                source.wrap(first.array(), 0, first.length());
                for (int i = 0; i < count; i++)
                {
                    target[i] = source.varint();
                }
                break;
            case CLASSES:
                in.read(first, count);
                in.read(second);
                joinClasses(target, count);
                break;
            case BYTES:
                in.read(first, count);
                for (int i = 0; i < count; i++)
                {
                    target[i] = first.array()[i] & 0xFF;
                }
                break;
            case BYTE_PLANES:
                in.read(first, count);
                in.read(second, count);
                for (int i = 0; i < count; i++)
                {
                    target[i] = first.array()[i] & 0xFF | (second.array()[i] & 0xFF) << 8;
                }
                break;
            default:
                throw new MalformedException("numbers of form " + form);
        }
    }

    private void joinClasses(final long[] target, final int count)
    {
        final byte[] sizes = first.array();
        source.wrap(second.array(), 0, second.length());
        long pending = 0;
        int pendingBits = 0;
        for (int i = 0; i < count; i++)
        {
            final int size = sizes[i];
            if (size < 0 || size > 64)
            {
                throw new MalformedException("a number of " + size + " bits");
            }
            if (size == 0)
            {
                target[i] = 0;
                continue;
            }
            long number = 0;
            int have = 0;
            while (have < size - 1)
            {
                final int step = Math.min(size - 1 - have, 32);
                while (pendingBits < step)
                {
                    pending |= (long)source.get() << pendingBits;
                    pendingBits += 8;
                }
                number |= (pending & ((1L << step) - 1)) << have;
                pending >>>= step;
                pendingBits -= step;
                have += step;
            }
            target[i] = number | 1L << (size - 1);
        }
    }
}
