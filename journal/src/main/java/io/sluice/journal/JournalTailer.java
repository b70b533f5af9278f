package io.sluice.journal;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStorageException;
import io.sluice.journal.ControlledRecordHandler.Action;
import java.io.IOException;
import java.nio.file.Path;
import org.agrona.CloseHelper;

/**
 * Reads the records of a journal in sequence, in the process that writes it or in another one. Opens every file below
 * {@code journal/} for reading only and writes nothing there; takes no lock.
 *
 * <p>Not thread-safe: open, poll and close on one thread at a time. Polls don't wait and, within a file, allocate
 * nothing.
 */
public final class JournalTailer implements AutoCloseable
{
    private final TailerContext context;
    private final DataDirectory directory;
    private final JournalFiles files;
    private final RecordCursor cursor;
    private final RunLog runLog;
    private final PositionFile positionFile;
    private final MissingRanges.Listener onMissing = this::onMissing;
    private final SyncedReader synced;
    private MissingRanges missingRanges;
    private StartPosition pendingSeek;
    private long nextSequence = 1;
    private long lastRunId;
    private boolean isClosed;

    private JournalTailer(final TailerContext context, final DataDirectory directory)
    {
        this.context = context;
        this.directory = directory;
        files = new JournalFiles(directory, context.keys());
        cursor = new RecordCursor(files, context.verifyChecksums());
        runLog = new RunLog(directory);
        positionFile = context.positionFile() == null ? null : PositionFile.open(context.positionFile());
        synced = context.visibleAt() == VisibleAt.SYNCED ? new SyncedReader(directory) : null;
    }

    /**
     * Open a tailer and move it to its start.
     *
     * @param context of it.
     * @return the tailer.
     * @throws DataDirectoryException  if there is no journal (unless it may wait for one) or the directory can't be
     *                                 read.
     * @throws PositionException       if the start does not fit the journal.
     * @throws JournalDamagedException if the place to start at is damaged.
     */
    public static JournalTailer open(final TailerContext context)
    {
        if (context.directory() == null)
        {
            throw new IllegalArgumentException("directory is not set");
        }
        final DataDirectory directory = new DataDirectory(context.directory().toAbsolutePath().normalize());
        ensureOutsideJournal(context.positionFile(), directory);
        final boolean exists = DirectoryFormat.check(directory);
        if (!exists && !context.waitForJournal())
        {
            DirectoryFormat.checkReadable(directory);
        }
        final JournalTailer tailer = new JournalTailer(context, directory);
        try
        {
            tailer.pendingSeek = context.from();
            if (exists)
            {
                tailer.attachNamed();
            }
            return tailer;
        }
        catch (final Throwable ex)
        {
            tailer.close();
            throw ex;
        }
    }

    /**
     * Hand out records.
     *
     * @param handler of them; if it throws, the tailer stays before that record.
     * @param limit   of records.
     * @return records handed out; 0 at the end of the journal, or of what is forced to the device.
     * @throws JournalGapException     if a sequence is missing; the tailer stays before the gap.
     * @throws JournalDamagedException if bytes are damaged; the tailer stays before them.
     */
    public int poll(final RecordHandler handler, final int limit)
    {
        return poll(handler, null, limit);
    }

    /**
     * Hand out records as long as the handler wants more, see {@link #poll}.
     *
     * @param handler of them.
     * @param limit   of records.
     * @return records handed out and passed; 0 also where the handler did not want the first one.
     * @throws JournalGapException     if a sequence is missing; the tailer stays before the gap.
     * @throws JournalDamagedException if bytes are damaged; the tailer stays before them.
     */
    public int controlledPoll(final ControlledRecordHandler handler, final int limit)
    {
        return poll(null, handler, limit);
    }

    /** @return sequence of the record that the next poll hands out first. */
    public long nextSequence()
    {
        return nextSequence;
    }

    /**
     * @return while a record is handed out, where it lies: a hint for {@link JournalRecords#read} to find it again
     * fast, as long as its file is not archived or repaired.
     */
    public long place()
    {
        return cursor.runPlace();
    }

