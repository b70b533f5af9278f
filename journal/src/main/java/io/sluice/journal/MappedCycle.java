package io.sluice.journal;

import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** A journal file mapped for reading. Not thread-safe; the mapping ends with {@link #close()}. */
final class MappedCycle implements AutoCloseable
{
    private final Path file;
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private MappedByteBuffer mapped;

    private MappedCycle(final Path file)
    {
        this.file = file;
    }

    static MappedCycle open(final Path file) throws IOException
    {
        final MappedCycle cycle = new MappedCycle(file);
        cycle.map();
        return cycle;
    }

    Path file()
    {
        return file;
    }

    UnsafeBuffer buffer()
    {
        return buffer;
    }

    /**
     * @return the document header at a position, with acquire order: what it announces can be read after; 0 if none
     * yet.
     */
    int header(final long position) throws IOException
    {
        if (position + ExcerptScanner.HEADER_LENGTH > buffer.capacity())
        {
            map();
            if (position + ExcerptScanner.HEADER_LENGTH > buffer.capacity())
            {
                return 0;
            }
        }
        return buffer.getIntAcquire((int)position);
    }

    /** @return true if bytes up to a position can be read. */
    boolean reaches(final long end) throws IOException
    {
        if (end > buffer.capacity())
        {
            map();
        }
        return end <= buffer.capacity();
    }

    /** @return position of the first excerpt at or after a document, or -1 if none is written yet. */
    long firstExcerpt(final long from) throws IOException
    {
        long position = from;
        while (true)
        {
            final int header = header(position);
            if (header == 0 || (header & ExcerptScanner.NOT_COMPLETE_BIT) != 0)
            {
                return -1;
            }
            if ((header & ExcerptScanner.META_DATA_BIT) == 0)
            {
                return position;
            }
            position = ExcerptScanner.align4(
                position + ExcerptScanner.HEADER_LENGTH + (header & ExcerptScanner.LENGTH_MASK));
        }
    }

    @Override
    public void close()
    {
        buffer.wrap(0, 0);
        if (mapped != null)
        {
            IoUtil.unmap(mapped);
            mapped = null;
        }
    }

    private void map() throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ))
        {
            final long size = Math.min(channel.size(), Integer.MAX_VALUE);
            if (size > buffer.capacity())
            {
                final MappedByteBuffer newMapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
                close();
                mapped = newMapped;
                buffer.wrap(newMapped);
            }
        }
    }
}
