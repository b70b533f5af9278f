package io.sluice.journal;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.Bytes;
import net.openhft.chronicle.bytes.BytesStore;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueue;
import org.agrona.CloseHelper;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Writes excerpts to Chronicle, each from a private buffer at once, so that one that fails half way was never begun.
 * Whatever {@code write} throws, the writer is not to be used again: Chronicle may hold its lock or a stale position
 * then. Confined to one thread at a time.
 */
final class ExcerptWriter implements AutoCloseable
{
    // Chronicle looks for a file in every cycle in between, at the roll and at the next start: 10 years take it 4
    // seconds.
    private static final int MAX_STEP = 8640;
    private static final String CLOSED_UP_TO = "normalisedEOFsTo";

    private final Path journal;
    private final EpochNanoClock clock;
    private final CycleClock cycleClock;
    private final SingleChronicleQueue queue;
    private final ExcerptAppender appender;
    private final Bytes<Void> staging;
    private final UnsafeBuffer buffer;
    private Path file;
    private long position;
    private long recoveredEnd;

    ExcerptWriter(
        final JournalContext context, final Path journal, final JournalRecovery recovered, final JournalSpace space)
        throws IOException
    {
        this.journal = journal;
        clock = context.clock();
        final boolean needsNewFile = recovered.lastCycle() < 0 || recovered.isSealed();
        recoveredEnd = needsNewFile ? 0 : recovered.endPosition();
        position = recoveredEnd;
        cycleClock = new CycleClock(needsNewFile ? nextCycle(recovered.greatestCycle()) : recovered.lastCycle());
        file = CycleFiles.fileOf(journal, cycleClock.cycle());
        final int capacity = context.maxExcerptLength();
        queue = openQueue(context.rollSize(), capacity, space);
        try
        {
            if (queue.rollCycle() != CycleFiles.ROLL_CYCLE)
            {
                throw new DataDirectoryException(
                    DirectoryState.DAMAGED,
                    journal + " has roll cycle " + queue.rollCycle() + " instead of " + CycleFiles.ROLL_CYCLE +
                    "; run `sluice repair --quarantine`");
            }
            // It would go through all older files to see whether they are closed, whatever is in them by now, and make
            // headers and marks where it misses them.
            queue.tableStorePut(CLOSED_UP_TO, Math.max(recovered.previousCycle(), 0));
            appender = queue.createAppender();
            appender.singleThreadedCheckDisabled(true);
            staging = Bytes.allocateDirect(capacity);
            staging.singleThreadedCheckDisabled(true);
            buffer = new UnsafeBuffer(staging.addressForRead(0), capacity);
        }
        catch (final Throwable ex)
        {
            queue.close();
            throw ex;
        }
    }

    /** @return the buffer to put the bytes of the next excerpt in. */
    UnsafeBuffer buffer()
    {
        return buffer;
    }

    /** @return where the last excerpt ended in the present file, 0 in a new one. */
    long position()
    {
        return position;
    }

    /** @return number of the present file. */
    int cycle()
    {
        return cycleClock.cycle();
    }

    Path file()
    {
        return file;
    }

    /**
     * @return address of byte 0 of the present file; the block size makes a whole file one mapping. After a write only.
     */
    long fileAddress()
    {
        final long before = position - ExcerptScanner.HEADER_LENGTH;
        return appender.wire().bytes().addressForRead(before) - before;
    }

    /** @return number of the file to go on in; another one after some minutes. */
    int nextCycle()
    {
        return nextCycle(cycleClock.cycle());
    }

    /** Let the next excerpt go to a new file. */
    void roll(final int nextCycle)
    {
        cycleClock.stepTo(nextCycle);
        file = CycleFiles.fileOf(journal, nextCycle);
        position = 0;
        recoveredEnd = 0;
    }

    /** Append the first bytes of the buffer as one excerpt. */
    void write(final int length)
    {
        staging.readPositionRemaining(0, length);
        appender.writeBytes((BytesStore<?, ?>)staging);
        position = appender.wire().bytes().writePosition();
        if (recoveredEnd > 0)
        {
            checkFirstWrite(length);
            recoveredEnd = 0;
        }
    }

    @Override
    public void close()
    {
        CloseHelper.closeAll(appender::close, queue::close, staging::releaseLast);
    }

    // Where recovery said that the journal ends, Chronicle must have appended, behind index documents at most.
    private void checkFirstWrite(final int length)
    {
        final Bytes<?> bytes = appender.wire().bytes();
        long at = recoveredEnd;
        int header = bytes.readVolatileInt(at);
        while (header > 0 && (header & ExcerptScanner.META_DATA_BIT) != 0 && at < position)
        {
            at = ExcerptScanner.align4(at + ExcerptScanner.HEADER_LENGTH + (header & ExcerptScanner.LENGTH_MASK));
            header = bytes.readVolatileInt(at);
        }
        if (header != length)
        {
            throw new EventStorageException(
                "the first append did not go to offset " + recoveredEnd + " of " + file() +
                ", where recovery found the end of the journal; run `sluice verify`");
        }
    }

    private SingleChronicleQueue openQueue(
        final long rollSize, final int maxExcerptLength, final JournalSpace space) throws IOException
    {
        space.prepareMetadata(journal.resolve(CycleFiles.METADATA));
        try
        {
            return QueueFactory.open(journal, cycleClock, rollSize, maxExcerptLength);
        }
        catch (final RuntimeException ex)
        {
            // The journal files are checked by now; what is left to go wrong is in the metadata, which can be made
            // again.
            QueueMetadata.discard(journal);
            space.prepareMetadata(journal.resolve(CycleFiles.METADATA));
            return QueueFactory.open(journal, cycleClock, rollSize, maxExcerptLength);
        }
    }

    private int nextCycle(final int lastCycle)
    {
        final int now = CycleFiles.cycleOf(clock.nanoTime() / 1_000_000L);
        return lastCycle < 0 ? now : Math.max(lastCycle + 1, Math.min(now, lastCycle + MAX_STEP));
    }
}
