package io.sluice.event.filter;

import io.sluice.event.EventField;
import java.util.List;

/**
 * What an event must fulfil for a filter to be true, as far as that can be said without the event: a planner looks for
 * events that fulfil it, and asks the filter about each. Immutable.
 */
public sealed interface FilterDemand
{
    /** Nothing is known: any event may match. */
    record Anything() implements FilterDemand
    {
    }

    /**
     * The text of a field is one of some.
     *
     * @param field  {@link EventField#ID} for the id, UUID or not.
     * @param values which.
     */
    record OneOf(EventField field, List<String> values) implements FilterDemand
    {
    }

    /**
     * A part of the filter is true that looks at nothing else than some fields of an event.
     *
     * @param scope  which fields.
     * @param filter the part.
     */
    record Part(Scope scope, EventFilter filter) implements FilterDemand
    {
    }

    /**
     * A time lies in a range.
     *
     * @param isJournalTime true for when it was journaled, false for when it happened.
     * @param fromNs        least time, nanoseconds since 1970 UTC.
     * @param toNs          greatest time.
     */
    record Within(boolean isJournalTime, long fromNs, long toNs) implements FilterDemand
    {
    }

    /**
     * The sequence lies in a range.
     *
     * @param from least.
     * @param to   greatest.
     */
    record Sequences(long from, long to) implements FilterDemand
    {
    }

    /**
     * The version of the aggregate is not below one.
     *
     * @param version least.
     */
    record LeastVersion(long version) implements FilterDemand
    {
    }

    /**
     * All of them.
     *
     * @param demands two at least.
     */
    record All(List<FilterDemand> demands) implements FilterDemand
    {
    }

    /**
     * At least one of them.
     *
     * @param demands two at least.
     */
    record Any(List<FilterDemand> demands) implements FilterDemand
    {
    }

    /** Fields that a {@link Part} looks at. */
    enum Scope
    {
        /** The type. */
        TYPE,
        /** The source. */
        SOURCE,
        /** Priority and category. */
        LEVEL
    }

    /**
     * @param filter to look into.
     * @return what it demands.
     */
    static FilterDemand of(final EventFilter filter)
    {
        return DemandReader.read(filter.expression());
    }
}
