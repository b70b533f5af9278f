package io.sluice.journal;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads single records of a journal by their sequence, in any order, from live and archived files. Keeps files open
 * between reads, a bounded number of them. Reads that go forward in small steps are cheapest.
 *
 * <p>Not thread-safe: one thread at a time. Nothing waits; writes nothing; takes no lock.
 */
public final class JournalRecords implements AutoCloseable
{
    /** Stands for a place that is not known. */
    public static final long NO_PLACE = -1L;

    private static final int MAX_OPEN_FILES = 64;

    private record OpenFile(CycleReader reader, Object key)
    {
        boolean isGone()
        {
            try
            {
                return !key.equals(keyOf(reader.file()));
            }
            catch (final IOException ex)
            {
                return true;
            }
        }

        static Object keyOf(final JournalFile file) throws IOException
        {
            final Object key = Files.readAttributes(file.path(), BasicFileAttributes.class).fileKey();
            return key == null ? file.path() : key;
        }
    }

    private final JournalFiles files;
    private final boolean verifyChecksums;
    private final EventFlyweight event = new EventFlyweight();
    private final EventHash hash = new EventHash();
    private final Map<Integer, OpenFile> open = new LinkedHashMap<>(MAX_OPEN_FILES, 0.75f, true);
    private final DirectoryChanges changes;
    private final JournalEndReader end;
    private List<JournalFile> listed = List.of();
    private long[] firstSequences = {};
    private CycleReader cycle;
    private int recordAt;
    private int runEnd;
    private boolean isClosed;

    private JournalRecords(final TailerContext context, final DataDirectory directory) throws IOException
    {
        files = new JournalFiles(directory, context.keys());
        // Until an appender has recovered the journal after a power loss, the end may be torn within an excerpt.
        files.checkExcerpts(files.runLog().read().mayHaveLostPower(BootId.read()));
        verifyChecksums = context.verifyChecksums();
        changes = new DirectoryChanges(directory.journal(), directory.archive());
        end = new JournalEndReader(files);
    }

    /**
     * Open a journal.
     *
     * @param context with the directory, the keys of archived files, and whether to verify checksums; the rest of it
     *                is for tailers.
     * @return to read from, and to close.
     * @throws DataDirectoryException if there is no journal or the directory can't be read.
     */
    public static JournalRecords open(final TailerContext context)
    {
        if (context.directory() == null)
        {
            throw new IllegalArgumentException("directory is not set");
        }
        final DataDirectory directory = new DataDirectory(context.directory().toAbsolutePath().normalize());
        if (!DirectoryFormat.check(directory))
        {
            DirectoryFormat.checkReadable(directory);
        }
        try
        {
            return new JournalRecords(context, directory);
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(directory.root() + " can't be read: " + ex, ex);
        }
    }

    /** Look at the directory again: files that are gone are let go of, and those that came are found. */
    public void refresh()
    {
        ensureOpen();
        leave();
        if (!changes.isAny())
        {
            open.values().forEach((file) -> file.reader().resume(0, 0));
            return;
        }
        listed = List.of();
        open.values().removeIf((file) ->
        {
            final boolean isGone = file.isGone();
            if (isGone)
            {
                file.reader().close();
            }
            else
            {
                file.reader().resume(0, 0);
            }
            return isGone;
        });
    }

    /**
     * Read a record.
     *
     * @param sequence of it.
     * @param place    what {@link JournalTailer#place()} said of it or of one shortly before it, or {@link #NO_PLACE}.
     *                 A wrong one costs time and nothing else.
     * @return view of it, valid until the next call; null if the journal does not hold it: it is removed, lost or not
     * written yet.
     * @throws JournalDamagedException if bytes on the way to it, or its own, are not what was written.
     */
    public EventFlyweight read(final long sequence, final long place)
    {
        return named(() ->
        {
            if (isInRun(sequence) || isAtPlace(sequence, place) || isFound(sequence))
            {
                return checked();
            }
            return null;
        });
    }

    /**
     * @return sequence of the first record that the journal holds, 0 if there is none. As of the last {@link
     * #refresh()}.
     */
    public long firstSequence()
    {
        return named(() ->
        {
            if (isListed())
            {
                for (int i = 0; i < listed.size(); i++)
                {
                    final long first = firstSequence(i);
                    if (first != Long.MAX_VALUE)
                    {
                        return first;
                    }
                }
            }
            return 0L;
        });
    }

    /**
     * @return sequence of the last record that the journal holds, 0 if there is none. Files that came after the last
     * {@link #refresh()} are not looked at, what came into the last one is.
     */
    public long lastSequence()
    {
        return named(() -> isListed() ? end.lastSequence(listed) : 0L);
    }

