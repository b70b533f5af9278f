package io.sluice.engine.failure;

/** What a thread appends: the same entries whenever it is asked, of a subscription of its own. */
public final class Workload
{
    /** Events of a thread that are not done at a time, about. */
    static final int OPEN = 40;

    private Workload()
    {
    }

    /**
     * Entry of a thread.
     *
     * @param subscription of the thread.
     * @param n            number of the entry, from 0.
     * @return fails an event, lets some fail again, holds some, and closes most.
     */
    public static RetryEntry entry(final long subscription, final long n)
    {
        final long sequence = 1 + n / 2;
        if (n % 2 == 1)
        {
            final boolean isOld = sequence > OPEN;
            return isOld && sequence % 50 != 0 ?
                RetryEntry.closed(subscription, sequence - OPEN) : failed(subscription, sequence, 2);
        }
        return n % 10 == 0 ?
            RetryEntry.held(subscription, sequence, 1 + n % 7, sequence - 1) : failed(subscription, sequence, 1);
    }

    private static RetryEntry failed(final long subscription, final long sequence, final int attempt)
    {
        final int length = (int)(sequence * 31 % 300);
        return RetryEntry.failed(
            subscription,
            sequence,
            RetryEntry.NO_KEY,
            attempt,
            sequence * 1000 + attempt,
            sequence,
            sequence * 2,
            FailureCause.THREW,
            "x".repeat(length) + sequence);
    }
}
