package io.sluice.engine;

import io.sluice.event.EventFlyweight;
import java.util.function.Consumer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One more attempt to handle an event that failed: from the retry log, or from a dead letter. Made and ended by the
 * delivery thread, called by a worker in between.
 */
final class RetryCall implements HandlerCall
{
    /** Number of a call that is no letter's. */
    static final long NO_LETTER = 0L;

    private final Subscription subscription;
    private final long sequence;
    private final long letter;
    private final int attempt;
    private final long firstFailureNs;
    private final UnsafeBuffer record;
    private final Consumer<RetryCall> onEnd;
    private Throwable failure;
    private long endedNs;
    private boolean wasCalled;

    /**
     * @param subscription   to call.
     * @param event          to hand over; copied.
     * @param sequence       of the event in the journal, which a letter's copy does not have.
     * @param letter         number, or {@link #NO_LETTER}.
     * @param attempt        of this call, counted from 1.
     * @param firstFailureNs time of the first failure; 0 if there was none.
     * @param onEnd          any thread: the call is over.
     */
    RetryCall(
        final Subscription subscription,
        final EventFlyweight event,
        final long sequence,
        final long letter,
        final int attempt,
        final long firstFailureNs,
        final Consumer<RetryCall> onEnd)
    {
        this.subscription = subscription;
        this.sequence = sequence;
        this.letter = letter;
        this.attempt = attempt;
        this.firstFailureNs = firstFailureNs;
        this.onEnd = onEnd;
        final int length = event.recordLength();
        record = new UnsafeBuffer(new byte[length]);
        record.putBytes(0, event.buffer(), event.offset(), length);
    }

    @Override
    public DirectBuffer buffer()
    {
        return record;
    }

    @Override
    public boolean isRedelivered()
    {
        return true;
    }

    @Override
    public void complete(final Throwable thrown, final long startedNs, final long ns)
    {
        failure = thrown;
        endedNs = ns;
        wasCalled = true;
        onEnd.accept(this);
    }

    /** Any thread. */
    @Override
    public void drop()
    {
        onEnd.accept(this);
    }

    Subscription subscription()
    {
        return subscription;
    }

    long sequence()
    {
        return sequence;
    }

    long letter()
    {
        return letter;
    }

    int attempt()
    {
        return attempt;
    }

    /** @return when it failed first: now, if it only waited for another one of its key before. */
    long firstFailureNs()
    {
        return firstFailureNs == 0L ? endedNs : firstFailureNs;
    }

    boolean wasCalled()
    {
        return wasCalled;
    }

    Throwable failure()
    {
        return failure;
    }

    long endedNs()
    {
        return endedNs;
    }

    EventFlyweight event()
    {
        return new EventFlyweight().wrap(record, 0);
    }
}
