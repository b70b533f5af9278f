package io.sluice.engine.failure;

import io.sluice.event.EventStorageException;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.ForceListener;
import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;

/**
 * The durable list of what failed and is not done: mapped files in {@code positions/retries/}.
 *
 * <pre>
 *   retries/0000000007.log    read to its end; its open entries are carried on, then it goes
 *           0000000008.log    appended to by any thread
 *           0000000009.log    the next one, made ahead
 * </pre>
 *
 * <p>What {@link #append} returned true for survives the end of the process at any instruction, and a {@link #force}
 * after that, a power loss; nothing else is in the log. An entry that is damaged is told of and passed over.
 *
 * <p>{@link #append} may be called by any thread and several at once: it takes no lock and never waits for a device,
 * allocates, and takes about a microsecond. {@link #force} may be called beside it, and waits for the device.
 * Everything else is for the delivery thread, and may do file operations:
 * {@link #maintain} makes the next file before it is needed. One process at a time: the one that holds the engine's
 * lock.
 */
public final class RetryLog implements AutoCloseable
{
    /** Length of a file, bytes. */
    public static final int SEGMENT_LENGTH = 1 << 20;

    private static final VarHandle ACTIVE;
    private static final int CARRIED_AT_ONCE = 1000;
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long NOT_APPENDED = -1;

