package io.sluice.perf.chaos;

import io.sluice.event.Priority;
import java.util.Arrays;

/**
 * What one subscription was handed, over all lives on one data directory, and whether that was right: order, overlaps,
 * repetitions and flags are judged as it comes. Not thread-safe.
 */
final class SubscriptionLedger
{
    private static final int CALLED = 1;
    private static final int DONE = 2;
    private static final int HUNG = 4;
    private static final int GIVEN_UP = 8;
    private static final long NONE = 0;
    private static final int FIRST_CAPACITY = 1 << 12;
    private static final int MOST_COUNTED = Byte.MAX_VALUE;

    private final ChaosSubscription kind;
    private final ChaosFindings findings;
    private final ChaosCounts counts;
    private final int concurrency;
    private final long[] last = new long[ChaosEvent.KEYS * Priority.COUNT];
    private final long[] openByKey = new long[ChaosEvent.KEYS];
    private byte[] states = new byte[FIRST_CAPACITY];
    private byte[] thrown = new byte[FIRST_CAPACITY];
    private int[] lives = new int[FIRST_CAPACITY];
    private long boundary;
    private int life;
    private long recovered;
    private int calls;
    private int leftInLife;

    SubscriptionLedger(final ChaosSubscription kind, final ChaosFindings findings, final ChaosCounts counts)
    {
        this.kind = kind;
        this.findings = findings;
        this.counts = counts;
        concurrency = kind.spec(event -> {}).concurrency();
        boundary = kind.isFromStart() ? 0 : Long.MAX_VALUE;
    }

    /** A child begins: nothing is being called any more. */
    void beginLife()
    {
        life++;
        calls = 0;
        recovered = Long.MAX_VALUE;
        Arrays.fill(openByKey, NONE);
    }

    /**
     * @param sequence last one that the child found at its start.
     */
    void onRunning(final long sequence)
    {
        recovered = sequence;
    }

    /**
     * @param sequence behind which, at the latest, it must get whatever it wants.
     */
    void onSubscribed(final long sequence)
    {
        boundary = Math.min(boundary, sequence);
    }

    /** It is about to be ended and begun again, perhaps. */
    void onLeaving()
    {
        leftInLife = life;
    }

    void onCall(final long sequence, final long number, final boolean isFlagged)
    {
        final int index = reserve(sequence);
        final boolean isRepeated = (states[index] & CALLED) != 0;
        counts.calls++;
        counts.redelivered += isFlagged ? 1 : 0;
        calls++;
        if (!kind.wants(number))
        {
            findings.add(Violation.STRANGE, told(sequence, number) + " is not what it subscribed to");
        }
        if (calls > concurrency)
        {
            findings.add(
                Violation.OVERLAPPING, told(sequence, number) + " makes " + calls + " calls at once of " + concurrency);
        }
        if ((states[index] & GIVEN_UP) != 0)
        {
            findings.add(
                Violation.DISORDERED, told(sequence, number) + " comes again behind the next one of its key");
        }
        if (isRepeated)
        {
            checkRepeated(index, sequence, number, isFlagged);
        }
        else
        {
            checkFirst(sequence, number, isFlagged);
        }
        states[index] |= CALLED;
        lives[index] = life;
    }

    void onHang(final long sequence)
    {
        final int index = reserve(sequence);
        states[index] |= HUNG;
        counts.hangs++;
    }

    void onDone(final long sequence, final long number)
    {
        final int index = reserve(sequence);
        states[index] |= DONE;
        end(sequence, number);
    }

    void onThrow(final long sequence, final long number)
    {
        final int index = reserve(sequence);
        thrown[index] = (byte)Math.min(MOST_COUNTED, thrown[index] + 1);
        counts.failed++;
        end(sequence, number);
    }

    /** @return whether it must have had an event. */
    boolean isOwed(final long sequence, final long number)
    {
        return sequence > boundary && kind.wants(number);
    }

    boolean isDone(final long sequence)
    {
        return (state(sequence) & DONE) != 0;
    }

    boolean isCalled(final long sequence)
    {
        return (state(sequence) & CALLED) != 0;
    }

    boolean isHung(final long sequence)
    {
        return (state(sequence) & HUNG) != 0;
    }

