package io.sluice.journal;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * A journal file, how far blocks are reserved in it, from its first byte on without a hole, and how far it may be
 * appended to.
 *
 * <pre>
 *   0          used                      end                  reserved end
 *   ───written──┼──may be appended to─────┼────blocks reserved──────┼────────hole─────────
 * </pre>
 *
 * Blocks are reserved up to a multiple of {@link #FOLIO_LENGTH}: the kernel keeps a file in memory in pieces of up to
 * that length, aligned, and the first store into one wants blocks for all of it, holes included. A piece with a hole in
 * it can kill the process on a full disk even if the store goes to a block that is there.
 *
 * <p>What lies behind the end is nobody's: there the preparer writes zeros, a call for each piece, and then moves the
 * end on. Zeros are what would be read there anyway, but written they lie in memory in pieces of that length, which
 * costs a fifth of what it costs to bring in page after page when they are stored to, and are mapped, for writers and
 * readers, at once. In a mapping that is read in advance pages would come in pieces, too, but as large as the device
 * says, and a force writes back whole pieces.
 *
 * <p>{@link #end()} is one acquire read. The others are for the appender and the preparer, one of which waits for the
 * other if they come together: they want the same blocks then.
 */
final class ReservedFile
{
    /** Largest piece of page cache of ext4 and XFS where pages have 4 KiB. */
    static final long FOLIO_LENGTH = 1L << 21;
    /** Brought in at once. A force writes back no less where a record ends, so it is not larger. */
    static final int PIECE_LENGTH = BlockReserve.ZEROS_LENGTH;

    private static final long GONE = -1L;
    private static final VarHandle END;

    static
    {
        try
        {
            END = MethodHandles.lookup().findVarHandle(ReservedFile.class, "end", long.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final BlockReserve blocks;
    private final Object key;
    private final int descriptor;
    private final long limit;
    private volatile Path file;
    private volatile boolean isLeft;
    private boolean isRetired;
    @SuppressWarnings("unused")
    private long end;
    private volatile long reservedEnd;

    private ReservedFile(final BlockReserve blocks, final Path file, final int descriptor, final long limit)
    {
        this.blocks = blocks;
        this.file = file;
        this.descriptor = descriptor;
        this.limit = folioEnd(limit);
        key = descriptor == BlockReserve.NO_DESCRIPTOR ? null : keyOf(file);
    }

    /**
     * Make a file and reserve its first blocks. If that can't be done, no file is left.
     *
     * @param end    up to where it may be appended to.
     * @param length to reserve, a multiple of {@link #FOLIO_LENGTH}.
     * @param limit  up to which blocks will be wanted.
     */
    static ReservedFile create(
        final BlockReserve blocks, final Path file, final long end, final long length, final long limit)
        throws NoRoomException
    {
        if (blocks.room() < length)
        {
            throw new NoRoomException(blocks.noRoom());
        }
        final ReservedFile reserved = new ReservedFile(blocks, file, blocks.open(file, true), limit);
        try
        {
            reserved.reserveBlocks(length, length);
            END.setRelease(reserved, end);
            return reserved;
        }
        catch (final NoRoomException | RuntimeException ex)
        {
            reserved.discard();
            throw ex;
        }
    }

    /**
     * Open a file that is there, and fill the holes in and right behind its used part: indices are not written in full.
     *
     * @param used  bytes of it.
     * @param limit up to which blocks will be wanted.
     */
    static ReservedFile open(final BlockReserve blocks, final Path file, final long used, final long limit)
        throws NoRoomException
    {
        final ReservedFile reserved = new ReservedFile(blocks, file, blocks.open(file, false), limit);
        final long end = folioEnd(used);
        if (end > 0)
        {
            blocks.reserve(file, reserved.descriptor, 0, end);
        }
        reserved.reservedEnd = end;
        END.setRelease(reserved, end);
        return reserved;
    }

    /** @return up to where it may be appended to; negative when the file is gone. */
    long end()
    {
        return (long)END.getAcquire(this);
    }

    /** @return up to where blocks are wanted at most. */
    long limit()
    {
        return limit;
    }

    /** @return up to where blocks are reserved. */
    long reservedEnd()
    {
        return reservedEnd;
    }

    /**
     * Let it be appended to up to a position at least, and further if there is room. For the appender, where the
     * preparer is behind, or there is none; may wait for a call of {@link #clear} in progress.
     *
     * @param least to reach.
     * @param most  to reach.
     * @throws NoRoomException       if {@code least} can't be reached for now.
     * @throws EventStorageException if it never can.
     */
    synchronized void reserve(final long least, final long most) throws NoRoomException
    {
        if (isRetired || end() >= least)
        {
            return;
        }
        checkThere();
        reserveBlocks(least, most);
        END.setRelease(this, Math.min(reservedEnd, most + PIECE_LENGTH - 1 & -PIECE_LENGTH));
    }

    /**
     * Reserve blocks up to a position at least, and further if there is room. It may not be appended to any further.
     *
     * @param least to reach.
     * @param most  to reach.
     * @throws NoRoomException       if {@code least} can't be reached for now.
     * @throws EventStorageException if it never can.
     */
    synchronized void reserveBlocks(final long least, final long most) throws NoRoomException
    {
        final long from = reservedEnd;
        if (isRetired || from >= least)
        {
            return;
        }
        checkThere();
        final long wanted = folioEnd(most) - from;
        final long length = Math.min(wanted, Math.max(0L, blocks.room())) & -FOLIO_LENGTH;
        if (from + length < least)
        {
            throw new NoRoomException(blocks.noRoom());
        }
        blocks.reserve(file, descriptor, from, length);
        blocks.onReserved(length);
        reservedEnd = from + length;
    }

    /**
     * Write zeros from the end on, up to the end of a piece, and let it be appended to up to there.
     *
     * @param limit to which zeros are written at most, and bytes lie in the file.
     * @return false if that can't be done here.
     */
    synchronized boolean clear(final long limit)
    {
        final long from = end();
        final long to = Math.min((from & -PIECE_LENGTH) + PIECE_LENGTH, Math.min(limit, reservedEnd));
        if (isRetired || from < 0 || from >= to)
        {
            return true;
        }
        if (descriptor == BlockReserve.NO_DESCRIPTOR || !blocks.clear(descriptor, from, (int)(to - from)))
        {
            return false;
        }
        END.setRelease(this, to);
        return true;
    }

    /**
     * The same, piece after piece, up to a position at least; for the appender, which can't wait until the preparer
     * comes.
     *
     * @param position to reach, up to which blocks are reserved.
     * @param limit    to which zeros are written at most, and bytes lie in the file.
     * @return false if that can't be done here.
     */
    boolean clearTo(final long position, final long limit)
    {
        long from = end();
        while (from >= 0 && from < position && clear(limit) && end() > from)
        {
            from = end();
        }
        return from >= position;
    }

    /**
     * Write zeros into a file that nobody appends to yet. For the preparer.
     *
     * @param from where, a multiple of {@link #PIECE_LENGTH}; a piece is written.
     * @return false if that can't be done here.
     */
    boolean clearUnused(final long from)
    {
        return descriptor != BlockReserve.NO_DESCRIPTOR && blocks.clear(descriptor, from, PIECE_LENGTH);
    }

    /** Give it another name, in the same directory. What has that name is replaced. */
    void rename(final Path name) throws IOException
    {
        Files.move(file, name, StandardCopyOption.ATOMIC_MOVE);
        file = name;
    }

    /** Nothing is appended to it any more, and somebody may put another file in its place. */
    void leave()
    {
        isLeft = true;
    }

    /**
     * What is written into a file without a name is lost with the process.
     *
     * @throws EventStorageException if it is not there any more.
     */
    void checkThere()
    {
        if (!isLeft && key != null && !key.equals(keyOf(file)))
        {
            END.setRelease(this, GONE);
            throw new EventStorageException(
                file + " has vanished while it was appended to; see what became of it, and open the directory again");
        }
    }

    /**
     * The file does not grow any more: give back what it does not need. The piece of page cache in which it ends keeps
     * its blocks, for opening it again, or a force that has to be repeated, stores into that once more.
     *
     * @param used bytes of it, and what Chronicle may have put behind them.
     */
    synchronized void retire(final long used)
    {
        if (isRetired)
        {
            return;
        }
        isRetired = true;
        if (descriptor != BlockReserve.NO_DESCRIPTOR)
        {
            final long from = folioEnd(used);
            final long to = reservedEnd;
            if (from < to)
            {
                // Pages beyond are not to be brought in any more either.
                reservedEnd = from;
                END.setRelease(this, Math.min(from, end()));
                if (blocks.canReserve())
                {
                    blocks.release(descriptor, from, to - from);
                }
            }
            blocks.close(descriptor);
        }
    }

    /** The file is left as it is: nobody knows how much of it is used. */
    void abandon()
    {
        retire(limit + reservedEnd);
    }

    /** Nothing was written to the file: it goes. */
    void discard()
    {
        abandon();
        try
        {
            Files.deleteIfExists(file);
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(file + " can't be deleted: " + ex, ex);
        }
    }

    /** @return the end of the piece of page cache that a position lies in, or the position where that is one. */
    static long folioEnd(final long position)
    {
        return (position + FOLIO_LENGTH - 1) & -FOLIO_LENGTH;
    }

    private static Object keyOf(final Path file)
    {
        try
        {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        }
        catch (final IOException ex)
        {
            // Gone, or not to be looked at: not the file that it was in either case.
            return null;
        }
    }
}
