package io.sluice.journal;

import io.sluice.event.EncodedText;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** A journal in a directory, with files that can be archived. */
final class ArchiveFixture
{
    private final TestRecords records = new TestRecords();
    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(4096));
    private final EventEncoder encoder = new EventEncoder();
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

    /** Append an event of a type, journaled at a time. */
    long append(final JournalAppender appender, final String type, final long timeNs)
    {
        buffer.setMemory(0, 256, (byte)0);
        encoder.wrap(buffer, 0, buffer.capacity()).eventTime(timeNs).uuid(appender.nextSequence(), 7);
        encoder.put(EncodedText.of(EventField.TYPE, type)).put(EncodedText.of(EventField.SOURCE, "archive-test"));
        final int length = encoder.complete();
        final long sequence = appender.stage(buffer, 0, length, Verdict.ACCEPTED, 0, timeNs);
        appender.commit();
        return sequence;
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
