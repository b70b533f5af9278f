package io.sluice.engine.failure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One mapped file of the retry log.
 *
 * <pre>
 *   0        8        16       24       64
 *   +--------+--------+--------+--------+-------------------+----------+------- …
 *   | magic, | number |checksum| 0      | entry             | entry    | 0
 *   | version|        |of both |        |                   |          |
 *   +--------+--------+--------+--------+-------------------+----------+------- …
 * </pre>
 *
 * Any thread appends, without a lock: it moves the tail by an atomic addition, marks what it got as claimed, writes,
 * and commits. Marks and commits are made by compare and set from what was there, so that the thread that reads can
 * make void what a thread began and does not end; that thread sees it then. Between {@link #enter} and {@link #leave}
 * the mapping stays.
 */
final class RetrySegment
{
    static final int HEADER_LENGTH = 64;
    static final int MAX_LENGTH = 1 << 21;
    static final int MIN_LENGTH = 1 << 12;
    static final int VERSION = 1;
    static final int CHECKSUM = 16;
    static final String HALF_MADE = ".new";

    static final int FULL = -1;
    static final int VOIDED = -2;

    private static final int MAGIC = 0x7254_4C53;
    private static final int NUMBER = 8;
    private static final int CHUNK = 1 << 16;
    private static final int RETIRED = Integer.MIN_VALUE;
    private static final int OFFSET_BITS = 32;

    private final AtomicLong tail;
    private final AtomicInteger inside = new AtomicInteger();
    private final Path file;
    private final long number;
    private final int capacity;
    private final boolean isWritable;
    private final MappedByteBuffer mapped;
    private final UnsafeBuffer buffer;
    // Entries that were committed, and how many of them are on the device for sure; -1 before the first force.
    private final AtomicLong changes = new AtomicLong();
    private volatile long forcedChanges = -1;
    private volatile RetrySegment next;

    private RetrySegment(
        final Path file, final long number, final MappedByteBuffer mapped, final boolean isWritable)
    {
        this.file = file;
        this.number = number;
        this.mapped = mapped;
        this.isWritable = isWritable;
        buffer = new UnsafeBuffer(mapped);
        capacity = mapped.capacity() & -RetryEntryCodec.UNIT;
        tail = new AtomicLong(isWritable ? HEADER_LENGTH : capacity);
    }

    /**
     * Make an empty one. It has its blocks from the start, for a store into a page without one kills the process when
     * the disk is full. Nothing is forced.
     */
    static RetrySegment create(final Path file, final long number, final int length) throws IOException
    {
        final Path half = file.resolveSibling(file.getFileName() + HALF_MADE);
        try
        {
            try (FileChannel channel = FileChannel.open(
                half, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE))
            {
                final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK).order(ByteOrder.nativeOrder());
                final long first = (long)VERSION << Integer.SIZE | MAGIC;
                chunk.putLong(0, first).putLong(NUMBER, number).putLong(CHECKSUM, checksum(first, number));
                long at = 0;
                while (at < length)
                {
                    chunk.limit((int)Math.min(CHUNK, length - at));
                    at += channel.write(chunk, at);
                    chunk.clear().putLong(0, 0).putLong(NUMBER, 0).putLong(CHECKSUM, 0);
                }
            }
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE);
            return map(file, number, true);
        }
        catch (final IOException ex)
        {
            Files.deleteIfExists(half);
            throw ex;
        }
    }

    /** Open one that another run left, to read it. */
    static RetrySegment open(final Path file, final long number) throws IOException
    {
        return map(file, number, false);
    }

    /** Make it durable which files there are. */
    static void forceNames(final Path directory) throws IOException
    {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ))
        {
            channel.force(true);
        }
    }

    /**
     * Keep the mapping until {@link #leave}.
     *
     * @return false if it is gone.
     */
    boolean enter()
    {
        if (inside.getAndIncrement() < 0)
        {
            inside.getAndDecrement();
            return false;
        }
        return true;
    }

    void leave()
    {
        inside.getAndDecrement();
    }

    /**
     * Claim room.
     *
     * @param length in bytes, whole units.
     * @return offset of it, {@link #FULL}, or {@link #VOIDED} if the thread that reads was tired of waiting.
     */
    int claim(final int length)
    {
        final long at = tail.get() < capacity ? tail.getAndAdd(length) : capacity;
        if (at + length > capacity)
        {
            if (at < capacity)
            {
                final int rest = capacity - (int)at;
                buffer.compareAndSetLong((int)at, 0, RetryEntryCodec.word(RetryEntryCodec.VOID, rest));
            }
            return FULL;
        }
        final long claimed = RetryEntryCodec.word(RetryEntryCodec.CLAIMED, length);
        return buffer.compareAndSetLong((int)at, 0, claimed) ? (int)at : VOIDED;
    }

    /**
     * Write an entry to what was claimed.
     *
     * @return false if that was made void meanwhile; then the entry is not in the log and never will be.
     */
    boolean commit(
        final int at, final int length, final RetryEntry entry, final byte[] text, final boolean isCarried,
        final long origin)
    {
        final long word = RetryEntryCodec.committedWord(entry, isCarried, length);
        final long position = position(at);
        RetryEntryCodec.encode(buffer, at, entry, text, word, position, isCarried ? origin : position);
        final boolean isIn =
            buffer.compareAndSetLong(at, RetryEntryCodec.word(RetryEntryCodec.CLAIMED, length), word);
        if (isIn)
        {
            // Before anybody is told: whoever forces it after that sees that there is something to force.
            changes.incrementAndGet();
        }
        return isIn;
    }

    /**
     * Give up waiting for what was begun there.
     *
     * @param word that was seen there.
     * @return false if it has gone on since.
     */
    boolean makeVoid(final int at, final long word)
    {
        final int length = word == 0 ? RetryEntryCodec.UNIT : RetryEntryCodec.length(word);
        return buffer.compareAndSetLong(at, word, RetryEntryCodec.word(RetryEntryCodec.VOID, length));
    }

    /** @return position in the log of an offset. */
    long position(final int at)
    {
        return number << OFFSET_BITS | at;
    }

    /** @return number of the segment that a position is in. */
    static long numberOf(final long position)
    {
        return position >>> OFFSET_BITS;
    }

    /** @return offset of a position in its segment. */
    static int offsetOf(final long position)
    {
        return (int)position;
    }

    /** @return up to where something was claimed or can have been. */
    int end()
    {
        return (int)Math.min(capacity, tail.get());
    }

    long word(final int at)
    {
        return buffer.getLongVolatile(at);
    }

    UnsafeBuffer buffer()
    {
        return buffer;
    }

    int capacity()
    {
        return capacity;
    }

    long number()
    {
        return number;
    }

    Path file()
    {
        return file;
    }

    /** @return true if this run appends to it. */
    boolean isWritable()
    {
        return isWritable;
    }

    RetrySegment next()
    {
        return next;
    }

    void next(final RetrySegment value)
    {
        next = value;
    }

    /** @return version of its layout; 0 if its header is not sound. */
    int version()
    {
        final long first = capacity >= HEADER_LENGTH ? buffer.getLong(0) : 0;
        final boolean isSound = (int)first == MAGIC && buffer.getLong(NUMBER) == number &&
            buffer.getLong(CHECKSUM) == checksum(first, number);
        return isSound ? (int)(first >>> Integer.SIZE) : 0;
    }

    /** Checksum of a header; the same in every version. */
    static long checksum(final long first, final long number)
    {
        return RetryEntryCodec.mix(first + RetryEntryCodec.mix(number));
    }

    /**
     * Force what was committed in it to the device, unless it is there. Any thread, several at once, beside those that
     * append.
     *
     * @return false if the mapping is gone, and not all of it was forced before.
     */
    boolean force() throws IOException
    {
        final long seen = changes.get();
        if (!isWritable || seen == forcedChanges)
        {
            return true;
        }
        if (!enter())
        {
            return false;
        }
        try
        {
            mapped.force();
        }
        catch (final UncheckedIOException ex)
        {
            // Thrown as what it is up to Java 17.
            throw ex.getCause();
        }
        finally
        {
            leave();
        }
        forcedChanges = seen;
        return true;
    }

    /**
     * Release the mapping.
     *
     * @return false if a thread is inside; nothing has changed then.
     */
    boolean retire()
    {
        if (!inside.compareAndSet(0, RETIRED))
        {
            return false;
        }
        buffer.wrap(0, 0);
        BufferUtil.free(mapped);
        return true;
    }

    private static RetrySegment map(final Path file, final long number, final boolean isWritable) throws IOException
    {
        final StandardOpenOption[] options = isWritable ?
            new StandardOpenOption[] {StandardOpenOption.READ, StandardOpenOption.WRITE} :
            new StandardOpenOption[] {StandardOpenOption.READ};
        try (FileChannel channel = FileChannel.open(file, options))
        {
            final long length = Math.min(channel.size(), MAX_LENGTH);
            return new RetrySegment(
                file,
                number,
                channel.map(
                    isWritable ? FileChannel.MapMode.READ_WRITE : FileChannel.MapMode.READ_ONLY, 0, length),
                isWritable);
        }
    }
}