    /** Release everything. Idempotent. */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            leave();
            end.close();
            open.values().forEach((file) -> file.reader().close());
            open.clear();
        }
    }

    static long placeOf(final CycleReader cycle)
    {
        final int place = cycle.runPlace();
        return place == CycleReader.NO_PLACE ? NO_PLACE : ((long)cycle.file().cycle() << Integer.SIZE) | place;
    }

    private <T> T named(final JournalFiles.FileWork<T> work)
    {
        ensureOpen();
        try
        {
            return JournalFiles.whileFilesMove(work);
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(files.journal() + " can't be read: " + ex, ex);
        }
        catch (final InternalError ex)
        {
            throw new JournalDamagedException(
                (cycle == null ? files.journal() : cycle.file().path()) +
                " can't be read: it was cut meanwhile, or the device failed (" + ex.getMessage() +
                "); run `sluice verify`", ex);
        }
    }

    private boolean isInRun(final long sequence) throws IOException
    {
        if (cycle == null || recordAt >= runEnd)
        {
            return false;
        }
        event.wrap(cycle.buffer(), recordAt);
        return event.sequence() <= sequence && isInRunFrom(sequence);
    }

    /** @return true if the record lies in the present run, at or after the present one. */
    private boolean isInRunFrom(final long sequence)
    {
        while (recordAt < runEnd)
        {
            event.wrap(cycle.buffer(), recordAt);
            final int length = event.recordLength();
            if (runEnd - recordAt < EventDescriptor.MIN_RECORD_LENGTH || length < EventDescriptor.MIN_RECORD_LENGTH ||
                length > runEnd - recordAt)
            {
                throw damaged("record length " + length + " does not fit into " + (runEnd - recordAt) + " bytes");
            }
            if (event.sequence() >= sequence)
            {
                return event.sequence() == sequence;
            }
            recordAt += EventDescriptor.alignedLength(length);
        }
        return false;
    }

    private boolean isAtPlace(final long sequence, final long place) throws IOException
    {
        if (place < 0)
        {
            return false;
        }
        try
        {
            final CycleReader reader = reader((int)(place >>> Integer.SIZE));
            if (reader == null || !reader.moveToRun((int)place))
            {
                return false;
            }
            enter(reader);
            return isInNextRuns(sequence);
        }
        catch (final NoSuchFileException ex)
        {
            return false;
        }
    }

    /** @return true if the record lies in one of the runs that follow, in this file. */
    private boolean isInNextRuns(final long sequence) throws IOException
    {
        while (cycle.next())
        {
            recordAt = cycle.runStart();
            runEnd = cycle.runEnd();
            if (isInRunFrom(sequence))
            {
                return true;
            }
            if (recordAt < runEnd)
            {
                // The present record is of a later sequence.
                return false;
            }
        }
        return false;
    }

    private boolean isFound(final long sequence) throws IOException
    {
        if (sequence < 1 || !isListed())
        {
            return false;
        }
        int low = 0;
        int high = listed.size() - 1;
        while (low < high)
        {
            final int middle = (low + high + 1) >>> 1;
            if (firstSequence(middle) <= sequence)
            {
                low = middle;
            }
            else
            {
                high = middle - 1;
            }
        }
        final CycleReader reader = readerOf(low);
        if (reader.isEmpty())
        {
            return false;
        }
        reader.rewind();
        reader.skipRuns(true, sequence);
        enter(reader);
        return isInNextRuns(sequence);
    }

    /** @return true if the journal has files. */
    private boolean isListed() throws IOException
    {
        if (listed.isEmpty())
        {
            listed = files.list();
            firstSequences = new long[listed.size()];
        }
        return !listed.isEmpty();
    }

    private long firstSequence(final int index) throws IOException
    {
        if (firstSequences[index] == 0)
        {
            final CycleReader reader = readerOf(index);
            leave();
            if (reader.isEmpty())
            {
                return Long.MAX_VALUE;
            }
            long first = reader.firstValue(true);
            if (first < 0)
            {
                reader.rewind();
                first = reader.next() ? event.wrap(reader.buffer(), reader.runStart()).sequence() : Long.MAX_VALUE;
            }
            firstSequences[index] = first;
        }
        return firstSequences[index];
    }

    private CycleReader readerOf(final int index) throws IOException
    {
        final JournalFile file = listed.get(index);
        final CycleReader reader = reader(file.cycle());
        if (reader == null)
        {
            listed = List.of();
            throw new NoSuchFileException(file.path().toString());
        }
        return reader;
    }

    /** @return reader of a file, null if there is none. */
    private CycleReader reader(final int number) throws IOException
    {
        final OpenFile known = open.get(number);
        if (known != null)
        {
            return known.reader();
        }
        isListed();
        for (final JournalFile file : listed)
        {
            if (file.cycle() == number)
            {
                makeRoom();
                try
                {
                    // In this order: if it is replaced in between, it will seem to be gone, and is opened again.
                    final Object key = OpenFile.keyOf(file);
                    final CycleReader reader = files.open(file);
                    open.put(number, new OpenFile(reader, key));
                    return reader;
                }
                catch (final NoSuchFileException ex)
                {
                    listed = List.of();
                    throw ex;
                }
            }
        }
        return null;
    }

    private void makeRoom()
    {
        if (open.size() >= MAX_OPEN_FILES)
        {
            final Iterator<OpenFile> oldest = open.values().iterator();
            final CycleReader reader = oldest.next().reader();
            if (reader == cycle)
            {
                leave();
            }
            oldest.remove();
            reader.close();
        }
    }

    private void enter(final CycleReader reader)
    {
        cycle = reader;
        recordAt = 0;
        runEnd = 0;
    }

    private void leave()
    {
        event.unwrap();
        cycle = null;
        recordAt = 0;
        runEnd = 0;
    }

    private EventFlyweight checked()
    {
        if (verifyChecksums)
        {
            final String damage = event.findDamage(runEnd - recordAt, hash);
            if (damage != null)
            {
                throw damaged(damage);
            }
        }
        return event;
    }

    private JournalDamagedException damaged(final String text)
    {
        return JournalDamagedException.at(cycle.file().path(), cycle.place(recordAt), text);
    }

    private void ensureOpen()
    {
        if (isClosed)
        {
            throw new IllegalStateException("the records are closed");
        }
    }
}