    private int poll(final RecordHandler handler, final ControlledRecordHandler controlled, final int limit)
    {
        ensureOpen();
        int count = 0;
        try
        {
            if (pendingSeek != null && !attach())
            {
                return 0;
            }
            cursor.resume();
            final long lastVisible = synced == null ? Long.MAX_VALUE : synced.sequence();
            while (count < limit && nextSequence <= lastVisible && (cursor.peek() || isBackInPlace()))
            {
                final EventFlyweight event = cursor.event();
                final long sequence = event.sequence();
                if (sequence > lastVisible)
                {
                    break;
                }
                if (sequence != nextSequence)
                {
                    passGap(sequence);
                }
                Action action = Action.CONTINUE;
                if (handler != null)
                {
                    handler.onRecord(event);
                }
                else
                {
                    action = controlled.onRecord(event);
                }
                if (action == Action.ABORT)
                {
                    break;
                }
                lastRunId = event.runId();
                nextSequence = sequence + 1;
                cursor.advance();
                count++;
                if (action == Action.BREAK)
                {
                    break;
                }
            }
            return count;
        }
        catch (final IOException | RuntimeException | InternalError ex)
        {
            throw named(ex);
        }
    }

    /**
     * @return run id of the record before the next one, as far as it is known: of the last record handed out, or that
     * the position file held; 0 if none.
     */
    public long lastRunId()
    {
        return lastRunId;
    }

    /**
     * Move.
     *
     * @param position to go to.
     * @throws PositionException if it lies beyond the end of the journal; the tailer has not moved then.
     */
    public void seek(final StartPosition position)
    {
        ensureOpen();
        try
        {
            moveTo(position);
        }
        catch (final IOException | RuntimeException | InternalError ex)
        {
            throw named(ex);
        }
    }

    /**
     * Keep the present position in the position file, durable against the death of the process. Allocates nothing.
     *
     * @throws IllegalStateException if there is no position file.
     * @throws EventStorageException if the position file can't be written any more.
     */
    public void savePosition()
    {
        ensureOpen();
        if (positionFile == null)
        {
            throw new IllegalStateException("the tailer has no position file; set one in its context");
        }
        positionFile.save(lastRunId, nextSequence - 1);
    }

    /** Release everything; the position is not saved. Idempotent. */
    @Override
    public void close()
    {
        if (!isClosed)
        {
            isClosed = true;
            cursor.close();
            CloseHelper.closeAll(positionFile, synced);
        }
    }

    private void attachNamed()
    {
        try
        {
            attach();
        }
        catch (final IOException | RuntimeException | InternalError ex)
        {
            throw named(ex);
        }
    }

    /** @return false if there is no journal yet. */
    private boolean attach() throws IOException
    {
        if (!DirectoryFormat.check(directory))
        {
            return false;
        }
        distrustTornEnd();
        if (positionFile != null && positionFile.isSet())
        {
            resume();
        }
        else
        {
            moveTo(pendingSeek);
        }
        pendingSeek = null;
        return true;
    }

    // After a power loss, until an appender has recovered the journal, its end may be torn within an excerpt.
    private void distrustTornEnd() throws IOException
    {
        files.checkExcerpts(runLog.read().mayHaveLostPower(BootId.read()));
    }

    private void moveTo(final StartPosition position) throws IOException
    {
        nextSequence = new JournalSeek(directory, files, cursor).seek(position);
        pendingSeek = null;
        lastRunId = 0;
        if (positionFile != null && nextSequence > 1)
        {
            readRunBefore(nextSequence);
        }
    }

    private void resume() throws IOException
    {
        final long sequence = positionFile.sequence();
        if (sequence == 0)
        {
            moveTo(StartPosition.start());
            return;
        }
        tellMissed(sequence);
        goOnBehind(sequence, positionFile.runId(), context.positionFile() + " holds sequence ");
    }

    /** Go on behind a record that was read before, if it still is in the journal, or was when it was written off. */
    private void goOnBehind(final long sequence, final long runId, final String holder) throws IOException
    {
        final String text = holder + sequence + (runId == 0 ? "" : " of run " + runId);
        final Long end = runLog.read().ends(Long.MAX_VALUE).get(runId);
        if (end != null && end < sequence)
        {
            throw new PositionException(
                text + ", but the recovered end of that run is " + end +
                ": a power loss took the rest, and later runs may have given the sequence " +
                "again; reset the position of this reader");
        }
        try
        {
            new JournalSeek(directory, files, cursor).seek(StartPosition.sequence(sequence));
        }
        catch (final PositionException ex)
        {
            throw new PositionException(text + ": " + ex.getMessage() + "; reset the position of this reader");
        }
        if (cursor.peek())
        {
            final EventFlyweight event = cursor.event();
            if (event.sequence() == sequence)
            {
                if (runId != 0 && event.runId() != runId)
                {
                    throw new PositionException(
                        text + ", but the journal has it from run " + event.runId() +
                        "; reset the position of this reader");
                }
                cursor.advance();
            }
        }
        else if (sequence > LostRanges.highest(new LostRanges(directory).read()))
        {
            throw new PositionException(
                text + ", which lies beyond the recovered end of the journal, " + (sequence - 1) +
                "; reset the position of this reader");
        }
        nextSequence = sequence + 1;
        lastRunId = runId;
    }

