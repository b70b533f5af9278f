package io.sluice.archive;

/** How a column of numbers is written; the constants stand in the first byte of its plan. */
final class NumberForm
{
    /** All are the same: the value stands in the plan. */
    static final int CONSTANT = 0;
    /** Seven bits a byte. */
    static final int VARINT = 1;
    /** The number of significant bits of each, a byte a number, and apart from them the bits below the highest. */
    static final int CLASSES = 2;
    /** A byte a number. */
    static final int BYTES = 3;
    /** Two bytes a number, all low ones and all high ones apart. */
    static final int BYTE_PLANES = 4;
    static final int FORM_MASK = 7;

    /** Each number is the difference to the one before, the first one to the base. */
    static final int DELTA = 8;
    /** The sign is the lowest bit. */
    static final int ZIGZAG = 16;
    static final int SCALE_SHIFT = 5;
    static final long[] SCALES = {1, 1_000, 1_000_000, 1_000_000_000};

    private NumberForm()
    {
    }

    static long zigzag(final long value)
    {
        return (value << 1) ^ (value >> 63);
    }

    static long unzigzag(final long value)
    {
        return (value >>> 1) ^ -(value & 1);
    }
}
