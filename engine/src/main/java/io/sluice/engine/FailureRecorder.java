package io.sluice.engine;

import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.FailureClassifier;
import io.sluice.engine.failure.FailureKind;
import io.sluice.engine.failure.RetryEntry;
import io.sluice.engine.failure.RetryLog;
import io.sluice.engine.failure.RetryOrder;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventFlyweight;
import io.sluice.event.UndecodableEventException;
import java.util.ArrayDeque;
import java.util.Random;

/**
 * Writes into the retry log what a handler could not handle, before any position passes the event. Never blocks: what
 * the log has no room for is kept, and held back for, until it has.
 *
 * <p>One per thread that calls handlers; the log is shared.
 */
final class FailureRecorder
{
    // Behind the kind in the text of an entry: whether an attempt is left.
    private static final char LEFT = '|';
    private static final char NONE_LEFT = '!';
    private static final int MAX_DEPTH = 16;

    private final RetryLog log;
    private final Random random;
    private final ArrayDeque<RetryEntry> unrecorded = new ArrayDeque<>();

    /**
     * @param log    shared.
     * @param random of the jitter.
     */
    FailureRecorder(final RetryLog log, final Random random)
    {
        this.log = log;
        this.random = random;
    }

    /**
     * A call failed, or was not made.
     *
     * @param subscription whose handler it is.
     * @param event        as it was to be handled.
     * @param attempt      calls so far; 0 where the breaker was open.
     * @param firstNs      time of the first failure.
     * @param nowNs        time of this one.
     * @param cause        of it.
     * @param failure      what was thrown, or null.
     */
    void failed(
        final Subscription subscription,
        final EventFlyweight event,
        final int attempt,
        final long firstNs,
        final long nowNs,
        final FailureCause cause,
        final Throwable failure)
    {
        final SubscriptionSpec spec = subscription.spec();
        final RetryPolicy policy = spec.retry();
        final FailureCause known = failure == null ? cause : causeOf(failure);
        final boolean isLast = attempt >= policy.attempts() || known != FailureCause.THREW ||
            failure != null && policy.isFinal(failure);
        final long keyHash = policy.order() == RetryOrder.HOLD_KEY && !isLast ?
            RetryEntry.keyHash(spec.key().of(event)) : RetryEntry.NO_KEY;
        record(RetryEntry.failed(
            subscription.retryId(),
            event.sequence(),
            keyHash,
            attempt,
            isLast ? nowNs : nowNs + policy.delayNs(attempt, random),
            firstNs,
            nowNs,
            known,
            describe(spec.classifier(), event, failure, attempt, isLast ? NONE_LEFT : LEFT)));
    }

    /** @return why a call is not done: whether its event can't be decoded, however deep that is said. */
    static FailureCause causeOf(final Throwable failure)
    {
        if (failure instanceof HungHandlerException)
        {
            return FailureCause.TIMED_OUT;
        }
        Throwable thrown = failure;
        for (int depth = 0; thrown != null && depth < MAX_DEPTH; depth++)
        {
            if (thrown instanceof UndecodableEventException)
            {
                return FailureCause.UNDECODABLE;
            }
            thrown = thrown.getCause();
        }
        return FailureCause.THREW;
    }

    void record(final RetryEntry entry)
    {
        if (!unrecorded.isEmpty() || !log.append(entry))
        {
            unrecorded.add(entry);
        }
    }

    /** Try again what had no room. */
    void flush()
    {
        while (!unrecorded.isEmpty() && log.append(unrecorded.peek()))
        {
            unrecorded.remove();
        }
    }

    boolean isFlushed()
    {
        return unrecorded.isEmpty();
    }

    /** @return sequence before which everything that failed on this thread is recorded. */
    long firstUnrecorded()
    {
        long first = Long.MAX_VALUE;
        for (final RetryEntry entry : unrecorded)
        {
            first = Math.min(first, entry.sequence());
        }
        return first;
    }

    /**
     * @return what can be done about it; a person's work if the classifier itself fails. An event that can't be decoded
     *         is never tried again by itself, whatever that says.
     */
    static FailureKind classify(
        final FailureClassifier classifier, final EventFlyweight event, final Throwable failure, final int attempt)
    {
        if (causeOf(failure) == FailureCause.UNDECODABLE)
        {
            return FailureKind.FIXABLE;
        }
        try
        {
            return classifier.classify(event, failure, attempt);
        }
        catch (final RuntimeException ex)
        {
            if (ex != failure)
            {
                failure.addSuppressed(ex);
            }
            return FailureKind.MANUAL;
        }
    }

    /** @return what can be done about it, from the text of an entry. */
    static FailureKind kindOf(final String text)
    {
        for (final FailureKind kind : FailureKind.values())
        {
            if (text.startsWith(kind.name() + LEFT) || text.startsWith(kind.name() + NONE_LEFT))
            {
                return kind;
            }
        }
        return FailureKind.MANUAL;
    }

    /** @return what was thrown, from the text of an entry: class, colon, message. */
    static String thrownOf(final String text)
    {
        final int mark = kindOf(text).name().length();
        return mark < text.length() ? text.substring(mark + 1) : text;
    }

    /** @return whether an event is to become a dead letter, from the text of its entry. */
    static boolean isLast(final String text)
    {
        return text.startsWith(kindOf(text).name() + NONE_LEFT);
    }

    // What can be done about it is asked while what was thrown is at hand; after a restart there is only this text.
    private static String describe(
        final FailureClassifier classifier,
        final EventFlyweight event,
        final Throwable failure,
        final int attempt,
        final char mark)
    {
        if (failure == null)
        {
            return FailureKind.TRANSIENT.name() + mark;
        }
        return classify(classifier, event, failure, attempt).name() + mark + RetryEntry.textOf(failure);
    }
}
