package io.sluice.engine;

import io.sluice.engine.deadletter.DeadLetterJournal;
import io.sluice.engine.failure.RetryEntry;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Events that became dead letters, and stay in the retry log until their letters are on the device: a power loss could
 * take the letter and leave the mark that the event is done. Until then they are not tried. A process that ends in
 * between finds them there, and writes no second letter while the first one is open.
 *
 * <p>Delivery thread only. Letters are forced together, about once a second, or when there are many; not on this thread
 * where the journal of letters has one of its own for that.
 */
final class LetterClosings
{
    /** As many are forced at once, whatever the time. */
    static final int MANY = 4_096;

    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);

    private final Set<Lettered> waiting = new HashSet<>();
    private final Set<Lettered> asked = new HashSet<>();
    private long askedTo;
    private long askedNs;
    private boolean wasAsked;

    /** An event that has a letter. */
    private record Lettered(long subscription, long sequence)
    {
    }

    /** The letter of an event is written. */
    void add(final long subscription, final long sequence)
    {
        waiting.add(new Lettered(subscription, sequence));
    }

    /** @return whether an event has its letter, and is not to be tried. */
    boolean has(final long subscription, final long sequence)
    {
        final Lettered lettered = new Lettered(subscription, sequence);
        return waiting.contains(lettered) || asked.contains(lettered);
    }

    /** An event is done with otherwise; what is noted of it later must not count for what it fails with from now on. */
    void forget(final long subscription, final long sequence)
    {
        final Lettered lettered = new Lettered(subscription, sequence);
        waiting.remove(lettered);
        asked.remove(lettered);
    }

    /**
     * Close what is on the device, and have more of it forced.
     *
     * @param letters  where they are; null if there are none.
     * @param nowNs    now, nanoseconds since 1970.
     * @param closings gets what is to be appended to the retry log.
     * @return 1 if something was done, otherwise 0.
     */
    int doWork(final DeadLetterJournal letters, final long nowNs, final Consumer<RetryEntry> closings)
    {
        if (waiting.isEmpty() && asked.isEmpty())
        {
            return 0;
        }
        if (!asked.isEmpty() && letters.isForced(askedTo))
        {
            close(asked, closings);
            return 1;
        }
        final boolean isDue = !wasAsked || nowNs - askedNs >= PAUSE_NS || nowNs < askedNs;
        if (!isDue && (waiting.size() < MANY || !asked.isEmpty()))
        {
            return 0;
        }
        // Also where what was asked for is not there after all that time: the journal may have been opened anew.
        wasAsked = true;
        askedNs = nowNs;
        askedTo = letters.requestForce();
        asked.addAll(waiting);
        waiting.clear();
        return 1;
    }

    /** All letters are on the device. */
    void forced(final Consumer<RetryEntry> closings)
    {
        close(asked, closings);
        close(waiting, closings);
    }

    private static void close(final Set<Lettered> done, final Consumer<RetryEntry> closings)
    {
        done.forEach(one -> closings.accept(RetryEntry.closed(one.subscription(), one.sequence())));
        done.clear();
    }
}
