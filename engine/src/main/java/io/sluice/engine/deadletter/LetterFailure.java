package io.sluice.engine.deadletter;

import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.FailureKind;
import java.util.Objects;

/**
 * How an event failed with a subscription. Immutable.
 *
 * @param subscription   name of the subscription, 1 to {@value #MAX_NAME} characters.
 * @param attempts       calls of the handler so far; 0 where the breaker was open.
 * @param cause          what happened at the last one.
 * @param kind           what can be done about it.
 * @param exception      class of the last exception, empty if there was none; its beginning if it is long.
 * @param message        of the last exception, empty if there was none; its beginning if it is long.
 * @param firstFailureNs when the first attempt failed, nanoseconds since 1970 UTC.
 * @param lastFailureNs  when the last attempt failed, nanoseconds since 1970 UTC.
 */
public record LetterFailure(
    String subscription,
    int attempts,
    FailureCause cause,
    FailureKind kind,
    String exception,
    String message,
    long firstFailureNs,
    long lastFailureNs)
{
    /** Most characters of the name of a subscription. */
    public static final int MAX_NAME = 1_024;
    /** Characters that are kept of a message. */
    public static final int MAX_MESSAGE = 512;
    /** Characters that are kept of the name of a class. */
    public static final int MAX_EXCEPTION = 255;

    /**
     * Check the values and cut what is too long.
     *
     * @throws IllegalArgumentException if a value is out of range; the message names it.
     */
    public LetterFailure
    {
        if (subscription.isEmpty() || subscription.length() > MAX_NAME)
        {
            throw new IllegalArgumentException(
                "subscription '" + wellFormed(subscription, 60) + "' has " + subscription.length() +
                " characters, use 1 to " + MAX_NAME);
        }
        if (!subscription.equals(wellFormed(subscription, MAX_NAME)))
        {
            throw new IllegalArgumentException(
                "subscription '" + wellFormed(subscription, 60) + "' has half a surrogate pair, use whole characters");
        }
        if (attempts < 0)
        {
            throw new IllegalArgumentException("attempts=" + attempts + " must be 0 or more");
        }
        Objects.requireNonNull(cause, "cause");
        Objects.requireNonNull(kind, "kind");
        exception = exception == null ? "" : wellFormed(exception, MAX_EXCEPTION);
        message = message == null ? "" : wellFormed(message, MAX_MESSAGE);
    }

    /**
     * A failure with what the handler threw.
     *
     * @param subscription   name of the subscription.
     * @param attempts       calls of the handler so far.
     * @param cause          what happened at the last one.
     * @param kind           what can be done about it.
     * @param thrown         by the handler, or null.
     * @param firstFailureNs when the first attempt failed, nanoseconds since 1970 UTC.
     * @param lastFailureNs  when the last attempt failed, nanoseconds since 1970 UTC.
     * @return the failure.
     */
    public static LetterFailure of(
        final String subscription,
        final int attempts,
        final FailureCause cause,
        final FailureKind kind,
        final Throwable thrown,
        final long firstFailureNs,
        final long lastFailureNs)
    {
        return new LetterFailure(
            subscription,
            attempts,
            cause,
            kind,
            thrown == null ? "" : thrown.getClass().getName(),
            thrown == null ? "" : messageOf(thrown),
            firstFailureNs,
            lastFailureNs);
    }

    /** @return the beginning of a text, with no half of a surrogate pair in it: UTF-8 has no bytes for that. */
    static String wellFormed(final String text, final int maxCharacters)
    {
        final StringBuilder out = new StringBuilder(Math.min(text.length(), maxCharacters));
        int at = 0;
        while (at < text.length())
        {
            final int codePoint = text.codePointAt(at);
            final int count = Character.charCount(codePoint);
            if (out.length() + count > maxCharacters)
            {
                break;
            }
            final boolean isHalf = codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
            out.appendCodePoint(isHalf ? '\uFFFD' : codePoint);
            at += count;
        }
        return out.toString();
    }

    // A foreign exception may do anything when it is asked.
    private static String messageOf(final Throwable thrown)
    {
        try
        {
            return thrown.getMessage();
        }
        catch (final RuntimeException ex)
        {
            return "its message can't be read: " + ex.getClass().getName();
        }
    }
}
