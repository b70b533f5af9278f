package io.sluice.perf.chaos;

import java.util.Arrays;

/** What all children on one data directory told. Not thread-safe. */
final class ChaosLedger
{
    private static final long UNKNOWN = -1;
    private static final int FIRST_CAPACITY = 1 << 12;

    private final ChaosFindings findings;
    private final ChaosCounts counts;
    private final SubscriptionLedger[] subscriptions =
        new SubscriptionLedger[ChaosSubscription.values().length];
    private long[] numbers = new long[FIRST_CAPACITY];
    private boolean[] acknowledged = new boolean[FIRST_CAPACITY];
    private long lastSequence;
    private boolean wasRunning;
    private long recovered;
    private Step step = Step.STARTING;

    /** How far a child has come. */
    enum Step
    {
        STARTING, RUNNING, CHANGING, CLOSING, CLOSED
    }

    ChaosLedger(final ChaosFindings findings, final ChaosCounts counts)
    {
        this.findings = findings;
        this.counts = counts;
        Arrays.fill(numbers, UNKNOWN);
        for (final ChaosSubscription kind : ChaosSubscription.values())
        {
            subscriptions[kind.ordinal()] = new SubscriptionLedger(kind, findings, counts);
        }
    }

    void beginLife()
    {
        step = Step.STARTING;
        for (final SubscriptionLedger subscription : subscriptions)
        {
            subscription.beginLife();
        }
    }

    /**
     * One line of a child.
     *
     * @param line as {@link LineLog} writes it, without its end.
     */
    void accept(final String line)
    {
        final String[] fields = line.split(" ", 4);
        switch (line.charAt(0))
        {
            case LineLog.RUNNING:
                running(Long.parseLong(fields[1]));
                break;

            case LineLog.SUBSCRIBED:
                subscriptions[Integer.parseInt(fields[1])].onSubscribed(Long.parseLong(fields[2]));
                break;

            case LineLog.CHANGING:
                counts.changes++;
                step = Step.CHANGING;
                if (LineLog.LEAVE.equals(fields[2]))
                {
                    subscriptions[Integer.parseInt(fields[1])].onLeaving();
                }
                break;

            case LineLog.CHANGED:
                step = Step.RUNNING;
                break;

            case LineLog.ACKNOWLEDGED:
                acknowledged(Long.parseLong(fields[1]), Long.parseLong(fields[2]));
                break;

            case LineLog.CLOSING:
                step = Step.CLOSING;
                break;

            case LineLog.CLOSED:
                step = Step.CLOSED;
                break;

            default:
                call(line.charAt(0), subscriptions[Integer.parseInt(fields[1])], Long.parseLong(fields[2]), fields);
                break;
        }
    }

    /** @return how far the present child has come. */
    Step step()
    {
        return step;
    }

    /** @return whether any child has come so far that all subscriptions of the first launch are registered. */
    boolean wasRunning()
    {
        return wasRunning;
    }

    /** @return last sequence that the last child that ran found at its start. */
    long recovered()
    {
        return recovered;
    }

    /** @return last sequence that was told. */
    long lastSequence()
    {
        return lastSequence;
    }

    /** @return number of the event with a sequence, as told; -1 if nothing was. */
    long number(final long sequence)
    {
        return sequence < numbers.length ? numbers[(int)sequence] : UNKNOWN;
    }

    boolean isAcknowledged(final long sequence)
    {
        return sequence < acknowledged.length && acknowledged[(int)sequence];
    }

    SubscriptionLedger[] subscriptions()
    {
        return subscriptions;
    }

    private void running(final long sequence)
    {
        step = Step.RUNNING;
        wasRunning = true;
        recovered = sequence;
        for (final SubscriptionLedger subscription : subscriptions)
        {
            subscription.onRunning(sequence);
        }
    }

    private void acknowledged(final long number, final long sequence)
    {
        learn(sequence, number, "acknowledged");
        acknowledged[(int)sequence] = true;
        counts.acknowledged++;
    }

    private void call(
        final char kind, final SubscriptionLedger subscription, final long sequence, final String[] fields)
    {
        switch (kind)
        {
            case LineLog.CALLED:
                final int blank = fields[3].indexOf(' ');
                final long number = Long.parseLong(fields[3].substring(0, blank));
                learn(sequence, number, "handed to " + subscription.kind().label());
                subscription.onCall(sequence, number, fields[3].endsWith(" 1"));
                break;

            case LineLog.HANGING:
                subscription.onHang(sequence);
                break;

            case LineLog.DONE:
                subscription.onDone(sequence, number(sequence));
                break;

            case LineLog.THREW:
                subscription.onThrow(sequence, number(sequence));
                break;

            default:
                throw new IllegalArgumentException("a child told '" + kind + "', which nobody understands");
        }
    }

    private void learn(final long sequence, final long number, final String how)
    {
        if (sequence >= numbers.length)
        {
            final int before = numbers.length;
            final int capacity = Math.toIntExact(Math.max(sequence + 1, before * 2L));
            numbers = Arrays.copyOf(numbers, capacity);
            Arrays.fill(numbers, before, capacity, UNKNOWN);
            acknowledged = Arrays.copyOf(acknowledged, capacity);
        }
        final int index = (int)sequence;
        if (numbers[index] != UNKNOWN && numbers[index] != number)
        {
            findings.add(Violation.LOST, "sequence " + sequence + " was told to be number " + numbers[index] +
                " and is " + how + " as number " + number);
        }
        numbers[index] = number;
        lastSequence = Math.max(lastSequence, sequence);
    }
}
