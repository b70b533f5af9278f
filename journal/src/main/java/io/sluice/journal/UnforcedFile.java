package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.agrona.CloseHelper;
import org.agrona.IoUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A journal file that is not forced as a whole yet, with a descriptor of its own. Confined to the thread that forces.
 *
 * <p>A file with a force that failed is <i>suspect</i> from then on. The kernel may take pages for written that are
 * not. And where blocks were reserved, ext4 may write such pages later without noting that the blocks are in use now:
 * the force succeeds, memory shows the records, and after the next start there are zeros. So a suspect file is forced
 * again only to see that the device works, and then written anew, to other blocks.
 */
final class UnforcedFile implements AutoCloseable
{
    private static final int PAGE_SIZE = 4096;

    private final Path path;
    private final int cycle;
    private final long firstSequence;
    private final long startTimeNs;
    private final long previousEnd;
    private FileChannel channel;
    private MappedByteBuffer mapped;
    private boolean isNew;
    private boolean isSuspect;
    private boolean isForcing;
    private long forcedPosition;
    private long knownEnd;

    private UnforcedFile(
        final Path path,
        final int cycle,
        final long firstSequence,
        final long startTimeNs,
        final long previousEnd,
        final boolean isNew,
        final long forcedPosition)
    {
        this.path = path;
        this.cycle = cycle;
        this.firstSequence = firstSequence;
        this.startTimeNs = startTimeNs;
        this.previousEnd = previousEnd;
        this.isNew = isNew;
        this.forcedPosition = forcedPosition;
        knownEnd = forcedPosition;
    }

    /**
     * @param path          of a file that the appender has just made.
     * @param cycle         of it.
     * @param firstSequence in it.
     * @param nowNs         when it was made.
     * @param previousEnd   where the last excerpt of the file before ended.
     * @return it.
     */
    static UnforcedFile made(
        final Path path, final int cycle, final long firstSequence, final long nowNs, final long previousEnd)
    {
        return new UnforcedFile(path, cycle, firstSequence, nowNs, previousEnd, true, 0);
    }

    /** @return a file that is on the device up to a position, and will be appended to. */
    static UnforcedFile reopened(final Path path, final int cycle, final long position)
    {
        return new UnforcedFile(path, cycle, 0, 0, 0, false, position);
    }

    Path path()
    {
        return path;
    }

    int cycle()
    {
        return cycle;
    }

    /** @return sequence of the first record, for the run log. */
    long firstSequence()
    {
        return firstSequence;
    }

    /** @return when it was made, for the run log. */
    long startTimeNs()
    {
        return startTimeNs;
    }

    /** @return where the last excerpt of the file before ended. */
    long previousEnd()
    {
        return previousEnd;
    }

    /** @return true if neither the file nor its name was ever forced. */
    boolean isNew()
    {
        return isNew;
    }

    /** What was appended to the file reaches to this position at least. */
    void reaches(final long position)
    {
        knownEnd = Math.max(knownEnd, position);
    }

    /** Get a descriptor, if there is none: one that is open when a write fails is sure to be told of it. */
    void open() throws IOException
    {
        if (channel == null || !channel.isOpen())
        {
            channel = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        }
    }

    /** Force what lies before a position, and whatever else was written. Nothing happens if that was done before. */
    boolean force(final DeviceForce force, final long position) throws IOException
    {
        if (!isNew && !isSuspect() && position <= forcedPosition)
        {
            return false;
        }
        reaches(position);
        if (isNew)
        {
            forceWhole(force);
        }
        else
        {
            open();
            map();
            begin();
            forceData(force, position);
            isForcing = false;
        }
        if (!isSuspect)
        {
            // What a suspect file is said to hold may yet leave memory, and is checked when it is written anew.
            forcedPosition = position;
        }
        return true;
    }

    // Just the part that is new: beyond it lie pages that were prepared and hold nothing yet.
    private void forceData(final DeviceForce force, final long position) throws IOException
    {
        if (!isSuspect && mapped != null && position <= mapped.capacity())
        {
            force.range(path, mapped, forcedPosition, position);
        }
        else
        {
            force.data(path, channel);
        }
    }

