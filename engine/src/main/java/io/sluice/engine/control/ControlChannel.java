package io.sluice.engine.control;

import io.sluice.journal.MappingFault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/** The engine's side of the mapped file. One thread. */
final class ControlChannel
{
    private static final int ZEROS_LENGTH = 1 << 16;

    private final Path file;
    private final Object fileKey;
    private final MappedByteBuffer mapped;
    private final UnsafeBuffer header;
    private final UnsafeBuffer ring;
    private final UnsafeBuffer replies;
    private final ProcessIdentity process;
    private final long runId;
    private final long startedNs;
    private final MappingFault fault = new MappingFault();

    private ControlChannel(
        final Path file,
        final Object fileKey,
        final MappedByteBuffer mapped,
        final ProcessIdentity process,
        final long runId,
        final long startedNs)
    {
        this.file = file;
        this.fileKey = fileKey;
        this.mapped = mapped;
        this.process = process;
        this.runId = runId;
        this.startedNs = startedNs;
        header = new UnsafeBuffer(mapped, 0, ControlLayout.HEADER_LENGTH);
        ring = new UnsafeBuffer(mapped, ControlLayout.RING_OFFSET, ControlLayout.RING_LENGTH);
        replies = new UnsafeBuffer(mapped, ControlLayout.REPLIES_OFFSET, ControlLayout.REPLIES_LENGTH);
    }

    /**
     * Make the file and move it into place. Whoever has mapped an older one keeps that.
     *
     * @param file      to make.
     * @param runId     of the engine.
     * @param startedNs when it started, nanoseconds since 1970 UTC.
     * @param nowNs     the same clock, now.
     * @return the channel.
     * @throws IOException if it can't be made.
     */
    static ControlChannel create(final Path file, final long runId, final long startedNs, final long nowNs)
        throws IOException
    {
        final ProcessIdentity process = ProcessIdentity.current();
        final Path half = file.resolveSibling("commands.new");
        Files.deleteIfExists(half);
        final MappedByteBuffer mapped;
        final Object fileKey;
        try (FileChannel channel = FileChannel.open(
            half,
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE),
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))))
        {
            // In full: a store into a page without a block kills the process when the disk is full.
            final ByteBuffer zeros = ByteBuffer.allocate(ZEROS_LENGTH);
            for (int written = 0; written < ControlLayout.FILE_LENGTH; )
            {
                zeros.clear().limit(Math.min(ZEROS_LENGTH, ControlLayout.FILE_LENGTH - written));
                written += channel.write(zeros);
            }
            mapped = channel.map(FileChannel.MapMode.READ_WRITE, 0, ControlLayout.FILE_LENGTH);
            fileKey = keyOf(half);
        }
        final ControlChannel channel = new ControlChannel(file, fileKey, mapped, process, runId, startedNs);
        channel.writeHeader(nowNs);
        try
        {
            Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
        catch (final IOException ex)
        {
            MappingFault.unmap(mapped);
            throw ex;
        }
        return channel;
    }

    UnsafeBuffer ring()
    {
        return ring;
    }

    UnsafeBuffer replies()
    {
        return replies;
    }

    /**
     * @throws ChannelDamagedException if the file was cut, or its header is not what this process wrote.
     */
    void check() throws ChannelDamagedException
    {
        final int ringTrailer = ControlLayout.RING_CAPACITY;
        final int repliesTrailer = ControlLayout.REPLIES_CAPACITY;
        if (!fault.isReadable(header, 0, BitUtil.CACHE_LINE_LENGTH) ||
            !fault.isReadable(ring, ringTrailer, ControlLayout.RING_LENGTH) ||
            !fault.isReadable(replies, repliesTrailer, ControlLayout.REPLIES_LENGTH))
        {
            throw new ChannelDamagedException("it was cut");
        }
        if (header.getLong(ControlLayout.MAGIC_OFFSET) != (ControlLayout.MAGIC | ControlLayout.VERSION) ||
            header.getLong(ControlLayout.PID_OFFSET) != process.pid() ||
            header.getLong(ControlLayout.RUN_ID_OFFSET) != runId ||
            header.getLong(ControlLayout.STARTED_OFFSET) != startedNs ||
            header.getLong(ControlLayout.PROCESS_START_OFFSET) != process.start() ||
            header.getLong(ControlLayout.PID_SPACE_OFFSET) != process.space() ||
            header.getLong(ControlLayout.STATE_OFFSET) != ControlLayout.OPEN)
        {
            throw new ChannelDamagedException("its header was overwritten");
        }
    }

    /**
     * @param buffer {@link #ring()} or {@link #replies()}.
     * @param from   first byte that is to be touched.
     * @param to     behind the last one.
     * @throws ChannelDamagedException if the file was cut there.
     */
    void check(final UnsafeBuffer buffer, final int from, final int to) throws ChannelDamagedException
    {
        if (!fault.isReadable(buffer, from, to))
        {
            throw new ChannelDamagedException("it was cut");
        }
    }

    void activity(final long nowNs)
    {
        header.putLongRelease(ControlLayout.ACTIVITY_OFFSET, nowNs);
    }

    /** @return false if the name of the file now leads to nothing or to another one. Allocates. */
    boolean isInPlace()
    {
        try
        {
            return keyOf(file).equals(fileKey);
        }
        catch (final IOException ex)
        {
            return false;
        }
    }

    /** Say that nobody looks at it any more, if that can still be said, and let go of it. */
    void end(final long state, final long nowNs)
    {
        if (fault.isReadable(header, 0, BitUtil.CACHE_LINE_LENGTH))
        {
            activity(nowNs);
            header.putLongRelease(ControlLayout.STATE_OFFSET, state);
        }
        MappingFault.unmap(mapped);
    }

    private void writeHeader(final long nowNs)
    {
        header.putLong(ControlLayout.PID_OFFSET, process.pid());
        header.putLong(ControlLayout.RUN_ID_OFFSET, runId);
        header.putLong(ControlLayout.STARTED_OFFSET, startedNs);
        header.putLong(ControlLayout.ACTIVITY_OFFSET, nowNs);
        header.putLong(ControlLayout.PROCESS_START_OFFSET, process.start());
        header.putLong(ControlLayout.PID_SPACE_OFFSET, process.space());
        header.putLong(ControlLayout.STATE_OFFSET, ControlLayout.OPEN);
        header.putLongRelease(ControlLayout.MAGIC_OFFSET, ControlLayout.MAGIC | ControlLayout.VERSION);
    }

    private static Object keyOf(final Path path) throws IOException
    {
        return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
    }
}
