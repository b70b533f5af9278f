package io.sluice.engine.deadletter;

import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.FailureKind;
import io.sluice.event.filter.EventFilter;
import java.util.EnumSet;

/**
 * Which of the letters that are open are to be handed to their handlers again, in which order, and when that is to
 * stop. Not thread-safe; read when the attempt begins. Setters check their argument at once.
 */
public final class DeadLetterSelection
{
    /** Default of {@link #stopAfterFailures()}. */
    public static final int DEFAULT_STOP_AFTER_FAILURES = 3;

    private final DeadLetterQuery query =
        new DeadLetterQuery().states(EnumSet.of(LetterState.OPEN, LetterState.RETRYING));
    private int stopAfterFailures = DEFAULT_STOP_AFTER_FAILURES;

    /** All open letters, oldest first, until three in a row have failed again. */
    public DeadLetterSelection()
    {
        // Fields hold the defaults.
    }

    /**
     * @param name of the subscription whose letters are wanted; null (default) for all.
     * @return this.
     */
    public DeadLetterSelection subscription(final String name)
    {
        query.subscription(name);
        return this;
    }

    /**
     * @param filter asked about the event, repaired if it was, with {@code metadata.deadLetter}; null (default) for
     *               all.
     * @return this.
     */
    public DeadLetterSelection where(final EventFilter filter)
    {
        query.where(filter);
        return this;
    }

    /**
     * @param cause of the last failure; null (default) for any.
     * @return this.
     */
    public DeadLetterSelection cause(final FailureCause cause)
    {
        query.cause(cause);
        return this;
    }

    /**
     * @param kind what can be done about it, as of the last failure; null (default) for any.
     * @return this.
     */
    public DeadLetterSelection kind(final FailureKind kind)
    {
        query.kind(kind);
        return this;
    }

    /**
     * @param isNewest true for the letter with the greatest number first; default: the one with the least.
     * @return this.
     */
    public DeadLetterSelection newestFirst(final boolean isNewest)
    {
        query.newestFirst(isNewest);
        return this;
    }

    /**
     * @param letters to take at most, 1 or more; default: all.
     * @return this.
     */
    public DeadLetterSelection limit(final long letters)
    {
        query.limit(letters);
        return this;
    }

    /**
     * @param failures in a row after which the letters that are left stay as they are: 1 for the first one, 0 to go on
     *                 whatever fails; default: {@value #DEFAULT_STOP_AFTER_FAILURES}.
     * @return this.
     */
    public DeadLetterSelection stopAfterFailures(final int failures)
    {
        if (failures < 0)
        {
            throw new IllegalArgumentException(
                "stopAfterFailures " + failures + " is out of range: use 1 or more, or 0 to go on whatever fails");
        }
        stopAfterFailures = failures;
        return this;
    }

    /** @return failures in a row after which no further letter is taken; 0 for never. */
    public int stopAfterFailures()
    {
        return stopAfterFailures;
    }

    /** @return which letters, for {@link DeadLetters#forEach}. */
    public DeadLetterQuery query()
    {
        return query;
    }
}
