package io.sluice.engine.dedup;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Verdict;

/**
 * The two horizons of dedup: by event id, and by content (type, source and payload) within a window. All times are
 * journal times.
 *
 * <pre>
 *   id known within its horizon?       ─► DUPLICATE_ID
 *   content known within its window?   ─► DUPLICATE_CONTENT
 *   otherwise                          ─► ACCEPTED, and id and content are known from now on
 * </pre>
 *
 * The window of a content counts from the accepted event, not from its repetitions. The id of a content duplicate
 * becomes known as one of the accepted event, so that a publisher's retry of it is a duplicate too.
 *
 * <p>An event that a replay publishes again, flagged {@link EventDescriptor#FLAG_REPLAYED}, passes by its id only: its
 * content was judged when it first came, and at the speed of a replay contents that came hours apart come within one
 * window. For the same reason its content does not become known: it tells nothing of what happens now. Its id does, so
 * that it is itself a duplicate where the id is known, and later ones are duplicates of it, replayed or not.
 *
 * <p>Not thread-safe: sequencing thread only. Allocates nothing after construction.
 */
public final class Deduplicator
{
    /** Most events that {@link #touch} takes at once. */
    public static final int MOST_TOUCHED = RecentKeys.MOST_TOUCHED;

    private static final long NS_PER_MS = 1_000_000L;

    private final RecentKeys ids;
    private final RecentKeys contents;
    private final long idHorizonMs;
    private final ContentWindows windows;
    private long originalSequence;
    @SuppressWarnings("unused")
    private long touched;

    /**
     * @param limits of memory and time.
     * @param nowNs  journal time at start.
     */
    public Deduplicator(final DedupLimits limits, final long nowNs)
    {
        idHorizonMs = limits.idHorizonNs() / NS_PER_MS;
        windows = new ContentWindows(limits);
        ids = new RecentKeys(limits.idCapacity(), idHorizonMs, nowNs / NS_PER_MS);
        contents = new RecentKeys(limits.contentCapacity(), windows.longestMs(), nowNs / NS_PER_MS);
    }

    /**
     * Decide about an event and remember it under the sequence that it is about to get.
     *
     * @param event    completed record.
     * @param sequence that it gets.
     * @param nowNs    journal time that it gets.
     * @return the verdict; {@link #originalSequence} tells the original of a duplicate.
     */
    public Verdict decide(final EventFlyweight event, final long sequence, final long nowNs)
    {
        final long nowMs = nowNs / NS_PER_MS;
        final long idHigh = event.idHigh();
        final long idLow = event.idLow();
        final long knownId = ids.find(idHigh, idLow, nowMs, idHorizonMs);
        if (knownId != RecentKeys.ABSENT)
        {
            originalSequence = knownId;
            return Verdict.DUPLICATE_ID;
        }
        final long windowMs = isReplayed(event) ? 0L : windows.windowMs(event);
        if (windowMs > 0)
        {
            final long contentHigh = event.contentHashHigh();
            final long contentLow = event.contentHashLow();
            final long knownContent = contents.find(contentHigh, contentLow, nowMs, windowMs);
            if (knownContent != RecentKeys.ABSENT)
            {
                ids.addMissing(knownContent, nowMs);
                originalSequence = knownContent;
                return Verdict.DUPLICATE_CONTENT;
            }
            contents.addMissing(sequence, nowMs);
        }
        ids.addMissing(sequence, nowMs);
        originalSequence = 0L;
        return Verdict.ACCEPTED;
    }

    /**
     * Work out where {@link #decide} will look for an event, for {@link #touch}.
     *
     * @param index place among the events to touch, from 0, below {@link #MOST_TOUCHED}.
     * @param event completed record.
     */
    public void prepare(final int index, final EventFlyweight event)
    {
        ids.prepare(index, event.idHigh(), event.idLow());
        contents.prepare(index, event.contentHashHigh(), event.contentHashLow());
    }

    /**
     * Bring what {@link #decide} will need for the prepared events into the processor's cache, all misses at once.
     *
     * @param count of prepared events.
     */
    public void touch(final int count)
    {
        touched += ids.touch(count) + contents.touch(count);
    }

    /**
     * Remember a record that the journal holds already; call in journal order at start.
     *
     * @param event journaled record.
     * @param nowNs journal time at start, not before the record's.
     */
    public void rebuild(final EventFlyweight event, final long nowNs)
    {
        final long timeMs = event.journalTime() / NS_PER_MS;
        final long nowMs = nowNs / NS_PER_MS;
        final boolean accepted = event.verdict() == Verdict.ACCEPTED;
        final long sequence = accepted ? event.sequence() : event.originalSequence();
        if (event.verdict() != Verdict.DUPLICATE_ID && nowMs - timeMs <= idHorizonMs)
        {
            ids.add(event.idHigh(), event.idLow(), sequence, timeMs, nowMs);
        }
        if (accepted && !isReplayed(event) && nowMs - timeMs <= windows.windowMs(event))
        {
            contents.add(event.contentHashHigh(), event.contentHashLow(), sequence, timeMs, nowMs);
        }
    }

    /** @return of the last duplicate decided on, the sequence of its original; 0 after an accepted event. */
    public long originalSequence()
    {
        return originalSequence;
    }

    /** @return the longest time that a record matters for {@link #rebuild}, in nanoseconds. */
    public long horizonNs()
    {
        return Math.max(idHorizonMs, windows.longestMs()) * NS_PER_MS;
    }

    /** @return keys that were forgotten before their horizon because memory is fixed. */
    public long shortened()
    {
        return ids.shortened() + contents.shortened();
    }

    /** @return bytes of memory. */
    public long length()
    {
        return (long)ids.length() + contents.length();
    }

    private static boolean isReplayed(final EventFlyweight event)
    {
        return (event.flags() & EventDescriptor.FLAG_REPLAYED) != 0;
    }
}
