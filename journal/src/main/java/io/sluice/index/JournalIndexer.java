package io.sluice.index;

import io.sluice.event.EventException;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import io.sluice.journal.ControlledRecordHandler;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.JournalRecords;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.WriterLock;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.CloseHelper;
import org.agrona.concurrent.Agent;

/**
 * Makes the index of a journal, as an agent: reads the journal as any tailer does, next to the engine that appends or
 * in another process. One process may index a journal at a time.
 *
 * <p>Where it stops, it goes on: complete segments stay, the one that grows is made again, which takes a part of a
 * second. Segments that are damaged or of another journal are replaced, and those of which retention has taken
 * everything go. What it can't read or write now it tries again a second later; nobody else waits for it.
 *
 * <p>Not thread-safe: one thread calls {@link #doWork()} and {@link #onClose()}; {@link #status()} is for any thread.
 * Takes some 13 MiB. Allocates for new types and sources, and for each complete segment.
 */
public final class JournalIndexer implements Agent
{
    /** Name of the thread that indexes. */
    public static final String ROLE_NAME = "sluice-index";

    private static final int POLL_LIMIT = 4096;
    private static final long RETRY_NS = 1_000_000_000L;

    private final IndexContext context;
    private final IndexLayout layout;
    private final IndexFiles files;
    private final WriterLock lock;
    private final FileStore store;
    private final SegmentColumns columns;
    private final SealedSegmentFile sealedFile;
    private final ControlledRecordHandler onRecord = this::onRecord;
    private final TreeMap<Long, Path> sealed = new TreeMap<>();
    private final Deque<Long> unverified = new ArrayDeque<>();
    private JournalTailer tailer;
    private OpenSegmentFile openFile;
    private long seekTo = -1;
    private long troubleTime;
    private long events;
    private long sealedCount;
    private long rebuiltCount;
    private long damagedCount;
    private volatile IndexStatus status = new IndexStatus(0, 0, 0, 0, 0, "");
    private boolean isClosed;

    private JournalIndexer(final IndexContext context, final IndexFiles files, final WriterLock lock)
        throws IOException
    {
        this.context = context;
        this.files = files;
        this.lock = lock;
        layout = context.layout();
        store = Files.getFileStore(files.directory());
        columns = new SegmentColumns(layout);
        sealedFile = new SealedSegmentFile(layout);
    }

    /**
     * Open the index of a journal for writing.
     *
     * @param context of it.
     * @return an agent; it does nothing before {@link #doWork()} is called.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal, or somebody indexes it already.
     * @throws EventStorageException                    if the directory can't be read or written.
     */
    public static JournalIndexer open(final IndexContext context)
    {
        final DataDirectory directory = context.dataDirectory();
        final IndexFiles files = new IndexFiles(directory);
        try (JournalRecords records = JournalRecords.open(context.tailing()))
        {
            Files.createDirectories(files.directory());
            final WriterLock lock = WriterLock.acquireIndex(directory);
            try
            {
                final JournalIndexer indexer = new JournalIndexer(context, files, lock);
                indexer.takeStock(records);
                return indexer;
            }
            catch (final Throwable ex)
            {
                lock.close();
                throw ex;
            }
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(files.directory() + " can't be used: " + ex, ex);
        }
    }

    @Override
    public String roleName()
    {
        return ROLE_NAME;
    }

    /**
     * Index what there is, a bounded part of it.
     *
     * @return events looked at, or segments checked; 0 if there was nothing to do.
     */
    @Override
    public int doWork()
    {
        if (isClosed || !status.trouble().isEmpty() && context.clock().nanoTime() - troubleTime < RETRY_NS)
        {
            return 0;
        }
        try
        {
            final int count = index();
            report("");
            return count > 0 || unverified.isEmpty() ? count : verifyNext();
        }
        catch (final IOException | EventException ex)
        {
            troubleTime = context.clock().nanoTime();
            startAgain();
            report(ex.getMessage() == null ? ex.toString() : ex.getMessage());
            return 0;
        }
    }

    /** @return how far it has come; any thread. */
    public IndexStatus status()
    {
        return status;
    }

    /** Release everything; what is not in a complete zone is read again next time. Idempotent. */
    @Override
    public void onClose()
    {
        if (!isClosed)
        {
            isClosed = true;
            CloseHelper.quietCloseAll(tailer, openFile);
            sealedFile.close();
            lock.close();
        }
    }

    /** Find out what of the index is of this journal as it is, and remove the rest. */
    private void takeStock(final JournalRecords records) throws IOException
    {
        for (final Path file : files.listOpen().values())
        {
            leave(file);
        }
        for (final Path file : files.listParts())
        {
            Files.deleteIfExists(file);
        }
        try (JournalIndex index = JournalIndex.open(context, records))
        {
            index.refresh();
            for (final Path file : index.damagedFiles())
            {
                Files.deleteIfExists(file);
                damagedCount++;
            }
            for (final Map.Entry<Long, SealedSegment> entry : index.sealed().entrySet())
            {
                sealed.put(entry.getKey(), entry.getValue().file());
                unverified.add(entry.getKey());
            }
        }
        removeExpired(records.firstSequence());
        seekTo = nextMissing(layout.segmentOf(Math.max(1, records.firstSequence())));
        report("");
    }

