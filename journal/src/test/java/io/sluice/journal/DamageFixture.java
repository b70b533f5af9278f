package io.sluice.journal;

import io.sluice.archive.ArchiveContext;
import io.sluice.archive.ArchiveCoverage;
import io.sluice.archive.ArchiveReader;
import io.sluice.archive.ArchiveWriter;
import io.sluice.archive.KeyProvider;
import io.sluice.event.EncodedText;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Verdict;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A data directory with one of everything that can be damaged, closed in order, and every record that is in it, as it
 * was handed to the appender.
 *
 * <pre>
 *   cycle    0        1       2        3     4        5 6        7 8 10     9          11
 *   expired, pruned,  expired, plain archives, encrypted, closed, repaired,  live, with room behind
 * </pre>
 */
final class DamageFixture
{
    static final long RUN_AFTERWARDS = 99;

    private static final long ROOM_BEHIND = 1 << 16;
    private static final long DAY_NS = Duration.ofDays(1).toNanos();
    private static final EncodedText SOURCE = EncodedText.of(EventField.SOURCE, "damage-test");
    private static final EncodedText TEST = EncodedText.of(EventField.TYPE, "test.record");
    private static final EncodedText AUDIT = EncodedText.of(EventField.TYPE, "audit.login");

    /** Records in the order of sequences, those that retention or a repair took out left out. */
    final NavigableMap<Long, byte[]> records = new TreeMap<>();
    final Keys keys = new Keys();
    private final Random random = new Random(7);
    private final UnsafeBuffer buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16));
    private final UnsafeBuffer payload = new UnsafeBuffer(ByteBuffer.allocateDirect(1 << 16));
    private final EventEncoder encoder = new EventEncoder();
    private final EventFlyweight event = new EventFlyweight();
    private final Path root;
    private long nowNs = TestRecords.START_NS;
    private long lastSequence;

    DamageFixture(final Path root)
    {
        this.root = root;
    }

    /** @return of the last record. */
    long lastSequence()
    {
        return lastSequence;
    }

    long nowNs()
    {
        return nowNs;
    }

    Path position(final String name)
    {
        return root.resolve("positions").resolve(name);
    }

    /** @return configuration for whoever opens the directory, or a copy of it, for appending. */
    JournalContext context(final Path directory, final long runId)
    {
        return new JournalContext()
            .directory(directory)
            .rollSize(1 << 18)
            .prepareAhead(0)
            .syncThread(false)
            .runId(runId)
            .bootId("boot")
            .clock(() -> nowNs)
            .archive(new ArchivePolicy().thread(false).keys(keys).ignoreReader("slow")
                .hold("pipeline", () -> Long.MAX_VALUE));
    }

    DamageFixture build() throws IOException
    {
        fillFirstRun();
        keys.current = "second";
        fillSecondRun();
        fillThirdRun();
        save("reader", runOf(lastSequence - 300), lastSequence - 300);
        save("other", runOf(lastSequence - 20), lastSequence - 20);
        Files.write(position("pipeline"), new byte[4096]);
        delete(root.resolve("quarantine"));
        shorten(root);
        checkMade();
        return this;
    }

    /** Append records whose content depends on their sequence only. */
    void append(final JournalAppender appender, final int count, final boolean isAudited)
    {
        int left = count;
        while (left > 0)
        {
            final int batch = Math.min(left, 1 + random.nextInt(4));
            for (int i = 0; i < batch; i++)
            {
                nowNs += 1000;
                final int length = encode(appender.nextSequence(), isAudited && i == 0);
                lastSequence = appender.stage(buffer, 0, length, Verdict.ACCEPTED, 0, nowNs);
                final byte[] record = new byte[length];
                buffer.getBytes(0, record);
                records.put(lastSequence, record);
            }
            appender.commit();
            left -= batch;
        }
    }

    private void fillFirstRun() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(root, 11)))
        {
            appendFile(appender, 60, false);
            final long expired = lastSequence;
            appendFile(appender, 80, true);
            appendFile(appender, 60, false);
            final long secondExpired = lastSequence;
            records.keySet().removeIf((sequence) -> sequence <= expired ||
                sequence <= secondExpired && !isAudited(sequence));
            nowNs += 60 * DAY_NS;
            appendFile(appender, 300, true);
            appendFile(appender, 100, false);
            appendFile(appender, 150, false);
            append(appender, 60, false);
        }
        save("slow", 11, 10);
        nowNs += 40 * DAY_NS;
        JournalArchive.archiveNow(context(root, 12), true);
        splitBlocks(1, KeyProvider.NONE);
    }

    private void fillSecondRun() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(root, 13)))
        {
            appendFile(appender, 40, false);
            appendFile(appender, 100, false);
            append(appender, 100, true);
        }
        JournalArchive.archiveNow(context(root, 14), false);
        splitBlocks(4, keys);
    }

    private void fillThirdRun() throws IOException
    {
        try (JournalAppender appender = JournalAppender.open(context(root, 15)))
        {
            appendFile(appender, 10, false);
            appendFile(appender, 320, false);
            append(appender, 20, false);
        }
        loseRecord(2);
        ArchivePass.run(
            context(root, 16).conclude(), new DataDirectory(root), new ArchivePace(false), new ArchiveMemory(),
            ArchiveListener.NONE, ArchivePass.NO_AGE, false);
        try (JournalAppender appender = JournalAppender.open(context(root, 17)))
        {
            appendFile(appender, 80, false);
            append(appender, 350, true);
        }
    }

    private void appendFile(final JournalAppender appender, final int count, final boolean isAudited)
    {
        append(appender, count, isAudited);
        appender.roll();
    }

    /** Damage a record in the middle of a file and repair that. */
    private void loseRecord(final int index) throws IOException
    {
        final Path file = CycleFiles.list(root.resolve("journal")).get(index);
        final long offset;
        try (ExcerptScanner scanner = ExcerptScanner.open(file))
        {
            int excerpts = 0;
            while (excerpts < 40)
            {
                excerpts += scanner.next() == ExcerptScanner.Step.EXCERPT ? 1 : 0;
            }
            offset = scanner.position() + 200;
            final long lost = event.wrap(scanner.buffer(), scanner.documentOffset()).sequence();
            records.remove(lost);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            channel.write(ByteBuffer.wrap(new byte[]{1, 2, 3}), offset);
        }
        if (JournalRepair.quarantine(root, keys).sequencesLost() != 1)
        {
            throw new IllegalStateException("one record was to be lost");
        }
    }

    /** Most of the room behind the end is of no interest, but takes time to look at in every round. */
    static void shorten(final Path root) throws IOException
    {
        for (final Path file : CycleFiles.list(root.resolve("journal")))
        {
            final long end;
            try (ExcerptScanner scanner = ExcerptScanner.open(file))
            {
                end = scanner.lastNonZero(0) + 1;
            }
            try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
            {
                channel.truncate(end + ROOM_BEHIND & -4096);
            }
        }
    }

    /** Write an archive file again with blocks so small that it has several. */
    private void splitBlocks(final int index, final KeyProvider provider) throws IOException
    {
        final Path file = CycleFiles.listArchived(root.resolve("archive")).get(index);
        final Path temporary = file.resolveSibling("split");
        try (ArchiveReader reader = ArchiveReader.open(file, keys);
            ArchiveWriter writer = ArchiveWriter.create(
                temporary, new ArchiveContext().blockRecords(25).level(3).keys(provider)))
        {
            final UnsafeBuffer block = new UnsafeBuffer(new byte[reader.blockLength(0)]);
            final int end = reader.readBlock(0, block);
            int at = 0;
            while (at < end)
            {
                final int length = event.wrap(block, at).recordLength();
                writer.append(block, at, length);
                at += length + 7 & -8;
            }
            final ArchiveCoverage coverage = reader.summary().coverage();
            writer.finish(coverage);
        }
        ArchiveMove.place(temporary, file);
    }

    private int encode(final long number, final boolean isAudit)
    {
        final int length = 40 + (int)(number * 31 % 300);
        for (int i = 0; i < length; i++)
        {
            payload.putByte(i, (byte)(number * 7 + i * (number % 5)));
        }
        encoder.wrap(buffer, 0, buffer.capacity()).eventTime(nowNs).uuid(number, ~number);
        encoder.put(isAudit ? AUDIT : TEST).put(SOURCE).put(EventField.PAYLOAD, payload, 0, length);
        return encoder.complete();
    }

    private boolean isAudited(final long sequence)
    {
        return event.wrap(new UnsafeBuffer(records.get(sequence)), 0).type().equals("audit.login");
    }

    private long runOf(final long sequence)
    {
        return event.wrap(new UnsafeBuffer(records.get(sequence)), 0).runId();
    }

    long timeOf(final long sequence)
    {
        return event.wrap(new UnsafeBuffer(records.get(sequence)), 0).journalTime();
    }

    private void save(final String reader, final long runId, final long sequence)
    {
        try (PositionFile file = PositionFile.open(position(reader)))
        {
            file.save(runId, sequence - 1);
            file.save(runId, sequence);
        }
    }

    private void checkMade() throws IOException
    {
        final VerifyReport report = JournalVerifier.verify(root, keys);
        if (!report.isSound() || report.events() != records.size() || report.expired() < 100)
        {
            throw new IllegalStateException("not as planned: " + report);
        }
    }

    static void delete(final Path path) throws IOException
    {
        if (Files.isDirectory(path))
        {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(path))
            {
                for (final Path entry : entries)
                {
                    delete(entry);
                }
            }
        }
        Files.deleteIfExists(path);
    }

    /** Two keys; the first one stands for no encryption. */
    static final class Keys implements KeyProvider
    {
        private String current;

        @Override
        public String currentKeyId()
        {
            return current;
        }

        @Override
        public byte[] key(final String keyId)
        {
            final byte[] key = new byte[32];
            Arrays.fill(key, (byte)keyId.hashCode());
            return "second".equals(keyId) ? key : null;
        }
    }
}
