package io.sluice.index;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import io.sluice.journal.JournalDamagedException;
import io.sluice.journal.JournalRecords;
import io.sluice.journal.TailerContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.agrona.CloseHelper;

/**
 * Reads the index of a journal, in the process that makes it or in another one. A segment that is damaged, or that says
 * something else than the journal, is left out.
 *
 * <p>Not thread-safe. Writes nothing; takes no lock.
 */
public final class JournalIndex implements AutoCloseable
{
    private record DamagedFile(Path path, FileTime time)
    {
        static DamagedFile of(final Path path)
        {
            try
            {
                return new DamagedFile(path, Files.getLastModifiedTime(path));
            }
            catch (final IOException ex)
            {
                // It has gone; another one in its place will have a later time.
                return new DamagedFile(path, FileTime.fromMillis(0));
            }
        }
    }

    /** What the journal says of the last event of a segment. */
    private enum History
    {
        SAME, OTHER, EXPIRED
    }

    private final IndexFiles directory;
    private final IndexLayout layout;
    private final JournalRecords records;
    private final long boot = IndexFiles.boot();
    private final NavigableMap<Long, SealedSegment> sealed = new TreeMap<>();
    private final Map<Long, DamagedFile> damaged = new TreeMap<>();
    private final TailerContext tailing;
    private RecentSegment recent;
    private OpenSegment open;
    private boolean isListed;
    private boolean isClosed;

    private JournalIndex(final IndexContext context, final JournalRecords records)
    {
        directory = new IndexFiles(context.dataDirectory());
        layout = context.layout();
        this.records = records;
        tailing = context.tailing();
    }

    /**
     * Open the index of a journal. There need not be one.
     *
     * @param context of it.
     * @param records of the journal, to see whether the index is of this journal as it is.
     * @return to be refreshed, asked and closed.
     */
    public static JournalIndex open(final IndexContext context, final JournalRecords records)
    {
        return new JournalIndex(context, records);
    }

    /**
     * Look for what was added.
     *
     * @throws EventStorageException if the directory can't be read.
     */
    public void refresh()
    {
        ensureOpen();
        try
        {
            sealed.values().forEach(MappedSegment::forgetTried);
            if (!isListed || open == null || !refreshOpen())
            {
                list();
            }
            if (endSequence() > 0)
            {
                recent = recent == null ? new RecentSegment(tailing, layout) : recent;
                recent.follow(endSequence());
            }
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(directory.directory() + " can't be read: " + ex, ex);
        }
    }

    /**
     * @return segments by their sequences, as of the last {@link #refresh()}; what lies between is not indexed. The
     * last one is in memory and of what came after the files; it may begin within the one before.
     */
    public List<IndexSegment> segments()
    {
        final List<IndexSegment> segments = new ArrayList<>(files());
        if (recent != null && recent.endSequence() > endSequence() && !segments.isEmpty())
        {
            segments.add(recent);
        }
        return segments;
    }

    /** @return first sequence behind all that the files of the index know, 0 if there are none. */
    public long endSequence()
    {
        if (open != null && open.endSequence() > open.firstSequence())
        {
            return open.endSequence();
        }
        return sealed.isEmpty() ? 0 : sealed.lastEntry().getValue().endSequence();
    }

    /**
     * Leave a segment out from now on: it is damaged.
     *
     * @param segment of this index; nothing happens if it is not in a file.
     */
    public void drop(final IndexSegment segment)
    {
        if (!(segment instanceof MappedSegment mapped))
        {
            return;
        }
        if (mapped == open)
        {
            open = null;
        }
        else
        {
            sealed.remove(mapped.firstSequence());
        }
        damaged.put(segment.firstSequence(), DamagedFile.of(mapped.file()));
        mapped.close();
    }

    /** @return files that were left out because they are damaged or of another journal. */
    public Collection<Path> damagedFiles()
    {
        return damaged.values().stream().map(DamagedFile::path).toList();
    }