    // A reader may still have it open: it is told that nothing comes any more.
    private static void leave(final Path file) throws IOException
    {
        OpenSegmentFile.leave(file);
        Files.deleteIfExists(file);
    }

    private int index() throws IOException
    {
        if (tailer == null)
        {
            tailer = JournalTailer.open(context.tailing());
        }
        if (seekTo >= 0)
        {
            tailer.seek(StartPosition.sequence(Math.max(1, seekTo)));
            columns.clear(-1L);
            seekTo = -1;
        }
        final int count = tailer.controlledPoll(onRecord, POLL_LIMIT);
        events += count;
        // Where it had to stop, it stands before a segment that is there already.
        return seekTo >= 0 ? count + 1 : count;
    }

    private ControlledRecordHandler.Action onRecord(final EventFlyweight event)
    {
        try
        {
            final long sequence = event.sequence();
            final long segment = layout.segmentOf(sequence);
            if (segment != columns.firstSequence())
            {
                seal();
                if (sealed.containsKey(segment))
                {
                    seekTo = nextMissing(segment);
                    return ControlledRecordHandler.Action.ABORT;
                }
                begin(segment);
            }
            writeZones(zoneOf(sequence));
            columns.add(event, tailer.place());
            if (sequence + 1 == segment + layout.segmentEvents())
            {
                seal();
            }
            else
            {
                writeZones(zoneOf(sequence + 1));
            }
            return ControlledRecordHandler.Action.CONTINUE;
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(files.directory() + " can't be written: " + ex.getMessage(), ex);
        }
    }

    private int zoneOf(final long sequence)
    {
        return (int)(sequence - columns.firstSequence()) >>> layout.zoneBits();
    }

    private void begin(final long segment) throws IOException
    {
        // It may have been deleted, at any time.
        Files.createDirectories(files.directory());
        ensureRoom(0);
        columns.clear(segment);
        leave(files.open(segment));
        openFile = OpenSegmentFile.create(layout, files.open(segment), segment, IndexFiles.boot());
    }

    private void writeZones(final int end) throws IOException
    {
        while (openFile.zones() < end)
        {
            ensureRoom(layout.zoneLength());
            openFile.writeZone(columns);
        }
    }

    private void seal() throws IOException
    {
        if (openFile != null)
        {
            final long first = columns.firstSequence();
            ensureRoom(layout.openLength());
            sealedFile.write(columns, files.part(first), files.sealed(first));
            sealed.put(first, files.sealed(first));
            sealedCount++;
            openFile.leave();
            openFile.close();
            openFile = null;
            Files.deleteIfExists(files.open(first));
            if (rebuiltCount < damagedCount)
            {
                rebuiltCount++;
            }
            columns.clear(-1L);
            removeExpired();
        }
    }

    private void ensureRoom(final long length) throws IOException
    {
        final long free = store.getUsableSpace();
        if (free - length < context.minFreeSpace())
        {
            throw new IOException(
                free + " bytes are free there, and minFreeSpace=" + context.minFreeSpace() + " are to stay free");
        }
    }

    private void removeExpired() throws IOException
    {
        try (JournalRecords records = JournalRecords.open(context.tailing()))
        {
            removeExpired(records.firstSequence());
        }
    }

    private void removeExpired(final long firstSequence) throws IOException
    {
        while (!sealed.isEmpty() && sealed.firstKey() + layout.segmentEvents() <= firstSequence)
        {
            Files.deleteIfExists(sealed.pollFirstEntry().getValue());
        }
    }

    private long nextMissing(final long from)
    {
        long segment = from;
        while (sealed.containsKey(segment))
        {
            segment += layout.segmentEvents();
        }
        return segment;
    }

    /** Look whether a segment that another indexer completed is what it wrote. */
    private int verifyNext() throws IOException
    {
        final long first = unverified.remove();
        final Path file = sealed.get(first);
        if (file != null)
        {
            try (SealedSegment segment = new SealedSegment(layout, file, first))
            {
                segment.checkAll();
            }
            catch (final IndexDamagedException ex)
            {
                Files.deleteIfExists(file);
                sealed.remove(first);
                damagedCount++;
                startAgain();
                seekTo = first;
            }
        }
        return 1;
    }

    /** Give up the segment that grows, and begin it again. */
    private void startAgain()
    {
        if (openFile != null)
        {
            final long first = columns.firstSequence();
            CloseHelper.quietClose(openFile);
            openFile = null;
            seekTo = first;
            try
            {
                leave(files.open(first));
            }
            catch (final IOException ex)
            {
                // It is tried again before the next one is made.
                seekTo = first;
            }
        }
        else if (tailer != null && seekTo < 0)
        {
            seekTo = tailer.nextSequence();
        }
        CloseHelper.quietClose(tailer);
        tailer = null;
    }

    private void report(final String trouble)
    {
        final IndexStatus last = status;
        final long end = openFile != null && openFile.zones() > 0 ?
            columns.firstSequence() + ((long)openFile.zones() << layout.zoneBits()) :
            sealed.isEmpty() ? 0 : sealed.lastKey() + layout.segmentEvents();
        final long readTo = tailer == null ? last.readTo() : tailer.nextSequence();
        if (end != last.endSequence() || readTo != last.readTo() || !trouble.equals(last.trouble()))
        {
            status = new IndexStatus(end, readTo, events, sealedCount, rebuiltCount, trouble);
        }
    }
}
