package io.sluice.engine.deadletter;

import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.FailureKind;
import io.sluice.event.filter.EventFilter;
import java.util.EnumSet;
import java.util.Set;

/** Which dead letters, in which order, how many. Not thread-safe; read when a pass begins. */
public final class DeadLetterQuery
{
    private EventFilter filter;
    private Set<LetterState> states = EnumSet.allOf(LetterState.class);
    private String subscription;
    private FailureCause cause;
    private FailureKind kind;
    private long limit = Long.MAX_VALUE;
    private boolean isNewestFirst;

    /** All letters, oldest first. */
    public DeadLetterQuery()
    {
        // Fields hold the defaults.
    }

    /**
     * @param value asked about the last copy of the event, repaired if it was, for example {@code type = 'x' AND
     *              metadata.deadLetter.kind = 'FIXABLE'}; null (default) for all.
     * @return this.
     */
    public DeadLetterQuery where(final EventFilter value)
    {
        filter = value == null ? null : value.copy();
        return this;
    }

    /** @return filter of the copies, or null. */
    public EventFilter where()
    {
        return filter;
    }

    /**
     * @param values the states that are wanted; default: all.
     * @return this.
     */
    public DeadLetterQuery states(final Set<LetterState> values)
    {
        states = values.isEmpty() ? EnumSet.noneOf(LetterState.class) : EnumSet.copyOf(values);
        return this;
    }

    /** @return the states that are wanted. */
    public Set<LetterState> states()
    {
        return states;
    }

    /**
     * @param name of the subscription whose letters are wanted; null (default) for all.
     * @return this.
     */
    public DeadLetterQuery subscription(final String name)
    {
        subscription = name;
        return this;
    }

    /** @return name of the subscription, or null. */
    public String subscription()
    {
        return subscription;
    }

    /**
     * @param value cause of the last failure; null (default) for any.
     * @return this.
     */
    public DeadLetterQuery cause(final FailureCause value)
    {
        cause = value;
        return this;
    }

    /** @return cause of the last failure, or null. */
    public FailureCause cause()
    {
        return cause;
    }

    /**
     * @param value what can be done about it, as of the last failure; null (default) for any.
     * @return this.
     */
    public DeadLetterQuery kind(final FailureKind value)
    {
        kind = value;
        return this;
    }

    /** @return what can be done about it, or null. */
    public FailureKind kind()
    {
        return kind;
    }

    /**
     * @param letters to hand out at most, 1 or more; default: all.
     * @return this.
     */
    public DeadLetterQuery limit(final long letters)
    {
        if (letters < 1)
        {
            throw new IllegalArgumentException("limit " + letters + " is out of range: use 1 or more");
        }
        limit = letters;
        return this;
    }

    /** @return letters to hand out at most. */
    public long limit()
    {
        return limit;
    }

    /**
     * @param isNewest true for the letter with the greatest number first; default: the one with the least.
     * @return this.
     */
    public DeadLetterQuery newestFirst(final boolean isNewest)
    {
        isNewestFirst = isNewest;
        return this;
    }

    /** @return true for the letter with the greatest number first. */
    public boolean newestFirst()
    {
        return isNewestFirst;
    }

    boolean isWanted(final LetterStatus letter)
    {
        return states.contains(letter.state()) &&
            (subscription == null || subscription.equals(letter.subscription())) &&
            (cause == null || cause == letter.cause()) &&
            (kind == null || kind == letter.kind());
    }
}
