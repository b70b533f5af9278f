package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.core.io.BackgroundResourceReleaser;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.agrona.ExpandableDirectByteBuffer;

/**
 * Writes the sound records of a journal file to a new file of the same cycle, excerpt by excerpt; an excerpt that lost
 * records is split where they are missing.
 */
final class CycleRebuild implements CycleScan.Listener
{
    /**
     * What a new file holds.
     *
     * @param records     in it.
     * @param endPosition where the next excerpt goes.
     */
    record Result(long records, long endPosition)
    {
    }

    private static final String NEW_SUFFIX = ".new";

    private final ExpandableDirectByteBuffer excerpt = new ExpandableDirectByteBuffer(1 << 16);
    private final Bytes<Void> bytes = Bytes.allocateElasticDirect(1 << 16);
    private ExcerptAppender appender;
    private long excerptPosition = -1;
    private int excerptLength;
    private long lastSequence;

    private CycleRebuild()
    {
    }

    /**
     * @param file      to read.
     * @param directory to write to, absent or left by a process that died.
     * @param isSealed  true to close the new file by the mark of a roll.
     * @param least     sequence that the file may hold.
     * @param greatest  sequence that the file may hold.
     * @return the new file, or null if there is no sound record.
     */
    static Path rebuild(
        final Path file, final Path directory, final boolean isSealed, final long least, final long greatest)
        throws IOException
    {
        deleteDirectory(directory);
        final int cycle = CycleFiles.cycleOf(file);
        final CycleRebuild rebuild = new CycleRebuild();
        final LongestExcerpt longest = new LongestExcerpt();
        scan(file, longest, least, greatest);
        try (SingleChronicleQueue queue = QueueFactory.open(
            directory, new CycleClock(cycle), longest.total(), longest.length()))
        {
            rebuild.appender = queue.createAppender();
            scan(file, rebuild, least, greatest);
            rebuild.flush();
            rebuild.appender.close();
        }
        finally
        {
            rebuild.bytes.releaseLast();
            BackgroundResourceReleaser.releasePendingResources();
        }
        final Path rebuilt = CycleFiles.fileOf(directory, cycle);
        if (rebuild.lastSequence == 0)
        {
            deleteDirectory(directory);
            return null;
        }
        if (isSealed)
        {
            seal(rebuilt);
        }
        return rebuilt;
    }

    /**
     * Write a file anew in its place. Whenever the machine stops, there is the old file or the new one.
     *
     * @param file      that holds at least one record.
     * @param directory to work in, absent or left by a process that died.
     * @param isSealed  true to close the new file by the mark of a roll.
     * @param force     to the device.
     * @return what the new file holds.
     */
    static Result replace(final Path file, final Path directory, final boolean isSealed, final DeviceForce force)
        throws IOException
    {
        final Path rebuilt = rebuild(file, directory, isSealed, 1, Long.MAX_VALUE);
        final Result result = read(rebuilt);
        force.file(rebuilt);
        place(rebuilt, file, force);
        deleteDirectory(directory);
        return result;
    }

    private static void scan(
        final Path file, final CycleScan.Listener listener, final long least, final long greatest) throws IOException
    {
        final CycleScan scan = new CycleScan(listener, false);
        scan.bounds(least, greatest);
        scan.scan(file);
    }

    /** Move a new file to where an old one lies, for good when this returns. */
    static void place(final Path rebuilt, final Path file, final DeviceForce force) throws IOException
    {
        Path source = rebuilt;
        if (!Files.getFileStore(rebuilt).equals(Files.getFileStore(file)))
        {
            // The journal may be a link to another file system. Nobody takes a file of this name for one of the
            // journal.
            source = file.resolveSibling(file.getFileName() + NEW_SUFFIX);
            Files.copy(rebuilt, source, StandardCopyOption.REPLACE_EXISTING);
            force.file(source);
        }
        Files.move(source, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        force.directory(file.toAbsolutePath().getParent());
    }

    static Result read(final Path file) throws IOException
    {
        final long[] count = {0};
        final CycleScan scan = new CycleScan(new CycleScan.Listener()
        {
            @Override
            public void onRecord(final EventFlyweight event, final long position)
            {
                count[0]++;
            }

            @Override
            public void onDamage(final Path path, final long offset, final long sequence, final String text)
            {
                throw new IllegalStateException(path + " offset " + offset + ": " + text);
            }

            @Override
            public void onGap(final Path path, final long offset, final long first, final long last)
            {
            }
        }, false);
        scan.scan(file);
        return new Result(count[0], scan.endPosition());
    }

    static void deleteDirectory(final Path directory) throws IOException
    {
        if (Files.isDirectory(directory))
        {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory))
            {
                for (final Path entry : entries)
                {
                    Files.delete(entry);
                }
            }
            Files.delete(directory);
        }
    }

    @Override
    public void onRecord(final EventFlyweight event, final long position)
    {
        if (position != excerptPosition || event.sequence() != lastSequence + 1)
        {
            flush();
        }
        final int length = event.recordLength();
        final int alignedLength = EventDescriptor.alignedLength(length);
        event.copyTo(excerpt, excerptLength);
        excerpt.setMemory(excerptLength + length, alignedLength - length, (byte)0);
        excerptLength += alignedLength;
        excerptPosition = position;
        lastSequence = event.sequence();
    }

    @Override
    public void onDamage(final Path file, final long offset, final long sequence, final String text)
    {
        flush();
    }

    @Override
    public void onGap(final Path file, final long offset, final long first, final long last)
    {
    }

    private void flush()
    {
        if (excerptLength > 0)
        {
            bytes.clear();
            for (int i = 0; i < excerptLength; i += Long.BYTES)
            {
                bytes.writeLong(excerpt.getLong(i));
            }
            appender.writeBytes((BytesStore<?, ?>)bytes);
            excerptLength = 0;
        }
    }

    /** Finds out how much room the new file needs. */
    private static final class LongestExcerpt implements CycleScan.Listener
    {
        private long position = -1;
        private int length;
        private int longest;
        private long total = 1 << 16;

        @Override
        public void onRecord(final EventFlyweight event, final long excerptPosition)
        {
            if (excerptPosition != position)
            {
                position = excerptPosition;
                length = 0;
            }
            length += EventDescriptor.alignedLength(event.recordLength());
            longest = Math.max(longest, length);
            total = Math.max(total, excerptPosition + ExcerptScanner.HEADER_LENGTH + length);
        }

        @Override
        public void onDamage(final Path file, final long offset, final long sequence, final String text)
        {
            position = -1;
        }

        @Override
        public void onGap(final Path file, final long offset, final long first, final long last)
        {
        }

        int length()
        {
            return longest;
        }

        /** @return bytes that hold all records; the file may be a little longer where an excerpt is split. */
        long total()
        {
            return total;
        }
    }

    private static void seal(final Path file) throws IOException
    {
        final long end;
        try (ExcerptScanner scanner = ExcerptScanner.open(file))
        {
            while (scanner.next() != ExcerptScanner.Step.END)
            {
                continue;
            }
            end = scanner.position();
        }
        final ByteBuffer mark = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        mark.putInt(0, ExcerptScanner.END_OF_FILE_MARK);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.write(mark, end);
        }
    }
}
