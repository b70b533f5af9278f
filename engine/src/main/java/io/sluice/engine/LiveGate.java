package io.sluice.engine;

import io.sluice.event.Priority;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Which of the two feeds serves a subscription, and how it changes from one to the other without losing or repeating an
 * event (ADR 0014). The delivery thread asks, the threads that handle a priority answer, each for its own, between two
 * units.
 *
 * <pre>
 *            leave                 all four answered
 *   LIVE ───────────► LEAVING ──────────────────────► AWAY
 *     ▲                                                │ join: at most a few records behind
 *     │  caught up to the four boundaries              ▼
 *     └──────────────────────────────────────────── JOINING ──► TAKEN_BACK ──► LEAVING (vector left as it is)
 *                                                        a handling thread waited too long
 * </pre>
 *
 * <p>A boundary is the sequence of the last event of a priority that will not come from the ring any more: leaving,
 * that has come; joining, that the journal feed owes. The journal feed may be ahead of the rings, so that what it has
 * delivered may come from there once more, and is passed over.
 */
final class LiveGate
{
    static final int LIVE = 0;
    static final int LEAVING = 1;
    static final int AWAY = 2;
    static final int JOINING = 3;
    static final int TAKEN_BACK = 4;

    private static final int ALL = (1 << Priority.COUNT) - 1;
    private static final int JOIN = 1 << Priority.COUNT;
    private static final int NUMBER_SHIFT = Priority.COUNT + 1;

    private final AtomicInteger phase;
    // What is asked and who has answered are one word, and each question has a number: an answer to an earlier one must
    // not count. A bit for each priority that has answered, one that says which question it is, then its number.
    private final AtomicInteger question = new AtomicInteger(ALL);
    // Each element belongs to the thread that handles the priority.
    private final boolean[] live = new boolean[Priority.COUNT];
    private final long[] boundaries = new long[Priority.COUNT];
    private boolean keepsVector;
    // Published by the right to call, which the delivery thread holds until the subscription is live.
    private long liveAfter = Long.MIN_VALUE;

    LiveGate(final boolean isLive)
    {
        phase = new AtomicInteger(isLive ? LIVE : AWAY);
        Arrays.fill(live, isLive);
    }

    int phase()
    {
        return phase.get();
    }

    /** Thread that handles the priority: does the ring serve the subscription? */
    boolean isLive(final int priorityCode)
    {
        return live[priorityCode];
    }

    /** Delivery thread: have it leave. */
    void leave()
    {
        keepsVector = phase.get() == TAKEN_BACK;
        phase.set(LEAVING);
        ask(0);
    }

    /** Delivery thread, which holds the right to call: have it join. */
    void join()
    {
        phase.set(JOINING);
        ask(JOIN);
    }

    private void ask(final int kind)
    {
        question.set((question.get() >>> NUMBER_SHIFT) + 1 << NUMBER_SHIFT | kind);
    }

    /** Delivery thread: all have answered. */
    boolean isAnswered()
    {
        return (question.get() & ALL) == ALL;
    }

    /** Delivery thread, after {@link #isAnswered}: nothing comes from the rings. */
    void away()
    {
        phase.set(AWAY);
    }

    /**
     * Delivery thread: what the journal feed owed is delivered. The right to call is to be given up after that.
     *
     * @param sequence up to which the journal feed has delivered everything; the ring may hold some of it yet.
     * @return false if a handling thread has taken it back.
     */
    boolean tryLive(final long sequence)
    {
        liveAfter = sequence;
        return phase.compareAndSet(JOINING, LIVE);
    }

    /** Whoever has the right to call: did the event not come from the journal already? */
    boolean isDue(final long sequence)
    {
        return sequence > liveAfter;
    }

    /** Delivery thread, after {@link #isAnswered}: how far the journal feed must come. */
    long highestBoundary()
    {
        long highest = 0;
        for (final long boundary : boundaries)
        {
            highest = Math.max(highest, boundary);
        }
        return highest;
    }

    /** Handling thread: what is asked now; see {@link #isAsked}, {@link #isToJoin}, {@link #answered}. */
    int question()
    {
        return question.get();
    }

    /** @return whether an answer for this priority is wanted. */
    static boolean isAsked(final int question, final int priorityCode)
    {
        return (question & (1 << priorityCode)) == 0;
    }

    /** @return whether it is asked to join; if not, to leave. */
    static boolean isToJoin(final int question)
    {
        return (question & JOIN) != 0;
    }

    /**
     * Handling thread: does the journal feed owe something before what the ring has come to? Then the vector must not
     * be moved to where the ring stands.
     */
    boolean isOwed()
    {
        final int now = phase.get();
        return now == JOINING || now == TAKEN_BACK || now == LEAVING && keepsVector;
    }

    /** Handling thread: do without it from the next event on, asked or not; true if it was served until now. */
    boolean leaveEarly(final int priorityCode)
    {
        final boolean wasLive = live[priorityCode];
        live[priorityCode] = false;
        return wasLive;
    }

    /** Handling thread, when asked to leave; true if the vector is to be moved to the boundary. */
    boolean answerLeaving(final int priorityCode)
    {
        final boolean hadFromRing = live[priorityCode] && !keepsVector;
        live[priorityCode] = false;
        return hadFromRing;
    }

    /** Handling thread, when asked to join. */
    void answerJoining(final int priorityCode, final long boundary)
    {
        live[priorityCode] = true;
        boundaries[priorityCode] = boundary;
    }

    /** Delivery thread: it is not to join after all. */
    void takeBack()
    {
        phase.compareAndSet(JOINING, TAKEN_BACK);
    }

    /** Handling thread: everything of the answer is written. Does nothing if another question is asked by now. */
    void answered(final int asked, final int priorityCode)
    {
        int old = question.get();
        while (old >>> NUMBER_SHIFT == asked >>> NUMBER_SHIFT &&
            !question.compareAndSet(old, old | 1 << priorityCode))
        {
            old = question.get();
        }
    }

    /**
     * Handling thread that waits for the subscription: do without it.
     *
     * @return true if the event is left to the journal feed.
     */
    boolean takeBack(final int priorityCode)
    {
        if (phase.compareAndSet(JOINING, TAKEN_BACK) || phase.get() == TAKEN_BACK)
        {
            live[priorityCode] = false;
            return true;
        }
        return false;
    }
}
