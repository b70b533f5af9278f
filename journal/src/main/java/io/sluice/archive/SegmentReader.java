package io.sluice.archive;

import java.util.Arrays;

/**
 * Reads what a {@link SegmentWriter} wrote. Not thread-safe. No length is trusted before it was compared with what it
 * may be at most.
 */
final class SegmentReader implements AutoCloseable
{
    private static final int INITIAL_CAPACITY = 1 << 12;

    private final ByteSource stored = new ByteSource();
    private final ByteSource plan = new ByteSource();
    private final Zstandard zstd = Zstandard.decompressor();
    private byte[] planBytes = new byte[INITIAL_CAPACITY];
    private int mostBytes;

    /**
     * @param bytes     hold a block.
     * @param offset    of the first.
     * @param length    of the block.
     * @param mostBytes that a segment of it may have.
     */
    void wrap(final byte[] bytes, final int offset, final int length, final int mostBytes)
    {
        this.mostBytes = mostBytes;
        stored.wrap(bytes, offset, length);
        final int storedLength = stored.count(length);
        final int plainLength = stored.count(mostBytes);
        final int at = stored.skip(storedLength);
        if (storedLength == plainLength)
        {
            plan.wrap(bytes, at, storedLength);
        }
        else
        {
            planBytes = room(planBytes, plainLength);
            zstd.decompress(bytes, at, storedLength, planBytes, plainLength);
            plan.wrap(planBytes, 0, plainLength);
        }
    }

    ByteSource plan()
    {
        return plan;
    }

    /**
     * Read the next segment.
     *
     * @param target gets its bytes, from index 0; what it held is gone.
     * @return the number of bytes.
     */
    int read(final ByteSink target)
    {
        target.clear();
        final int form = plan.get();
        if (form == SegmentWriter.FORM_EMPTY)
        {
            return 0;
        }
        final int length = plan.count(mostBytes);
        target.length(length);
        switch (form)
        {
            case SegmentWriter.FORM_CONSTANT:
                Arrays.fill(target.array(), 0, length, (byte)plan.get());
                break;
            case SegmentWriter.FORM_PLAIN:
                System.arraycopy(stored.array(), stored.skip(length), target.array(), 0, length);
                break;
            case SegmentWriter.FORM_ZSTD:
                final int storedLength = plan.count(stored.remaining());
                zstd.decompress(stored.array(), stored.skip(storedLength), storedLength, target.array(), length);
                break;
            default:
                throw new MalformedException("segment of form " + form);
        }
        return length;
    }

    /** Read a segment whose length is known. */
    void read(final ByteSink target, final int length)
    {
        if (read(target) != length)
        {
            throw new MalformedException("a segment has " + target.length() + " bytes instead of " + length);
        }
    }

    void ensureAllRead()
    {
        if (plan.remaining() != 0 || stored.remaining() != 0)
        {
            throw new MalformedException("bytes are left");
        }
    }

    @Override
    public void close()
    {
        zstd.close();
    }

    private static byte[] room(final byte[] bytes, final int length)
    {
        return bytes.length >= length ? bytes : new byte[length];
    }
}
