package io.sluice.journal;

import io.sluice.archive.ArchiveDamagedException;
import io.sluice.archive.ArchiveReader;
import java.nio.ByteBuffer;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A file of the archive; a run is a block, decoded into memory when its turn comes. Not thread-safe. Steps within a
 * block allocate nothing.
 */
final class ArchivedCycle implements CycleReader
{
    private final JournalFile file;
    private final ArchiveReader reader;
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private ByteBuffer memory;
    private int nextBlock;
    private int runEnd;

    /**
     * @param file   of a list.
     * @param reader of it; closed with this.
     */
    ArchivedCycle(final JournalFile file, final ArchiveReader reader)
    {
        this.file = file;
        this.reader = reader;
    }

    @Override
    public JournalFile file()
    {
        return file;
    }

    @Override
    public boolean isEmpty()
    {
        return reader.blockCount() == 0;
    }

    @Override
    public void rewind()
    {
        nextBlock = 0;
        runEnd = 0;
    }

    @Override
    public boolean next()
    {
        if (nextBlock == reader.blockCount())
        {
            return false;
        }
        reserve(reader.blockLength(nextBlock));
        try
        {
            runEnd = reader.readBlock(nextBlock, buffer);
        }
        catch (final ArchiveDamagedException ex)
        {
            throw new JournalDamagedException(ex.getMessage(), ex);
        }
        nextBlock++;
        return true;
    }

    @Override
    public boolean isEnded()
    {
        return true;
    }

    @Override
    public boolean hasGrown()
    {
        return false;
    }

    @Override
    public UnsafeBuffer buffer()
    {
        return buffer;
    }

    @Override
    public int runStart()
    {
        return 0;
    }

    @Override
    public int runEnd()
    {
        return runEnd;
    }

    @Override
    public long position()
    {
        return nextBlock;
    }

    @Override
    public String place(final int recordAt)
    {
        return recordAt < 0 ? "block " + nextBlock : "block " + (nextBlock - 1) + ", byte " + recordAt + " of it";
    }

    @Override
    public long firstValue(final boolean bySequence)
    {
        return isEmpty() ? Long.MAX_VALUE : firstValue(0, bySequence);
    }

    @Override
    public void skipRuns(final boolean bySequence, final long bound)
    {
        int low = nextBlock;
        int high = reader.blockCount() - 1;
        while (low < high)
        {
            final int middle = (low + high + 1) >>> 1;
            if (firstValue(middle, bySequence) <= bound)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }
        nextBlock = low;
    }

    @Override
    public void close()
    {
        reader.close();
        buffer.wrap(0, 0);
        if (memory != null)
        {
            BufferUtil.free(memory);
            memory = null;
        }
    }

    private long firstValue(final int block, final boolean bySequence)
    {
        return bySequence ? reader.firstSequence(block) : reader.firstTimeNs(block);
    }

    private void reserve(final int length)
    {
        if (memory == null || memory.capacity() < length)
        {
            if (memory != null)
            {
                buffer.wrap(0, 0);
                BufferUtil.free(memory);
            }
            memory = ByteBuffer.allocateDirect(length);
            buffer.wrap(memory);
        }
    }
}
