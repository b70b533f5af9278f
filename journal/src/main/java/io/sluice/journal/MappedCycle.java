package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import org.agrona.CloseHelper;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A Chronicle file mapped for reading; a run is an excerpt. Its descriptor stays open, so that a file which left its
 * directory can still be read to the end. Not thread-safe; the mapping ends with {@link #close()}.
 */
final class MappedCycle implements CycleReader
{
    // Documents start at multiples of it.
    private static final int PLACE_UNIT = 4;

    private final JournalFile file;
    private final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
    private final EventFlyweight first = new EventFlyweight();
    private final EventHash hash = new EventHash();
    private final MappingFault fault = new MappingFault();
    private final boolean isEachExcerptChecked;
    private final Object fileKey;
    private FileChannel channel;
    private MappedByteBuffer mapped;
    private long position;
    private int header;
    private int runStart;
    private int runEnd;

    private MappedCycle(final JournalFile file, final boolean isEachExcerptChecked, final Object fileKey)
    {
        this.file = file;
        this.isEachExcerptChecked = isEachExcerptChecked;
        this.fileKey = fileKey;
    }

    /**
     * @param file                 to read.
     * @param isEachExcerptChecked true to check all records of an excerpt before it is a run.
     */
    static MappedCycle open(final JournalFile file, final boolean isEachExcerptChecked) throws IOException
    {
        // In this order: if it is replaced in between, it will seem to be replaced, and is opened again.
        final MappedCycle cycle = new MappedCycle(file, isEachExcerptChecked, keyOf(file.path()));
        try
        {
            cycle.map();
            return cycle;
        }
        catch (final Throwable ex)
        {
            cycle.close();
            throw ex;
        }
    }

    @Override
    public JournalFile file()
    {
        return file;
    }

    @Override
    public UnsafeBuffer buffer()
    {
        return buffer;
    }

    @Override
    public boolean isEmpty() throws IOException
    {
        return firstExcerpt(0) < 0;
    }

    @Override
    public void rewind()
    {
        position = 0;
        header = 0;
        runStart = 0;
        runEnd = 0;
    }

    @Override
    public boolean next() throws IOException
    {
        while (true)
        {
            header = header(position);
            if (header == 0 || header == ExcerptScanner.END_OF_FILE_MARK)
            {
                return false;
            }
            final long end = position + ExcerptScanner.HEADER_LENGTH + (header & ExcerptScanner.LENGTH_MASK);
            if ((header & ExcerptScanner.NOT_COMPLETE_BIT) != 0 || !reaches(end))
            {
                throw JournalDamagedException.at(
                    file.path(), place(-1), "excerpt header 0x" + Integer.toHexString(header) + " is not valid here");
            }
            ensureReadable((int)position + ExcerptScanner.HEADER_LENGTH, (int)end);
            if (isEachExcerptChecked && (header & ExcerptScanner.META_DATA_BIT) == 0)
            {
                check((int)position + ExcerptScanner.HEADER_LENGTH, (int)end);
            }
            runStart = (int)position + ExcerptScanner.HEADER_LENGTH;
            runEnd = (int)end;
            position = ExcerptScanner.align4(end);
            if ((header & ExcerptScanner.META_DATA_BIT) == 0)
            {
                return true;
            }
        }
    }

    @Override
    public boolean isEnded()
    {
        return header == ExcerptScanner.END_OF_FILE_MARK;
    }

    @Override
    public boolean hasGrown() throws IOException
    {
        return header == 0 && header(position) != 0;
    }

    @Override
    public boolean isReplaced() throws IOException
    {
        try
        {
            return !fileKey.equals(keyOf(file.path()));
        }
        catch (final NoSuchFileException ex)
        {
            return true;
        }
    }

    @Override
    public int runStart()
    {
        return runStart;
    }

    @Override
    public int runEnd()
    {
        return runEnd;
    }

    @Override
    public int runPlace()
    {
        return (runStart - ExcerptScanner.HEADER_LENGTH) / PLACE_UNIT;
    }

    @Override
    public boolean moveToRun(final int place) throws IOException
    {
        final long at = (long)place * PLACE_UNIT;
        final int found = place <= 0 || at > Integer.MAX_VALUE - ExcerptScanner.HEADER_LENGTH ? 0 : header(at);
        if (found < EventDescriptor.MIN_RECORD_LENGTH || (found & ~ExcerptScanner.LENGTH_MASK) != 0 ||
            !reaches(at + ExcerptScanner.HEADER_LENGTH + found))
        {
            return false;
        }
        final int record = (int)at + ExcerptScanner.HEADER_LENGTH;
        ensureReadable(record, record + found);
        if (first.wrap(buffer, record).findDamage(found, hash) != null)
        {
            return false;
        }
        position = at;
        return true;
    }

    @Override
    public long position()
    {
        return position;
    }

    @Override
    public String place(final int recordAt)
    {
        return "offset " + (recordAt < 0 ? position : recordAt);
    }

    @Override
    public long firstValue(final boolean bySequence)
    {
        return -1;
    }

    @Override
    public void skipRuns(final boolean bySequence, final long bound) throws IOException
    {
        final long hint = new CycleIndexHint(this, bySequence).find(bound);
        long next = firstExcerpt(Math.max(position, hint));
        while (next >= 0)
        {
            final long end = next + ExcerptScanner.HEADER_LENGTH + header(next);
            if (!reaches(end) || header(next) < EventDescriptor.MIN_RECORD_LENGTH)
            {
                return;
            }
            ensureReadable((int)next, (int)next + ExcerptScanner.HEADER_LENGTH + EventDescriptor.FIXED_LENGTH);
            first.wrap(buffer, (int)next + ExcerptScanner.HEADER_LENGTH);
            if ((bySequence ? first.sequence() : first.journalTime()) > bound)
            {
                return;
            }
            position = next;
            next = firstExcerpt(end);
        }
    }

    /**
     * @return the document header at a position, with acquire order: what it announces can be read after; 0 if none
     * yet.
     */
    int header(final long at) throws IOException
    {
        if (at + ExcerptScanner.HEADER_LENGTH > buffer.capacity())
        {
            map();
            if (at + ExcerptScanner.HEADER_LENGTH > buffer.capacity())
            {
                return 0;
            }
        }
        ensureReadable((int)at, (int)at + ExcerptScanner.HEADER_LENGTH);
        return buffer.getIntAcquire((int)at);
    }

    @Override
    public void resume(final int from, final int to)
    {
        fault.forget();
        if (from < to)
        {
            ensureReadable(from, to);
        }
    }

    /** @throws JournalDamagedException if bytes that are to be read now can't be. */
    void ensureReadable(final int from, final int to)
    {
        if (!fault.isTried(from, to) && !fault.isReadable(buffer, from, to))
        {
            throw JournalDamagedException.at(
                file.path(), "offset " + from, "it was cut while it was read, or the device failed");
        }
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

    @Override
    public void close()
    {
        first.unwrap();
        unmap();
        CloseHelper.quietClose(channel);
    }

    /** @return position of the first excerpt at or after a document, or -1 if none is written yet. */
    private long firstExcerpt(final long from) throws IOException
    {
        long at = from;
        while (true)
        {
            final int found = header(at);
            if (found == 0 || (found & ExcerptScanner.NOT_COMPLETE_BIT) != 0)
            {
                return -1;
            }
            if ((found & ExcerptScanner.META_DATA_BIT) == 0)
            {
                return at;
            }
            at = ExcerptScanner.align4(at + ExcerptScanner.HEADER_LENGTH + (found & ExcerptScanner.LENGTH_MASK));
        }
    }

    private void check(final int start, final int end)
    {
        int at = start;
        while (at < end)
        {
            final String damage = first.wrap(buffer, at).findDamage(end - at, hash);
            if (damage != null)
            {
                throw JournalDamagedException.at(
                    file.path(),
                    place(at),
                    damage + "; a power loss may have torn it: opening for appending recovers the journal");
            }
            at += EventDescriptor.alignedLength(first.recordLength());
        }
    }

    private static Object keyOf(final Path path) throws IOException
    {
        final Object key = Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        return key == null ? path : key;
    }

    private void map() throws IOException
    {
        // An interrupt closes a channel; the next call must not suffer from that.
        if (channel == null || !channel.isOpen())
        {
            channel = FileChannel.open(file.path(), StandardOpenOption.READ);
        }
        final long size = Math.min(channel.size(), Integer.MAX_VALUE);
        if (size > buffer.capacity())
        {
            final MappedByteBuffer newMapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
            unmap();
            fault.forget();
            mapped = newMapped;
            buffer.wrap(newMapped);
        }
    }

    private void unmap()
    {
        buffer.wrap(0, 0);
        if (mapped != null)
        {
            MappingFault.unmap(mapped);
            mapped = null;
        }
    }
}