    private void map() throws IOException
    {
        try
        {
            if (mapped == null)
            {
                mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, Math.min(channel.size(), Integer.MAX_VALUE));
            }
        }
        catch (final IOException ex)
        {
            if (!channel.isOpen())
            {
                throw ex;
            }
            // A limit of the process or of the machine: then all of the file is forced.
            mapped = null;
        }
    }

    /** Force all of it, metadata included. */
    void forceWhole(final DeviceForce force) throws IOException
    {
        begin();
        force.file(path, channel);
        isForcing = false;
        isNew = false;
    }

    @Override
    public void close()
    {
        CloseHelper.quietClose(channel);
        channel = null;
        if (mapped != null)
        {
            IoUtil.unmap(mapped);
            mapped = null;
        }
    }

    /** @return true if a force of it failed; then no force of it counts any more. */
    boolean isSuspect()
    {
        return isSuspect || isForcing;
    }

    /**
     * Put a copy, forced, in the place of a suspect file. Nobody may write to it any more; readers that have it mapped
     * go on reading what is in memory. The names in the directory are to be forced after that.
     *
     * @param temporary name on the same file system.
     */
    void rewrite(final DeviceForce force, final Path temporary) throws IOException
    {
        final long size = Math.min(channel.size(), Integer.MAX_VALUE);
        final MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_ONLY, 0, size);
        try (FileChannel copy = FileChannel.open(
            temporary, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.READ,
            StandardOpenOption.WRITE))
        {
            mapped.limit((int)checkToEnd(new UnsafeBuffer(mapped)));
            while (mapped.hasRemaining())
            {
                copy.write(mapped, mapped.position());
            }
            // The same length, so that nobody who has the old one mapped has to look again.
            if (mapped.position() < size)
            {
                copy.write(ByteBuffer.allocate(1), size - 1);
            }
            force.file(temporary, copy);
        }
        catch (final InternalError ex)
        {
            throw notReadable(ex);
        }
        finally
        {
            IoUtil.unmap(mapped);
        }
        Files.move(temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        close();
        isSuspect = false;
    }

    private void begin() throws IOException
    {
        open();
        isSuspect |= isForcing;
        if (isSuspect)
        {
            dirtyAgain();
        }
        isForcing = true;
    }

    /**
     * Make every page dirty that a failed write may have left clean, by exchanging a word of it with itself: the
     * appender may be at work in the same page, and an exchange changes nothing for it. From the start of the file:
     * Chronicle updates its header and its indices there too.
     */
    private void dirtyAgain() throws IOException
    {
        final long size = Math.min(channel.size(), Integer.MAX_VALUE);
        final MappedByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, size);
        try
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(mapped);
            final long end = checkToEnd(buffer);
            for (int at = 0; at < end; at += PAGE_SIZE)
            {
                final int word = buffer.getIntVolatile(at);
                buffer.compareAndSetInt(at, word, word);
            }
        }
        catch (final InternalError ex)
        {
            throw notReadable(ex);
        }
        finally
        {
            IoUtil.unmap(mapped);
        }
    }

    // What was not forced is read and checked: pages that could not be written may have left memory since.
    private long checkToEnd(final UnsafeBuffer buffer)
    {
        final EventFlyweight event = new EventFlyweight();
        final EventHash hash = new EventHash();
        long at = forcedPosition;
        int header = headerAt(buffer, at);
        while (header != 0 && (header & ExcerptScanner.NOT_COMPLETE_BIT) == 0)
        {
            final long start = at + ExcerptScanner.HEADER_LENGTH;
            final long end = start + (header & ExcerptScanner.LENGTH_MASK);
            if ((header & ExcerptScanner.META_DATA_BIT) == 0)
            {
                check(buffer, event, hash, start, end);
            }
            at = ExcerptScanner.align4(end);
            header = headerAt(buffer, at);
        }
        if (at < knownEnd)
        {
            throw lost(at, "there is nothing");
        }
        return at + (header == 0 ? 0 : ExcerptScanner.HEADER_LENGTH);
    }

    private void check(
        final UnsafeBuffer buffer, final EventFlyweight event, final EventHash hash, final long start, final long end)
    {
        long at = start;
        while (at < end)
        {
            final int available = (int)Math.min(end, buffer.capacity()) - (int)at;
            final String damage = available < EventDescriptor.MIN_RECORD_LENGTH ?
                "the record is cut" : event.wrap(buffer, (int)at).findDamage(available, hash);
            if (damage != null)
            {
                throw lost(at, damage);
            }
            at += EventDescriptor.alignedLength(event.recordLength());
        }
    }

    private EventStorageException lost(final long at, final String damage)
    {
        return new EventStorageException(
            path + " lost what could not be written to the device: at offset " + at + ": " + damage +
            "; close the journal, see to the device, then open the directory again");
    }

    private IOException notReadable(final InternalError cause)
    {
        // What the JVM makes of a fault in a mapping.
        return new IOException(path + " can't be read in memory: " + cause.getMessage(), cause);
    }

    private static int headerAt(final UnsafeBuffer buffer, final long at)
    {
        return at + ExcerptScanner.HEADER_LENGTH > buffer.capacity() ? 0 : buffer.getIntAcquire((int)at);
    }
}
