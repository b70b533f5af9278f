package io.sluice.journal;

import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** A journal in a directory, with files that can be archived. */
final class ArchiveFixture
{
    private final TestRecords records = new TestRecords();
    private final Path directory;

    ArchiveFixture(final Path directory)
    {
        this.directory = directory;
    }

    /** No thread: what is archived is archived by the test. */
    JournalContext context()
    {
        return TestRecords.context(directory).archive(new ArchivePolicy().thread(false));
    }

    void fill(final int count)
    {
        try (JournalAppender appender = JournalAppender.open(context()))
        {
            records.appendNext(appender, count, 150);
        }
    }

    void append(final JournalAppender appender, final int count)
    {
        records.appendNext(appender, count, 150);
    }

    /** What is not on the device is not archived. */
    void awaitForced(final JournalAppender appender)
    {
        appender.requestSync(appender.lastSequence());
        while (appender.syncedSequence() < appender.lastSequence())
        {
            Thread.onSpinWait();
            Thread.yield();
        }
    }

    ArchiveReport archiveNow()
    {
        return JournalArchive.archiveNow(context(), false);
    }

    List<byte[]> readBytes()
    {
        final List<byte[]> read = new ArrayList<>();
        try (JournalTailer tailer = TestRecords.tailer(directory))
        {
            while (tailer.poll((event) -> read.add(bytesOf(event)), 100) > 0)
            {
                continue;
            }
        }
        return read;
    }

    List<Path> liveFiles() throws IOException
    {
        return CycleFiles.list(directory.resolve("journal"));
    }

    List<Path> archivedFiles() throws IOException
    {
        return CycleFiles.listArchived(directory.resolve("archive"));
    }

    DataDirectory dataDirectory()
    {
        return new DataDirectory(directory);
    }

    static void flip(final Path file, final long offset) throws IOException
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE))
        {
            final ByteBuffer one = ByteBuffer.allocate(1);
            channel.read(one, offset);
            one.put(0, (byte)(one.get(0) ^ 4));
            one.flip();
            channel.write(one, offset);
        }
    }

    private static byte[] bytesOf(final EventFlyweight event)
    {
        final byte[] bytes = new byte[event.recordLength()];
        event.buffer().getBytes(event.offset(), bytes);
        return bytes;
    }
}