    /**
     * Recovery and repair write a torn file anew in its place, and take others away. Whoever had it open reads on in
     * the new one.
     *
     * @return true if there is a record to read.
     */
    private boolean isBackInPlace() throws IOException
    {
        if (!cursor.isReplaced())
        {
            return false;
        }
        if (nextSequence == 1)
        {
            moveTo(StartPosition.start());
        }
        else
        {
            goOnBehind(nextSequence - 1, lastRunId, "this reader has read sequence ");
        }
        return cursor.peek();
    }

    /** Find out of which run the record before a sequence is, and stand before the sequence again. */
    private void readRunBefore(final long sequence) throws IOException
    {
        final JournalSeek seek = new JournalSeek(directory, files, cursor);
        try
        {
            seek.seek(StartPosition.sequence(sequence - 1));
            if (cursor.peek() && cursor.event().sequence() == sequence - 1)
            {
                lastRunId = cursor.event().runId();
                cursor.advance();
            }
        }
        catch (final JournalDamagedException ex)
        {
            // It is not asked for; what is asked for may be sound.
            seek.seek(StartPosition.sequence(sequence));
        }
    }

    private void passGap(final long sequence) throws IOException
    {
        if (sequence < nextSequence)
        {
            throw new JournalDamagedException(
                cursor.file() + " holds sequence " + sequence + " at " + cursor.place() + " where " +
                nextSequence +
                " is expected; run `sluice verify`");
        }
        // What explained one gap mostly explains the next one; only what is not known yet is looked up.
        final long last = sequence - 1;
        if (missingRanges == null || missingRanges.firstUnknown(nextSequence, last) <= last)
        {
            missingRanges = MissingRanges.read(directory, files);
        }
        final long missing = missingRanges.firstUnknown(nextSequence, last);
        if (missing <= last)
        {
            throw new JournalGapException(
                "sequences " + missing + " to " + last + " are missing before " + cursor.place() + " of " +
                cursor.file() + "; run `sluice verify`");
        }
        final long first = nextSequence;
        nextSequence = sequence;
        missingRanges.explain(first, last, onMissing);
    }

    private void onMissing(final MissingRanges.Reason reason, final long first, final long last)
    {
        if (reason == MissingRanges.Reason.EXPIRED)
        {
            context.expiredRangeListener().onExpiredRange(first, last);
        }
        else
        {
            context.lostRangeListener().onLostRange(first, last);
        }
    }

    /**
     * Retention that was told not to wait for this reader may have taken records that it had not read. Whoever does not
     * listen for that must not go on as if nothing had happened.
     */
    private void tellMissed(final long sequence) throws IOException
    {
        if (context.expiredRangeListener() != ExpiredRangeListener.NONE)
        {
            return;
        }
        final MissedRanges.Range missed = new MissedRanges(directory).find(context.positionFile(), sequence);
        if (missed != null)
        {
            throw new PositionException(
                context.positionFile() + " holds sequence " + sequence + ", but events from " + missed.first() +
                " to " + missed.last() +
                " were removed by retention, which was told not to wait for this reader; set an " +
                "expired range listener to go on behind them, or reset the position");
        }
    }

    /** @return what to throw: whatever came up may come from a fault that the JVM has not told of yet. */
    private RuntimeException named(final Throwable thrown)
    {
        Throwable cause = thrown;
        try
        {
            MappingFault.surface();
        }
        catch (final InternalError ex)
        {
            cause = ex;
        }
        if (cause instanceof InternalError)
        {
            return new JournalDamagedException(
                cursor.file() + " can't be read near " + cursor.place() +
                ": it was cut meanwhile, or the device failed (" +
                cause.getMessage() + "); run `sluice verify`", cause);
        }
        return cause instanceof IOException ?
            DirectoryFormat.notAccessible(cursor.file(), (IOException)cause) : (RuntimeException)cause;
    }

    private void ensureOpen()
    {
        if (isClosed)
        {
            throw new EventStorageException("the tailer of " + directory.root() + " is closed");
        }
    }

    private static void ensureOutsideJournal(final Path file, final DataDirectory directory)
    {
        if (file != null && file.toAbsolutePath().normalize().startsWith(directory.journal()))
        {
            throw new IllegalArgumentException("positionFile=" + file + " must not lie below " + directory.journal());
        }
    }
}
