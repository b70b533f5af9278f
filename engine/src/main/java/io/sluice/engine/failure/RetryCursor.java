package io.sluice.engine.failure;

import io.sluice.event.EventStorageException;
import org.agrona.ErrorHandler;
import org.agrona.collections.LongHashSet;

/**
 * Reads the segments of the log in order, entry by entry. One thread.
 *
 * <p>In a segment that this run appends to, it waits where something was begun and is not ended; what stays so for
 * {@link #PATIENCE_NS} it makes void. In one that an earlier run left nobody ends anything any more. What is neither an
 * entry nor begun is damage: it is reported once, and the next entry is looked for unit by unit, so that nothing behind
 * it is lost, whatever its length was.
 */
final class RetryCursor
{
    /** How long a thread may be between the claim and the commit of an entry, nanoseconds. */
    static final long PATIENCE_NS = 1_000_000_000L;

    private final LongHashSet damagedSegments = new LongHashSet();
    private final ErrorHandler errorHandler;
    private RetrySegment segment;
    private int at;
    // Up to there what is no entry was explained already.
    private int explainedTo;
    private boolean isInDamage;
    private boolean isAtEntry;
    private long word;
    private RetrySegment waitingIn;
    private int waitingEnd;
    private long waitingSinceNs;
    private long damaged;
    private long voided;

    /**
     * @param first        segment to read.
     * @param errorHandler told of each damaged place.
     */
    RetryCursor(final RetrySegment first, final ErrorHandler errorHandler)
    {
        this.errorHandler = errorHandler;
        begin(first);
    }

    /**
     * Go to the next entry. At one already it stays there, until {@link #advance}.
     *
     * @return false if there is none, for now.
     */
    boolean next(final long nowNs)
    {
        while (!isAtEntry)
        {
            if (at >= segment.capacity())
            {
                final RetrySegment following = segment.next();
                if (following == null)
                {
                    return false;
                }
                begin(following);
            }
            else if (!isEntry() && !isPassed(nowNs))
            {
                return false;
            }
        }
        return true;
    }

    /** Leave the entry that it is at behind. */
    void advance()
    {
        isAtEntry = false;
        at += RetryEntryCodec.length(word);
    }

    /** @return the entry at a place where one was, or null if it is damaged since. */
    RetryEntry read(final RetrySegment from, final int offset)
    {
        final long present = from.word(offset);
        if (RetryEntryCodec.isSound(from.buffer(), offset, present, from.position(offset), from.capacity()))
        {
            return RetryEntryCodec.decode(from.buffer(), offset, present);
        }
        onDamage(from, offset);
        return null;
    }

    /** @return the entry that it is at. */
    RetryEntry entry()
    {
        return RetryEntryCodec.decode(segment.buffer(), at, word);
    }

    /** @return position of the entry that it is at, otherwise of the next one. */
    long position()
    {
        return segment.position(at);
    }

    /** @return bytes of the entry that it is at. */
    int length()
    {
        return RetryEntryCodec.length(word);
    }

    /** @return true if the entry that it is at is a copy. */
    boolean isCarried()
    {
        return RetryEntryCodec.isCarried(word);
    }

    /** @return position of the entry that the one it is at is a copy of. */
    long origin()
    {
        return RetryEntryCodec.origin(segment.buffer(), at);
    }

    /** @return segment that it is in. */
    RetrySegment segment()
    {
        return segment;
    }

    /** @return places that were damaged. */
    long damaged()
    {
        return damaged;
    }

    /** @return entries that were made void. */
    long voided()
    {
        return voided;
    }

    /** @return true if something in a segment was damaged. */
    boolean isDamaged(final RetrySegment which)
    {
        return damagedSegments.contains(which.number());
    }

    private void begin(final RetrySegment value)
    {
        segment = value;
        at = RetrySegment.HEADER_LENGTH;
        explainedTo = at;
        isInDamage = false;
        // What a power loss leaves of a file that was never forced is empty or all zeros.
        if (segment.version() == 0 && segment.capacity() > 0 && segment.word(0) != 0)
        {
            onDamage(segment, 0);
        }
    }

    private boolean isEntry()
    {
        word = segment.word(at);
        isAtEntry = RetryEntryCodec.isSound(segment.buffer(), at, word, segment.position(at), segment.capacity());
        isInDamage &= !isAtEntry;
        return isAtEntry;
    }

    /** @return false if it is to be waited for what is there. */
    private boolean isPassed(final long nowNs)
    {
        if (at >= explainedTo)
        {
            final int state = RetryEntryCodec.state(word);
            final boolean isBegun = word == 0 || state == RetryEntryCodec.CLAIMED;
            if (isBegun && segment.isWritable())
            {
                return at < segment.end() && isGivenUp(nowNs);
            }
            if (isBegun || state == RetryEntryCodec.VOID)
            {
                isInDamage = false;
                explain();
            }
            else if (!isInDamage)
            {
                isInDamage = state != RetryEntryCodec.COMMITTED;
                onDamage(segment, at);
                explain();
            }
        }
        at += RetryEntryCodec.UNIT;
        return true;
    }

    private void explain()
    {
        final boolean isKnown = word != 0 && !isInDamage;
        explainedTo = isKnown ? Math.min(segment.capacity(), at + RetryEntryCodec.length(word)) : at;
    }

    /** @return true if it was made void or goes on; look again. */
    private boolean isGivenUp(final long nowNs)
    {
        // What lies before the end that was seen when the wait began was begun before that.
        if (waitingIn != segment || at >= waitingEnd || nowNs < waitingSinceNs)
        {
            waitingIn = segment;
            waitingEnd = segment.end();
            waitingSinceNs = nowNs;
        }
        if (nowNs - waitingSinceNs < PATIENCE_NS)
        {
            return false;
        }
        if (segment.makeVoid(at, word))
        {
            voided++;
        }
        return true;
    }

    private void onDamage(final RetrySegment where, final int offset)
    {
        damaged++;
        damagedSegments.add(where.number());
        errorHandler.onError(new EventStorageException(
            "retry log " + where.file() + " is damaged at byte " + offset + ": what stood there is passed over; an " +
            "event that was to be retried by it is not, replay it if it is needed, and check the device"));
    }
}