    /** @return calls of an event that threw. */
    int thrown(final long sequence)
    {
        return sequence < thrown.length ? thrown[(int)sequence] : 0;
    }

    ChaosSubscription kind()
    {
        return kind;
    }

    private void checkRepeated(final int index, final long sequence, final long number, final boolean isFlagged)
    {
        if (!isFlagged)
        {
            findings.add(Violation.MISFLAGGED, told(sequence, number) + " came before, and does not say so");
        }
        // One that several calls run for at once goes on behind the first event that is not done, so when it is begun
        // again it may see some that were: at least once, and flagged.
        final boolean isAllowed = concurrency > 1 && leftInLife == life;
        if (!isAllowed && lives[index] == life && thrown[index] == 0 && (states[index] & HUNG) == 0)
        {
            findings.add(Violation.REPEATED, told(sequence, number) + " came before in this life and did not fail");
        }
    }

    private void checkFirst(final long sequence, final long number, final boolean isFlagged)
    {
        final CallOrder order = kind.order();
        final boolean isHeld = order == CallOrder.HELD_KEY || order == CallOrder.HELD_KEY_AND_PRIORITY;
        // What waited behind another one of its key comes the way of those that are tried again.
        if (isFlagged && sequence > recovered && !isHeld)
        {
            findings.add(Violation.MISFLAGGED, told(sequence, number) + " comes for the first time, flagged");
        }
        final int line = lineOf(number);
        if (sequence < last[line])
        {
            findings.add(Violation.DISORDERED, told(sequence, number) + " comes after " + last[line]);
        }
        else if (isHeld && last[line] != NONE && !isOver(last[line]))
        {
            findings.add(
                Violation.DISORDERED, told(sequence, number) + " comes while " + last[line] + " is not done");
        }
        last[line] = Math.max(last[line], sequence);
        if (order == CallOrder.KEY || order == CallOrder.HELD_KEY)
        {
            final int key = ChaosEvent.keyOf(number);
            if (openByKey[key] != NONE)
            {
                findings.add(
                    Violation.OVERLAPPING, told(sequence, number) + " comes during the call of " + openByKey[key] +
                    ", which has the same key");
            }
            openByKey[key] = sequence;
        }
    }

    private boolean isOver(final long sequence)
    {
        return isDone(sequence) || thrown(sequence) >= ChaosSubscription.attempts() || isGivenUp(sequence);
    }

    // A call that hung until its process was killed may have become a dead letter before. Then the next one of its key
    // may come, and it may not any more: nobody sees the letter until everything is at rest.
    private boolean isGivenUp(final long sequence)
    {
        final int index = (int)sequence;
        if (!isHung(sequence) || lives[index] == life)
        {
            return false;
        }
        states[index] |= GIVEN_UP;
        return true;
    }

    private int lineOf(final long number)
    {
        switch (kind.order())
        {
            case PRIORITY:
                return ChaosEvent.priorityOf(number);

            case TYPE:
                return ChaosEvent.typeOf(number) * Priority.COUNT + ChaosEvent.priorityOf(number);

            case JOURNAL:
                return 0;

            case HELD_KEY_AND_PRIORITY:
                return ChaosEvent.keyOf(number) * Priority.COUNT + ChaosEvent.priorityOf(number);

            default:
                return ChaosEvent.keyOf(number);
        }
    }

    private void end(final long sequence, final long number)
    {
        calls--;
        final int key = ChaosEvent.keyOf(number);
        if (openByKey[key] == sequence)
        {
            openByKey[key] = NONE;
        }
    }

    private int state(final long sequence)
    {
        return sequence < states.length ? states[(int)sequence] : 0;
    }

    private int reserve(final long sequence)
    {
        final int index = Math.toIntExact(sequence);
        if (index >= states.length)
        {
            final int capacity = Math.max(index + 1, states.length * 2);
            states = Arrays.copyOf(states, capacity);
            thrown = Arrays.copyOf(thrown, capacity);
            lives = Arrays.copyOf(lives, capacity);
        }
        return index;
    }

    private String told(final long sequence, final long number)
    {
        return kind.label() + ": event " + sequence + " (number " + number + ", priority " +
            ChaosEvent.priorityOf(number) + ", key " + ChaosEvent.keyOf(number) + ", life " + life + ")";
    }
}