    static
    {
        try
        {
            ACTIVE = MethodHandles.lookup().findVarHandle(RetryLog.class, "active", RetrySegment.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final ArrayDeque<RetrySegment> segments = new ArrayDeque<>();
    private final OpenRetries open = new OpenRetries();
    private final RetryFiles files;
    private final Path quarantine;
    private final int segmentLength;
    private final ErrorHandler errorHandler;
    private final RetryCursor cursor;
    private volatile RetrySegment active;
    // From there whoever forces follows the chain: the queue is the delivery thread's.
    private volatile RetrySegment oldest;
    private volatile EventStorageException problem;
    private volatile ForceListener listener = ForceListener.NONE;
    private OpenRetries.Effect effect;
    private List<OpenRetries.Place> carrying = List.of();
    private int carried;
    private long lastCarried;
    private boolean isCarrying;
    private boolean isRecovered;
    private long triedNs;

    private RetryLog(final DataDirectory directory, final int segmentLength, final ErrorHandler errorHandler)
        throws IOException
    {
        this.segmentLength = segmentLength;
        this.errorHandler = errorHandler;
        files = new RetryFiles(directory);
        quarantine = directory.quarantine();
        segments.addAll(files.open());
        RetryFiles.link(segments);
        try
        {
            Files.createDirectories(files.directory());
            files.deleteHalfMade();
            addSegment();
            active = segments.peekLast();
            addSegment();
        }
        catch (final IOException ex)
        {
            segments.forEach(RetrySegment::retire);
            throw ex;
        }
        open.remember(true);
        oldest = segments.peekFirst();
        cursor = new RetryCursor(oldest, errorHandler);
    }

    /**
     * Open the log of a data directory; make it if there is none. What an earlier run left is read by {@link #poll}.
     *
     * @param directory    data directory.
     * @param errorHandler told of each damaged place and of files that can't be made.
     * @return the log.
     * @throws EventStorageException if it can't be opened, or is of a newer version.
     */
    public static RetryLog open(final DataDirectory directory, final ErrorHandler errorHandler)
    {
        return open(directory, SEGMENT_LENGTH, errorHandler);
    }

    /**
     * Before positions of a run that was killed are believed: force what it left in the log. Blocks for the device.
     *
     * @param directory data directory.
     * @param listener  told of each force.
     * @throws EventStorageException if the device did not confirm it.
     */
    public static void settle(final DataDirectory directory, final ForceListener listener)
    {
        final RetryFiles left = new RetryFiles(directory);
        try
        {
            left.force(listener);
        }
        catch (final IOException ex)
        {
            throw notForced(left, ex);
        }
    }

    /**
     * The same with files of another length.
     *
     * @param directory     data directory.
     * @param segmentLength of new files, bytes: a power of two, 4096 to 2097152.
     * @param errorHandler  told of each damaged place and of files that can't be made.
     * @return the log.
     * @throws EventStorageException    if it can't be opened, or is of a newer version.
     * @throws IllegalArgumentException if the length is none of these.
     */
    public static RetryLog open(
        final DataDirectory directory, final int segmentLength, final ErrorHandler errorHandler)
    {
        if (segmentLength < RetrySegment.MIN_LENGTH || segmentLength > RetrySegment.MAX_LENGTH ||
            Integer.bitCount(segmentLength) != 1)
        {
            throw new IllegalArgumentException(
                "segmentLength=" + segmentLength + ": use a power of two from " + RetrySegment.MIN_LENGTH + " to " +
                RetrySegment.MAX_LENGTH);
        }
        try
        {
            return new RetryLog(directory, segmentLength, errorHandler);
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(
                "retry log " + directory.positions().resolve(RetryFiles.NAME) + " can't be opened: " + ex +
                "; check space and permissions", ex);
        }
    }

    /**
     * Append an entry. Any thread; never blocks.
     *
     * @param entry to append.
     * @return true if it is in the log, and stays there if the process ends now; false if there is no room just now:
     *         come again after {@link #maintain}. After {@link #close} it is always false.
     */
    public boolean append(final RetryEntry entry)
    {
        return append(entry, false, 0) != NOT_APPENDED;
    }

    /**
     * Take what is new in the log. Delivery thread.
     *
     * @param consumer of what is new; one that throws gets the same entry again.
     * @param nowNs    now, nanoseconds since 1970. What a thread began to append and has not ended for a second is made
     *                 void; to that thread {@link #append} returns false if it goes on after all.
     * @param limit    most entries to read.
     * @return entries that were read; fewer than the limit if there are no more now.
     */
    public int poll(final RetryEntryConsumer consumer, final long nowNs, final int limit)
    {
        int read = 0;
        while (read < limit && cursor.next(nowNs))
        {
            final RetryEntry entry = cursor.entry();
            // Once, though the consumer may have to be told again.
            if (effect == null)
            {
                effect = open.apply(
                    entry, cursor.position(), cursor.length(), cursor.isCarried(), cursor.origin());
            }
            if (effect == OpenRetries.Effect.NEWS)
            {
                consumer.onEntry(entry);
            }
            effect = null;
            cursor.advance();
            read++;
        }
        if (!isRecovered && cursor.segment().isWritable())
        {
            isRecovered = true;
            open.remember(isCarrying);
        }
        return read;
    }

    /** @return position up to which any thread has begun to append by now. */
    public long end()
    {
        final RetrySegment segment = active;
        return segment == null ? 0L : segment.position(segment.end());
    }

    /**
     * Ask whether everything before a position was polled, or is void. Delivery thread.
     *
     * @param position from {@link #end}, before the poll.
     * @return false if a thread that began to append before it has not ended.
     */
    public boolean isReadTo(final long position)
    {
        return cursor.position() >= position;
    }

    /**
     * Make the next file where it is wanted, carry on what is open in the oldest one, and delete that. At most
     * ten attempts a second where it fails; the reason is given to the error handler once, and by {@link #problem} as
     * long as it lasts. Delivery thread; blocks for as long as the file system takes.
     *
     * @param nowNs now, nanoseconds since 1970.
     * @return 1 if something was done, otherwise 0.
     */
    public int maintain(final long nowNs)
    {
        final boolean isTooEarly = problem != null && nowNs >= triedNs && nowNs - triedNs < RETRY_NS;
        if (active == null || isTooEarly)
        {
            return 0;
        }
        triedNs = nowNs;
        try
        {
            int done = 0;
            if (active == segments.peekLast())
            {
                addSegment();
                done = 1;
            }
            done |= compact();
            problem = null;
            return done;
        }
        catch (final IOException ex)
        {
            final boolean isNew = problem == null;
            problem = new EventStorageException(
                "retry log " + files.directory() + " can't go on in a new file: " + ex +
                "; what fails meanwhile waits; check space and permissions", ex);
            if (isNew)
            {
                errorHandler.onError(problem);
            }
            return 0;
        }
    }

    /**
     * Force everything that is in the log to the device. Any thread, beside all others, which it does not hold up;
     * blocks until the device has confirmed. What an earlier run left is not forced, see {@link #settle}.
     *
     * @throws EventStorageException if it did not, or the log was closed without that.
     */
    public void force()
    {
        try
        {
            forceAll();
        }
        catch (final IOException ex)
        {
            throw notForced(files, ex);
        }
    }

    /**
     * @param value told of each force from now on, on the thread that makes it.
     */
    public void forceListener(final ForceListener value)
    {
        listener = value;
    }

    /**
     * The entry of an event that is not done, with its text. Delivery thread.
     *
     * @param subscription id of the subscription.
     * @param sequence     of the event.
     * @return the newest one that was polled; null if the event is done, not known, or its entry was damaged since.
     */
    public RetryEntry read(final long subscription, final long sequence)
    {
        final OpenRetries.Place place = open.find(subscription, sequence);
        return place == null ? null : read(place);
    }

    /** @return events that are not done, of what was polled. Delivery thread. */
    public int openCount()
    {
        return open.count();
    }

    /** @return least sequence of these; the greatest value if there is none. Delivery thread; takes time per event. */
    public long lowestSequence()
    {
        return open.lowestSequence();
    }

    /** @return bytes of all files. Delivery thread. */
    public long length()
    {
        long length = 0;
        for (final RetrySegment segment : segments)
        {
            length += segment.capacity();
        }
        return length;
    }

    /** @return damaged places that were met. Delivery thread. */
    public long damagedCount()
    {
        return cursor.damaged();
    }

    /** @return entries, or parts of them, that were made void because their threads did not end them. */
    public long voidedCount()
    {
        return cursor.voided();
    }

    /** @return why no new file can be made or an old one not be deleted; null if nothing is in the way. Any thread. */
    public EventStorageException problem()
    {
        return problem;
    }

    /**
     * Close the files. Threads may still be in {@link #append}: what they append is in the log if they are told so.
     * Idempotent.
     */
    @Override
    public void close()
    {
        active = null;
        // Where a thread is inside, the mapping goes when nothing refers to it any more.
        segments.forEach(RetrySegment::retire);
        segments.clear();
    }

    private long append(final RetryEntry entry, final boolean isCarried, final long origin)
    {
        final byte[] text = RetryEntryCodec.textOf(entry);
        final int length = RetryEntryCodec.length(entry.kind(), text.length);
        RetrySegment segment = active;
        while (segment != null)
        {
            if (segment.enter())
            {
                try
                {
                    final int at = segment.claim(length);
                    if (at != RetrySegment.FULL)
                    {
                        final boolean isIn = at != RetrySegment.VOIDED &&
                            segment.commit(at, length, entry, text, isCarried, origin);
                        return isIn ? segment.position(at) : NOT_APPENDED;
                    }
                }
                finally
                {
                    segment.leave();
                }
            }
            final RetrySegment next = segment.next();
            if (next == null)
            {
                return NOT_APPENDED;
            }
            ACTIVE.compareAndSet(this, segment, next);
            segment = active;
        }
        return NOT_APPENDED;
    }

    private void addSegment() throws IOException
    {
        final RetrySegment last = segments.peekLast();
        final RetrySegment added = files.create(last == null ? 1 : last.number() + 1, segmentLength);
        segments.addLast(added);
        if (last != null)
        {
            last.next(added);
        }
    }

    private int compact() throws IOException
    {
        final RetrySegment oldest = segments.peekFirst();
        if (!isRecovered || cursor.segment() == oldest || !isCorrected())
        {
            return 0;
        }
        if (isCarrying)
        {
            return carry(oldest);
        }
        if (open.openBytes(oldest.number()) == 0)
        {
            return delete(oldest);
        }
        if (!isWorthIt())
        {
            return 0;
        }
        open.remember(true);
        carrying = open.in(oldest.number());
        carried = 0;
        isCarrying = true;
        return carry(oldest);
    }

    private boolean isCorrected()
    {
        OpenRetries.Correction next = open.corrections().peek();
        while (next != null)
        {
            final RetryEntry closed = RetryEntry.closed(next.subscription(), next.sequence());
            if (append(closed, true, next.origin()) == NOT_APPENDED)
            {
                return false;
            }
            open.corrections().remove();
            next = open.corrections().peek();
        }
        return true;
    }

    private int carry(final RetrySegment oldest)
    {
        final int end = Math.min(carrying.size(), carried + CARRIED_AT_ONCE);
        int done = 0;
        while (carried < end)
        {
            final OpenRetries.Place place = carrying.get(carried);
            // It may have been closed, or have failed again, since.
            final boolean isThere = open.find(place.subscription(), place.sequence()) == place &&
                RetrySegment.numberOf(place.position()) == oldest.number();
            if (isThere && !carry(place))
            {
                return done;
            }
            carried++;
            done = 1;
        }
        if (carried == carrying.size() && cursor.position() > lastCarried)
        {
            isCarrying = false;
            carrying = List.of();
            open.remember(false);
            done = 1;
        }
        return done;
    }

    /** @return false if there is no room. */
    private boolean carry(final OpenRetries.Place place)
    {
        final RetryEntry entry = read(place);
        if (entry == null)
        {
            open.drop(place);
            return true;
        }
        final long position = append(entry, true, place.origin());
        lastCarried = Math.max(lastCarried, position);
        return position != NOT_APPENDED;
    }

    private RetryEntry read(final OpenRetries.Place place)
    {
        final long number = RetrySegment.numberOf(place.position());
        for (final RetrySegment segment : segments)
        {
            if (segment.number() == number)
            {
                return cursor.read(segment, RetrySegment.offsetOf(place.position()));
            }
        }
        return null;
    }

    // So that at most about half of what is kept, and two files, are of no use.
    private boolean isWorthIt()
    {
        long sealed = 0;
        for (final RetrySegment segment : segments)
        {
            if (segment == cursor.segment())
            {
                break;
            }
            sealed += segment.capacity();
        }
        return sealed > 2 * open.openBytes() + segmentLength;
    }

    private static EventStorageException notForced(final RetryFiles files, final IOException cause)
    {
        return new EventStorageException(
            "retry log " + files.directory() + " can't be forced to the device: " + cause + "; check the device",
            cause);
    }

    private int delete(final RetrySegment first) throws IOException
    {
        // What stands for the entries in it may be in memory only.
        forceAll();
        if (cursor.isDamaged(first))
        {
            Files.createDirectories(quarantine);
            Files.move(
                first.file(),
                quarantine.resolve(RetryFiles.NAME + "-" + first.file().getFileName()),
                StandardCopyOption.REPLACE_EXISTING);
        }
        else
        {
            Files.deleteIfExists(first.file());
        }
        segments.removeFirst();
        oldest = segments.peekFirst();
        // Where a thread is inside still, the mapping goes when nothing refers to it any more.
        first.retire();
        return 1;
    }

    // Names last, so that no file is gone for good before what stands for it is there, whatever went before.
    private void forceAll() throws IOException
    {
        RetrySegment segment = oldest;
        while (segment != null)
        {
            if (!segment.force())
            {
                throw new IOException(segment.file() + " was let go of before it was forced");
            }
            listener.onForced(segment.file(), false);
            segment = segment.next();
        }
        RetrySegment.forceNames(files.directory());
        listener.onForced(files.directory(), true);
    }
}
