package io.sluice.journal;

import io.sluice.archive.ArchiveReader;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.agrona.BufferUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads every record of a closed file, checked, whether it lies in {@code journal/} or in {@code archive/}. Reads with
 * plain reads; takes its time by an {@link ArchivePace}. Not thread-safe.
 */
final class ClosedFileReader
{
    private final JournalFiles files;
    private final List<LostRanges.Range> lost;
    private final ArchivePace pace;

    /**
     * @param files of the journal.
     * @param lost  sequences that may be missing in a file.
     * @param pace  of the work.
     */
    ClosedFileReader(final JournalFiles files, final List<LostRanges.Range> lost, final ArchivePace pace)
    {
        this.files = files;
        this.lost = lost;
        this.pace = pace;
    }

    /**
     * Read a file.
     *
     * @param file    of a list.
     * @param policy  to find its terms by.
     * @param handler of its records.
     * @return what it holds, without digest.
     * @throws JournalDamagedException                   if anything in it is not what was written, or is missing.
     * @throws io.sluice.archive.ArchiveDamagedException the same for a file of the archive.
     */
    ClosedFile read(final JournalFile file, final RetentionPolicy policy, final RecordHandler handler)
        throws IOException
    {
        final Collector collector = new Collector(policy, handler);
        return file.isArchived() ? readArchived(file, collector) : readLive(file, collector);
    }

    private ClosedFile readLive(final JournalFile file, final Collector collector) throws IOException
    {
        final CycleScan scan = new CycleScan(collector, false);
        final RunLog.Summary runs = files.runLog().read();
        // Another file may lie in its place.
        scan.bounds(runs.firstOf(file.cycle()), runs.lastOf(file.cycle()));
        final CycleScan.End end = scan.scan(file.path());
        if (end != CycleScan.End.SEALED && end != CycleScan.End.OPEN)
        {
            throw JournalDamagedException.at(
                file.path(), "offset " + scan.endPosition(), "it does not end as a closed file does");
        }
        final boolean isSealed = end == CycleScan.End.SEALED;
        return collector.toClosedFile(
            file.path(), scan.endPosition() + (isSealed ? ExcerptScanner.HEADER_LENGTH : 0), isSealed);
    }

    private ClosedFile readArchived(final JournalFile file, final Collector collector) throws IOException
    {
        try (ArchiveReader reader = files.openArchive(file))
        {
            read(reader, collector);
            return collector.toClosedFile(file.path(), reader.summary().storedBytes(), true);
        }
    }

    private void read(final ArchiveReader reader, final Collector collector)
    {
        final EventFlyweight event = new EventFlyweight();
        final EventHash hash = new EventHash();
        final UnsafeBuffer buffer = new UnsafeBuffer(0, 0);
        ByteBuffer memory = null;
        try
        {
            for (int block = 0; block < reader.blockCount(); block++)
            {
                if (memory == null || memory.capacity() < reader.blockLength(block))
                {
                    BufferUtil.free(memory);
                    memory = ByteBuffer.allocateDirect(reader.blockLength(block));
                    buffer.wrap(memory);
                }
                final int end = reader.readBlock(block, buffer);
                int at = 0;
                while (at < end)
                {
                    final String damage = event.wrap(buffer, at).findDamage(end - at, hash);
                    if (damage != null)
                    {
                        throw JournalDamagedException.at(reader.file(), "block " + block, damage);
                    }
                    collector.onRecord(event, block);
                    at += EventDescriptor.alignedLength(event.recordLength());
                }
            }
        }
        finally
        {
            event.unwrap();
            buffer.wrap(0, 0);
            BufferUtil.free(memory);
        }
    }

    private final class Collector implements CycleScan.Listener
    {
        private final RetentionPolicy policy;
        private final RetentionTerms terms;
        private final RecordHandler handler;
        private long first;
        private long last;
        private long firstTimeNs;
        private long lastTimeNs;

        Collector(final RetentionPolicy policy, final RecordHandler handler)
        {
            this.policy = policy;
            this.handler = handler;
            terms = new RetentionTerms(policy);
        }

        @Override
        public void onRecord(final EventFlyweight event, final long excerptPosition)
        {
            if (first == 0)
            {
                first = event.sequence();
                firstTimeNs = event.journalTime();
            }
            last = event.sequence();
            lastTimeNs = event.journalTime();
            terms.add(event);
            handler.onRecord(event);
            pace.onBytes(event.recordLength());
        }

        @Override
        public void onDamage(final Path file, final long offset, final long sequence, final String text)
        {
            throw JournalDamagedException.at(file, "offset " + offset, text);
        }

        @Override
        public void onGap(final Path file, final long offset, final long firstMissing, final long lastMissing)
        {
            if (LostRanges.firstNotLost(lost, firstMissing, lastMissing) <= lastMissing)
            {
                throw JournalDamagedException.at(
                    file, "offset " + offset, "sequences " + firstMissing + " to " + lastMissing + " are missing");
            }
        }

        ClosedFile toClosedFile(final Path file, final long length, final boolean isSealed)
        {
            return new ClosedFile(
                file.getFileName().toString(),
                first,
                last,
                firstTimeNs,
                lastTimeNs,
                terms.count(),
                length,
                isSealed,
                "",
                policy.id(),
                terms.text());
        }
    }
}
