package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import net.openhft.posix.PosixAPI;
import org.agrona.concurrent.EpochNanoClock;

/**
 * Sees to it that records are only appended where blocks are reserved. The preparer reserves ahead; where it is behind
 * or off, the appender does so here, on its own thread.
 *
 * <pre>
 *     position   position + staged                           least                       end
 *   ─────┼─────────────┼───────────────────────────────────────┼───────────────────────────┼────
 *        │ staged      │ longest excerpt, Chronicle's documents│ as far as the preparer is │
 * </pre>
 *
 * <p>Ready means: what is staged and one more record of the greatest length fit into the blocks of the <i>present</i>
 * file, whatever else happens. So a roll for which there is no room is put off: the records go to the present file,
 * which grows beyond its size, and then nothing is ready until there is room for a new file. A new file is made and has
 * its first blocks before Chronicle sees it.
 *
 * <p>Confined to the appender's thread. {@link #isReady} costs one acquire read.
 */
final class JournalSpace
{
    /**
     * What Chronicle writes beside the bytes of excerpts. An index document is an array of longs behind a head of less
     * than 256 bytes. A new file begins with a header of less than 256 bytes and two of those; once in half a million
     * excerpts another one follows an excerpt. The rest is for 4 bytes of header, 3 of padding and 8 zeros behind each
     * excerpt, and the mark at the end of the file.
     */
    static final int CHRONICLE_ROOM = 3 * (CycleFiles.ROLL_CYCLE.defaultIndexCount() * Long.BYTES + 256) + 1024;

    private static final long INLINE_PIECE = ReservedFile.FOLIO_LENGTH;
    private static final long INLINE_PIECE_ALONE = 1L << 23;
    private static final long RETRY_NS = 100_000_000L;
    // Of the next file that much is brought into memory.
    private static final long SPARE_LENGTH = 1L << 22;
    private static final long METADATA_LENGTH = 1L << 17;

    private final EpochNanoClock clock;
    private final StorageHealth health;
    private final BlockReserve blocks;
    private final PosixAPI posix = PosixAPI.posix();
    private final long ahead;
    private final long rollSize;
    private final long room;
    private final long firstPiece;
    private final long limit;
    private final long piece;
    private final SpareFile spare;
    private final WrittenPages written;
    private Preparer preparer;
    private ReservedFile file;
    private ReservedFile previous;
    private long previousUsed;
    private boolean isInTrouble;
    private boolean isNewTarget;
    private long lastTryNs;
    private long lastRollTryNs = Long.MIN_VALUE;

    JournalSpace(final JournalContext context, final Path journal, final StorageHealth health)
    {
        this.health = health;
        clock = context.clock();
        rollSize = context.rollSize();
        room = context.maxExcerptLength() + (long)CHRONICLE_ROOM;
        firstPiece = ReservedFile.folioEnd(room + context.maxExcerptLength());
        limit = rollSize + firstPiece;
        blocks = new BlockReserve(
            posix,
            journal,
            context.freeSpace() == null ? journal.toFile()::getUsableSpace : context.freeSpace(),
            context.minFreeSpace());
        // An excerpt may be longer than what the preparer is asked to keep ahead.
        ahead = context.prepareAhead() == 0 ? 0 : Math.max(context.prepareAhead(), firstPiece);
        piece = ahead == 0 ? INLINE_PIECE_ALONE : INLINE_PIECE;
        written = new WrittenPages(posix, rollSize);
        spare = new SpareFile(
            blocks, journal, Math.min(firstPiece, SPARE_LENGTH), firstPiece, Preparer.blocksAhead(ahead), limit);
    }

    /**
     * Give Chronicle's metadata its blocks; it is mapped too. Only while the queue is not open in this process: closing
     * the file drops the process's locks on it.
     */
    void prepareMetadata(final Path metadata) throws IOException
    {
        final boolean isNew = !Files.exists(metadata);
        try
        {
            final int descriptor = blocks.open(metadata, isNew);
            if (descriptor != BlockReserve.NO_DESCRIPTOR)
            {
                try
                {
                    blocks.reserve(metadata, descriptor, 0, METADATA_LENGTH);
                }
                finally
                {
                    blocks.close(descriptor);
                }
            }
        }
        catch (final NoRoomException ex)
        {
            if (isNew)
            {
                Files.deleteIfExists(metadata);
            }
            throw new IOException(ex.getMessage(), ex);
        }
    }

    /**
     * Go on in a file that is there. Fills the holes that it may have; Chronicle writes into those as soon as it opens.
     *
     * @param used bytes of it.
     */
    void resume(final Path present, final long used) throws IOException
    {
        try
        {
            file = ReservedFile.open(blocks, present, used, limit);
        }
        catch (final NoRoomException ex)
        {
            throw new IOException(ex.getMessage(), ex);
        }
        isNewTarget = true;
    }

    /** From now on a thread works ahead, if there is to be one. */
    void start()
    {
        preparer = ahead == 0 ? null : Preparer.start(posix, blocks, spare, ahead);
    }

    /** Nothing is appended to the present file any more, and it may be written anew. */
    void leave()
    {
        if (file != null)
        {
            file.leave();
        }
    }

    /** May what is staged and another record be appended to the present file, behind the position? */
    boolean isReady(final long position, final int staged)
    {
        return file != null && file.end() - position >= staged + room && position <= rollSize;
    }

