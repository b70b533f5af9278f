package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.agrona.collections.LongHashSet;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads journal files in order, from document to document, and stops at the first thing that does not continue what
 * lies before: it searches nothing and trusts no index. An excerpt counts if it is filled by sound records of one run
 * whose sequences go on; if one of them is torn, the whole excerpt is.
 *
 * <p>Scan the files in order with one instance. Not thread-safe.
 */
final class ChainScan
{
    private final List<LostRanges.Range> lost;
    private final EventFlyweight event = new EventFlyweight();
    private final EventHash hash = new EventHash();
    private final LongHashSet earlierRuns = new LongHashSet();
    private long runId;
    private long lastSequence;
    private long lastJournalTime;
    private long records;
    private long position;
    private long firstTime;
    private boolean isSealed;
    private String breakText;
    private CycleHeader header;
    private CycleIndices indices;

    /**
     * @param lost            sequences that a repair wrote off.
     * @param lastSequence    before the first file, 0 if there is none.
     * @param lastJournalTime before the first file.
     */
    ChainScan(final List<LostRanges.Range> lost, final long lastSequence, final long lastJournalTime)
    {
        this.lost = lost;
        this.lastSequence = lastSequence;
        this.lastJournalTime = lastJournalTime;
    }

    /** @return of the last record so far. */
    long lastSequence()
    {
        return lastSequence;
    }

    long lastJournalTime()
    {
        return lastJournalTime;
    }

    /** Read a file, which is to continue the one before. */
    ChainPart scan(final Path file) throws IOException
    {
        records = 0;
        position = 0;
        firstTime = 0;
        isSealed = false;
        breakText = null;
        header = null;
        indices = new CycleIndices();
        try (ExcerptScanner scanner = ExcerptScanner.open(file))
        {
            readHeader(scanner);
            while (breakText == null && !isSealed && step(scanner))
            {
                continue;
            }
            final long restEnd = breakText == null ? 0 : scanner.lastNonZero(position) + 1;
            return new ChainPart(file, records, position, restEnd, firstTime, isSealed, breakText, header, indices);
        }
    }

    private void readHeader(final ExcerptScanner scanner) throws IOException
    {
        if (scanner.next() != ExcerptScanner.Step.META_DATA || !scanner.isNamed("header"))
        {
            breakText = "the file has no header";
            return;
        }
        header = CycleHeader.of(scanner);
        breakText = header.damage();
    }

    private boolean step(final ExcerptScanner scanner) throws IOException
    {
        final ExcerptScanner.Step step = scanner.next();
        position = scanner.position();
        switch (step)
        {
            case EXCERPT:
                breakText = readExcerpt(scanner);
                if (breakText == null)
                {
                    indices.onExcerpt(position);
                }
                return true;

            case META_DATA:
                indices.onDocument(scanner);
                return true;

            case END_OF_FILE:
                isSealed = true;
                return false;

            case END:
                if (scanner.lastNonZero(position) >= 0)
                {
                    breakText = "nothing is written here, but there is something behind";
                }
                return false;

            default:
                breakText = scanner.damage();
                return false;
        }
    }

    /** @return why the excerpt does not continue what lies before, or null. */
    private String readExcerpt(final ExcerptScanner scanner)
    {
        final UnsafeBuffer buffer = scanner.buffer();
        final int start = scanner.documentOffset();
        final int end = start + scanner.documentLength();
        long sequence = lastSequence;
        long journalTime = lastJournalTime;
        long excerptRun = 0;
        int at = start;
        int count = 0;
        while (at < end)
        {
            final String damage = event.wrap(buffer, at).findDamage(end - at, hash);
            if (damage != null)
            {
                return damage;
            }
            final int recordEnd = at + event.recordLength();
            at += EventDescriptor.alignedLength(event.recordLength());
            if (at > end || !isZero(buffer, recordEnd, at))
            {
                return "padding behind a record is not zero";
            }
            if (excerptRun != 0 && event.runId() != excerptRun || event.runId() <= 0 ||
                earlierRuns.contains(event.runId()))
            {
                return "sequence " + event.sequence() + " is of run " + event.runId() + " in between others";
            }
            if (event.sequence() <= sequence ||
                LostRanges.firstNotLost(lost, sequence + 1, event.sequence() - 1) != event.sequence())
            {
                return "sequence " + event.sequence() + " does not follow " + sequence;
            }
            if (event.journalTime() < journalTime)
            {
                return "journal time of sequence " + event.sequence() + " runs backwards";
            }
            if (records + count == 0)
            {
                firstTime = event.journalTime();
            }
            excerptRun = event.runId();
            sequence = event.sequence();
            journalTime = event.journalTime();
            count++;
        }
        if (excerptRun != runId && runId != 0)
        {
            earlierRuns.add(runId);
        }
        runId = excerptRun;
        lastSequence = sequence;
        lastJournalTime = journalTime;
        records += count;
        return null;
    }

    private static boolean isZero(final UnsafeBuffer buffer, final int from, final int to)
    {
        for (int i = from; i < to; i++)
        {
            if (buffer.getByte(i) != 0)
            {
                return false;
            }
        }
        return true;
    }
}
