package io.sluice.handlers.source;

import io.sluice.event.EventBuilder;

/**
 * Gives events, one by one, to whoever pulls them.
 *
 * <p>{@link #next} and {@link #intendedTimeNs} belong to one thread. {@link #close} may be called from any thread,
 * and ends a
 * {@code next} that waits for input.
 */
public interface EventSource extends AutoCloseable
{
    /** Value of {@link #intendedTimeNs()} of a source that has no schedule of its own. */
    long NO_INTENDED_TIME = Long.MIN_VALUE;

    /** @return what it is, as in {@code git:sluice}; for people. */
    String name();

    /**
     * Fill in the next event. Waits where the source is live or has a schedule.
     *
     * @param event cleared and filled in.
     * @return false at the end of the source, or after {@link #close}.
     * @throws io.sluice.event.EventStreamException if the source broke off: what came before is sound, the rest is
     * missing.
     */
    boolean next(EventBuilder event);

    /** @return where the last event was found, as in {@code line 12}; for people, empty where there is no place. */
    default String position()
    {
        return "";
    }

    /**
     * When the last event should have been published, for a source that has a schedule of its own (an open loop).
     * Latency that counts from here shows waits that a publisher in a closed loop would hide.
     *
     * @return nanoseconds since 1970 UTC, or {@link #NO_INTENDED_TIME}.
     */
    default long intendedTimeNs()
    {
        return NO_INTENDED_TIME;
    }

    /** @return true if the source keeps a schedule of its own and can't be paced from outside. */
    default boolean isOpenLoop()
    {
        return false;
    }

    /** Release everything and end a waiting {@link #next}. Idempotent, any thread. */
    @Override
    void close();
}
