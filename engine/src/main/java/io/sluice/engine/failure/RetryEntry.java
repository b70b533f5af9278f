package io.sluice.engine.failure;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * One entry of the retry log. Immutable. Make it with {@link #failed}, {@link #held}, {@link #closed} or {@link
 * #forgotten}; what a kind does not say is 0, null or empty.
 *
 * @param kind           what it says.
 * @param subscription   id of the subscription.
 * @param sequence       of the event, 1 or more; 0 for FORGOTTEN.
 * @param keyHash        of the event where later ones of its key wait for it, otherwise {@link #NO_KEY}.
 * @param attempt        attempts so far, 1 or more; 0 where the breaker was open.
 * @param dueNs          when the next attempt is due, nanoseconds since 1970.
 * @param firstFailureNs when it failed first, nanoseconds since 1970.
 * @param lastFailureNs  when it failed last, nanoseconds since 1970.
 * @param cause          why it is not done.
 * @param text           what was thrown, at most {@link #MAX_TEXT_LENGTH} bytes of UTF-8.
 * @param behind         sequence of the event that a held one waits for.
 */
public record RetryEntry(
    RetryEntryKind kind,
    long subscription,
    long sequence,
    long keyHash,
    int attempt,
    long dueNs,
    long firstFailureNs,
    long lastFailureNs,
    FailureCause cause,
    String text,
    long behind)
{
    /** Hash of the key of an event that holds nobody up. */
    public static final long NO_KEY = 0;
    /** Longest text of a cause, in bytes. */
    public static final int MAX_TEXT_LENGTH = 400;

    private static final int CONTINUATION_MASK = 0xC0;
    private static final int CONTINUATION = 0x80;

    /** Checks what every entry must have, and cuts a text that is too long. */
    public RetryEntry
    {
        Objects.requireNonNull(kind, "kind");
        text = cut(Objects.requireNonNull(text, "text"));
        final boolean isOfEvent = kind != RetryEntryKind.FORGOTTEN;
        require(isOfEvent == sequence >= 1, "sequence=" + sequence + " of " + kind + ": sequences begin with 1");
        if (kind == RetryEntryKind.FAILED)
        {
            Objects.requireNonNull(cause, "cause");
            // Where the breaker is open nobody is called.
            require(
                attempt >= 1 || attempt == 0 && cause == FailureCause.BREAKER_OPEN,
                "attempt=" + attempt + " of " + cause + ": attempts are counted from 1");
        }
        require(
            kind != RetryEntryKind.HELD || keyHash != NO_KEY,
            "keyHash=" + keyHash + " of HELD: only an event with a key waits for another; hash it with keyHash()");
    }

    /**
     * An event was not handled.
     *
     * @param subscription   id of the subscription.
     * @param sequence       of the event, 1 or more.
     * @param keyHash        of the event where later ones of its key wait for it ({@link RetryOrder#HOLD_KEY}),
     *                       otherwise {@link #NO_KEY}.
     * @param attempt        attempts so far, 1 or more; 0 where the breaker was open.
     * @param dueNs          when the next attempt is due, nanoseconds since 1970.
     * @param firstFailureNs when it failed first, nanoseconds since 1970.
     * @param lastFailureNs  when it failed last, nanoseconds since 1970.
     * @param cause          why.
     * @param text           what was thrown; cut behind {@link #MAX_TEXT_LENGTH} bytes, between two characters.
     * @return the entry.
     */
    public static RetryEntry failed(
        final long subscription,
        final long sequence,
        final long keyHash,
        final int attempt,
        final long dueNs,
        final long firstFailureNs,
        final long lastFailureNs,
        final FailureCause cause,
        final String text)
    {
        return new RetryEntry(
            RetryEntryKind.FAILED, subscription, sequence, keyHash, attempt, dueNs, firstFailureNs, lastFailureNs,
            cause, text, 0);
    }

    /**
     * An event waits for an earlier one.
     *
     * @param subscription id of the subscription.
     * @param sequence     of the event, 1 or more.
     * @param keyHash      of both events, not {@link #NO_KEY}.
     * @param behind       sequence of the event that it waits for.
     * @return the entry.
     */
    public static RetryEntry held(
        final long subscription, final long sequence, final long keyHash, final long behind)
    {
        return new RetryEntry(
            RetryEntryKind.HELD, subscription, sequence, keyHash, 0, 0, 0, 0, null, "", behind);
    }

    /**
     * An event is done with: handled, or a dead letter.
     *
     * @param subscription id of the subscription.
     * @param sequence     of the event, 1 or more.
     * @return the entry.
     */
    public static RetryEntry closed(final long subscription, final long sequence)
    {
        return new RetryEntry(RetryEntryKind.CLOSED, subscription, sequence, NO_KEY, 0, 0, 0, 0, null, "", 0);
    }

    /**
     * A subscription was removed.
     *
     * @param subscription id of the subscription.
     * @return the entry.
     */
    public static RetryEntry forgotten(final long subscription)
    {
        return new RetryEntry(RetryEntryKind.FORGOTTEN, subscription, 0, NO_KEY, 0, 0, 0, 0, null, "", 0);
    }

    /**
     * Text of a failure, for {@link #failed}: type and message. A failure whose message can't be had is its type.
     *
     * @param failure what a handler threw.
     * @return the text.
     */
    public static String textOf(final Throwable failure)
    {
        try
        {
            return failure.toString();
        }
        catch (final RuntimeException ex)
        {
            return failure.getClass().getName();
        }
    }

    /**
     * @param hash of a key, any value.
     * @return the same, or another one where it would stand for no key.
     */
    public static long keyHash(final long hash)
    {
        return hash == NO_KEY ? 1 : hash;
    }

    private static String cut(final String text)
    {
        // Each character has a byte at least.
        final String most = text.length() > MAX_TEXT_LENGTH + 1 ? text.substring(0, MAX_TEXT_LENGTH + 1) : text;
        final byte[] bytes = most.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= MAX_TEXT_LENGTH && most.length() == text.length())
        {
            return text;
        }
        int length = Math.min(bytes.length, MAX_TEXT_LENGTH);
        while (length > 0 && length < bytes.length && (bytes[length] & CONTINUATION_MASK) == CONTINUATION)
        {
            length--;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static void require(final boolean condition, final String message)
    {
        if (!condition)
        {
            throw new IllegalArgumentException(message);
        }
    }
}