    /**
     * See that it is so, if that can be. Where it can't, this is a trouble of the journal's storage from then on, and
     * tried again ten times a second.
     *
     * @param present file, made if there is none.
     * @param isLeft  true if nothing may be appended to it any more.
     * @return true if ready.
     * @throws io.sluice.event.EventStorageException if it never can be.
     */
    boolean makeReady(final Path present, final long position, final int staged, final boolean isLeft)
    {
        if (!isInTrouble && !isLeft && isReady(position, staged))
        {
            return true;
        }
        final long nowNs = clock.nanoTime();
        final long sinceTryNs = nowNs - lastTryNs;
        if (isInTrouble && sinceTryNs >= 0 && sinceTryNs < RETRY_NS && !isReady(position, staged))
        {
            return false;
        }
        final String reason = reserve(present, position, staged);
        if (reason == null && (!isLeft && position <= rollSize || hasRoomForAnother()))
        {
            isInTrouble = false;
            lastRollTryNs = Long.MIN_VALUE;
            health.clear(StorageHealth.Trouble.SPACE);
            return true;
        }
        isInTrouble = true;
        lastTryNs = nowNs;
        health.raise(StorageHealth.Trouble.SPACE, reason == null ? blocks.noRoom() : reason);
        return false;
    }

    /** Is there room for what is staged alone? */
    boolean hasRoom(final long position, final int staged)
    {
        return file != null && file.end() - position >= staged + CHRONICLE_ROOM;
    }

    /**
     * Reserve what is needed for what is staged and another record.
     *
     * @param present file, made if there is none.
     * @return what is in the way for now, or null.
     * @throws io.sluice.event.EventStorageException if it never can be.
     */
    String reserve(final Path present, final long position, final int staged)
    {
        try
        {
            if (file == null)
            {
                file = ReservedFile.create(blocks, present, firstPiece, firstPiece, limit);
                isNewTarget = true;
            }
            final long least = position + staged + room;
            if (file.end() < least)
            {
                final long most = Math.max(least, Math.min(least + piece, limit));
                // Whether the file is still there is looked at where blocks are reserved, and by the preparer.
                file.reserveBlocks(least, most);
                if (preparer == null || !file.clearTo(least, writtenLength()))
                {
                    file.reserve(least, most);
                }
            }
            return null;
        }
        catch (final NoRoomException ex)
        {
            return ex.getMessage();
        }
    }

    /**
     * Make the next file, if there is room for its first blocks.
     *
     * @param next file.
     * @param used bytes of the present one.
     * @return false if there is no room for now.
     */
    boolean roll(final Path next, final long used)
    {
        final long nowNs = clock.nanoTime();
        if (lastRollTryNs != Long.MIN_VALUE && nowNs - lastRollTryNs >= 0 && nowNs - lastRollTryNs < RETRY_NS)
        {
            return false;
        }
        try
        {
            final ReservedFile prepared = spare.take(next);
            final ReservedFile created =
                prepared == null ? ReservedFile.create(blocks, next, firstPiece, firstPiece, limit) : prepared;
            // The old file still gets its end mark, so it keeps its blocks until that is written.
            previous = file;
            previousUsed = used;
            file = created;
            isNewTarget = true;
            lastRollTryNs = Long.MIN_VALUE;
            return true;
        }
        catch (final NoRoomException ex)
        {
            lastRollTryNs = nowNs;
            return false;
        }
    }

    /**
     * The appender has come to this position of the present file.
     *
     * @param writer which knows it.
     */
    void onAppended(final ExcerptWriter writer)
    {
        final boolean isNew = isNewTarget;
        isNewTarget = false;
        written.onAppended(writer, isNew);
        if (previous != null)
        {
            retirePrevious();
        }
        if (preparer != null)
        {
            preparer.position(writer.position());
            if (isNew)
            {
                // A file that could not be left in time may be beyond its first mapping: its pages stay as they are.
                final boolean isMapped = writer.position() <= rollSize;
                preparer.target(
                    file, isMapped ? writer.fileAddress() : 0L, isMapped ? writtenLength() : 0L);
            }
        }
    }

    PreparerStatus status()
    {
        return preparer == null ?
            new PreparerStatus(PreparerStatus.Mode.OFF, 0, blocks.reservedBytes(), 0, 0, blocks.lastError()) :
            preparer.status();
    }

    /** Stop the preparer: it uses the mapping of the present file. */
    void stop()
    {
        if (preparer != null)
        {
            preparer.close();
            spare.discard();
        }
    }

    /**
     * Give back what the present file does not need. Only when Chronicle has closed it.
     *
     * @param used    bytes of it.
     * @param isKnown false if more may be used.
     */
    void close(final long used, final boolean isKnown)
    {
        if (previous != null)
        {
            previous.abandon();
            previous = null;
        }
        if (file != null && !isKnown)
        {
            file.abandon();
        }
        else if (file != null && used == 0)
        {
            file.discard();
        }
        else if (file != null)
        {
            file.retire(used + CHRONICLE_ROOM);
        }
        file = null;
    }

    // With the page in which the last excerpt ends, and the mark behind it.
    private long writtenLength()
    {
        return (rollSize & -BlockReserve.PAGE_SIZE) + 2 * BlockReserve.PAGE_SIZE;
    }

    private boolean hasRoomForAnother()
    {
        return spare.isReady() || blocks.room() >= firstPiece;
    }

    private void retirePrevious()
    {
        final long used = previousUsed + CHRONICLE_ROOM;
        if (preparer == null)
        {
            previous.retire(used);
        }
        else
        {
            preparer.retire(previous, used);
        }
        previous = null;
    }
}
