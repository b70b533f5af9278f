package io.sluice.journal;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file that the next roll goes on in, made ahead under a name that nobody looks at. It has its first blocks and
 * their pages in memory, so that a roll does not wait for them. It holds zeros only, as a file that was just made.
 *
 * <p>The preparer makes it, the appender takes it, by a rename. One that the process leaves when it dies is deleted by
 * the next run.
 */
final class SpareFile
{
    static final String NAME = "next.spare";

    private static final Logger LOGGER = LoggerFactory.getLogger(SpareFile.class);
    private static final long RETRY_NS = 1_000_000_000L;

    private final BlockReserve blocks;
    private final Path path;
    private final long length;
    private final long end;
    private final long blocksLength;
    private final long limit;
    private final AtomicReference<ReservedFile> ready = new AtomicReference<>();

    private ReservedFile file;
    private long clearedEnd;
    private long triedNs;
    private boolean isTried;

    /**
     * @param blocks  of the file system.
     * @param journal directory.
     * @param length  to bring in, a multiple of {@link ReservedFile#FOLIO_LENGTH}.
     * @param end     up to where it may be appended to at first.
     * @param ahead   that blocks are reserved.
     * @param limit   up to which blocks will be wanted.
     */
    SpareFile(
        final BlockReserve blocks,
        final Path journal,
        final long length,
        final long end,
        final long ahead,
        final long limit)
    {
        this.blocks = blocks;
        this.length = length;
        this.end = end;
        blocksLength = ReservedFile.folioEnd(Math.max(end, Math.min(ahead, limit)));
        this.limit = limit;
        path = journal.resolve(NAME);
    }

    /** Delete what a process left that died; whoever opens the directory may need the space. */
    static void clear(final Path journal) throws IOException
    {
        Files.deleteIfExists(journal.resolve(NAME));
    }

    /** @return true if it can be taken. */
    boolean isReady()
    {
        return ready.get() != null;
    }

    /**
     * Do a piece of the work: a system call or two. For the preparer.
     *
     * @param isPopulating false if pages are not to be brought in.
     * @param nowNs        by {@link System#nanoTime()}.
     * @return true if there is more to do.
     */
    boolean prepare(final boolean isPopulating, final long nowNs)
    {
        if (isReady() || isTried && nowNs - triedNs < RETRY_NS || !blocks.canReserve())
        {
            return false;
        }
        try
        {
            if (file == null)
            {
                make();
            }
            else if (isPopulating && clearedEnd < length && file.clearUnused(clearedEnd))
            {
                clearedEnd += ReservedFile.PIECE_LENGTH;
            }
            else
            {
                final ReservedFile made = file;
                file = null;
                ready.set(made);
            }
            return true;
        }
        catch (final NoRoomException | EventStorageException ex)
        {
            // The roll makes its file itself, or says why it can't.
            LOGGER.debug("no spare file", ex);
            abandon();
            triedNs = nowNs;
            isTried = true;
            return false;
        }
    }

    /**
     * Take it. For the appender.
     *
     * @param name for the file.
     * @return it under its name, or null if there is none.
     */
    ReservedFile take(final Path name)
    {
        if (!isReady() || Files.exists(name))
        {
            return null;
        }
        final ReservedFile taken = ready.getAndSet(null);
        try
        {
            taken.rename(name);
            return taken;
        }
        catch (final IOException ex)
        {
            LOGGER.warn("the spare file is of no use", ex);
            discard(taken);
            return null;
        }
    }

    /** Delete it. Only when the preparer has stopped. */
    void discard()
    {
        abandon();
        final ReservedFile left = ready.getAndSet(null);
        if (left != null)
        {
            discard(left);
        }
    }

    private void make() throws NoRoomException
    {
        isTried = false;
        clearedEnd = 0;
        file = ReservedFile.create(blocks, path, end, blocksLength, limit);
    }

    private void abandon()
    {
        if (file != null)
        {
            final ReservedFile made = file;
            file = null;
            discard(made);
        }
    }

    private static void discard(final ReservedFile unwanted)
    {
        try
        {
            unwanted.discard();
        }
        catch (final EventStorageException ex)
        {
            // Its blocks stay taken until the next start; the journal goes on.
            LOGGER.warn("the spare file can't be deleted", ex);
        }
    }
}