    /** Release everything. Idempotent. */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            CloseHelper.close(recent);
            sealed.values().forEach(MappedSegment::close);
            sealed.clear();
            if (open != null)
            {
                open.close();
                open = null;
            }
        }
    }

    /** @return the segments that are in files. */
    List<MappedSegment> files()
    {
        final List<MappedSegment> segments = new ArrayList<>(sealed.values());
        if (open != null && open.endSequence() > open.firstSequence())
        {
            segments.add(open);
        }
        return segments;
    }

    NavigableMap<Long, SealedSegment> sealed()
    {
        return sealed;
    }

    private boolean refreshOpen()
    {
        try
        {
            return open.refresh();
        }
        catch (final IndexDamagedException ex)
        {
            drop(open);
            return true;
        }
    }

    private void list() throws IOException
    {
        final NavigableMap<Long, Path> openFiles = directory.listOpen();
        final Map<Long, Path> sealedFiles = directory.listSealed();
        isListed = true;
        final boolean isKept = open != null && openFiles.containsKey(open.firstSequence()) &&
            !sealedFiles.containsKey(open.firstSequence());
        if (open != null && !isKept)
        {
            open.close();
            open = null;
        }
        sealed.entrySet().removeIf((entry) ->
        {
            final boolean isGone = !sealedFiles.containsKey(entry.getKey());
            if (isGone)
            {
                entry.getValue().close();
            }
            return isGone;
        });
        final List<MappedSegment> added = new ArrayList<>();
        for (final Map.Entry<Long, Path> entry : sealedFiles.entrySet())
        {
            final DamagedFile known = damaged.get(entry.getKey());
            if (!sealed.containsKey(entry.getKey()) &&
                (known == null || !known.equals(DamagedFile.of(entry.getValue()))))
            {
                addSealed(entry.getKey(), entry.getValue(), added);
            }
        }
        if (!openFiles.isEmpty())
        {
            final Map.Entry<Long, Path> last = openFiles.lastEntry();
            if (open == null || open.firstSequence() != last.getKey() || !open.refresh())
            {
                openOpen(last.getKey(), last.getValue(), sealedFiles, added);
            }
        }
        validate(added);
    }

    private void addSealed(final long first, final Path file, final List<MappedSegment> added)
    {
        try
        {
            final SealedSegment segment = new SealedSegment(layout, file, first);
            sealed.put(first, segment);
            added.add(segment);
        }
        catch (final NoSuchFileException ex)
        {
            // It left since it was listed: retention took what it stood for.
            isListed = false;
        }
        catch (final IndexDamagedException | IOException ex)
        {
            damaged.put(first, DamagedFile.of(file));
        }
    }

    private void openOpen(
        final long first, final Path file, final Map<Long, Path> sealedFiles, final List<MappedSegment> added)
    {
        if (open != null)
        {
            open.close();
            open = null;
        }
        if (sealedFiles.containsKey(first))
        {
            return;
        }
        try
        {
            open = new OpenSegment(layout, file, first, boot);
            added.add(open);
        }
        catch (final IndexDamagedException | IOException ex)
        {
            // Whoever indexes makes it anew, under the same name.
            isListed = false;
        }
    }

    /**
     * A power loss may take events off the end of a journal that an index knows already, and their sequences are given
     * again. Where the last event of a segment is as the segment says, so is everything before it.
     */
    private void validate(final List<MappedSegment> added)
    {
        for (int i = added.size() - 1; i >= 0; i--)
        {
            final MappedSegment segment = added.get(i);
            if (segment.lastSequence() != 0)
            {
                final History history = historyOf(segment);
                if (history == History.SAME)
                {
                    return;
                }
                if (history == History.OTHER)
                {
                    drop(segment);
                }
            }
        }
    }

    private History historyOf(final MappedSegment segment)
    {
        try
        {
            final EventFlyweight event = records.read(segment.lastSequence(), JournalRecords.NO_PLACE);
            if (event != null)
            {
                return event.checksum() == segment.lastChecksum() ? History.SAME : History.OTHER;
            }
            return records.lastSequence() < segment.lastSequence() ? History.OTHER : History.EXPIRED;
        }
        catch (final JournalDamagedException ex)
        {
            // Whoever reads the journal there says so; a query that does not must not fail.
            return History.OTHER;
        }
    }

    private void ensureOpen()
    {
        if (isClosed)
        {
            throw new IllegalStateException("the index is closed");
        }
    }
}
