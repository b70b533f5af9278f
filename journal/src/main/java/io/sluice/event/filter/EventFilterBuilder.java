package io.sluice.event.filter;

import io.sluice.event.EventFilterException;
import io.sluice.event.Priority;
import io.sluice.event.Timestamps;
import io.sluice.event.filter.Expression.Comparison;
import io.sluice.event.filter.Expression.ComparisonOperator;
import io.sluice.event.filter.Expression.FieldReference;
import io.sluice.event.filter.Expression.In;
import io.sluice.event.filter.Expression.Logic;
import io.sluice.event.filter.Expression.LogicOperator;
import io.sluice.event.filter.Expression.Matches;
import io.sluice.event.filter.Expression.PathReference;
import io.sluice.event.filter.Expression.Regexp;
import io.sluice.event.filter.Expression.TextLiteral;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * Puts a filter together from parameters, the {@code build_filter} of requirement text 004. Conditions of different
 * kinds must all hold; of values that one method gets, one is enough. Calls add up. Not thread-safe.
 */
public final class EventFilterBuilder
{
    private final List<Expression> conditions = new ArrayList<>();

    /** A builder without conditions: everything matches. */
    public EventFilterBuilder()
    {
    }

    /**
     * @param patterns over types, see {@link io.sluice.event.TopicPattern}; at least one.
     * @return this.
     */
    public EventFilterBuilder typePattern(final String... patterns)
    {
        return anyOf("a type pattern", patterns, (pattern) -> new Matches(0, field(FilterField.TYPE), pattern));
    }

    /**
     * @param from when events must have happened or later, null for no bound.
     * @param to   before which they must have happened, null for no bound.
     * @return this.
     */
    public EventFilterBuilder timeRange(final Instant from, final Instant to)
    {
        time(ComparisonOperator.GREATER_OR_EQUAL, from);
        time(ComparisonOperator.LESS, to);
        return this;
    }

    /**
     * @param ids of events, one of which it must be; at least one.
     * @return this.
     */
    public EventFilterBuilder id(final String... ids)
    {
        return oneOf("an id", FilterField.ID, ids);
    }

    /**
     * @param type of the aggregate that the event must belong to.
     * @param id   of that aggregate.
     * @return this.
     */
    public EventFilterBuilder aggregate(final String type, final String id)
    {
        return oneOf("a type", FilterField.AGGREGATE_TYPE, type).oneOf("an id", FilterField.AGGREGATE_ID, id);
    }

    /**
     * @param sources one of which must have created the event; at least one.
     * @return this.
     */
    public EventFilterBuilder source(final String... sources)
    {
        return oneOf("a source", FilterField.SOURCE, sources);
    }

    /**
     * @param ids of correlations, to one of which the event must belong; at least one.
     * @return this.
     */
    public EventFilterBuilder correlationId(final String... ids)
    {
        return oneOf("a correlation id", FilterField.CORRELATION_ID, ids);
    }

    /**
     * @param ids of sessions, to one of which the event must belong; at least one.
     * @return this.
     */
    public EventFilterBuilder sessionId(final String... ids)
    {
        return oneOf("a session id", FilterField.SESSION_ID, ids);
    }

    /**
     * @param least urgent priority that matches.
     * @return this.
     */
    public EventFilterBuilder minPriority(final Priority least)
    {
        conditions.add(new Comparison(
            0, ComparisonOperator.GREATER_OR_EQUAL, field(FilterField.PRIORITY), new TextLiteral(0, least.label())));
        return this;
    }

    /**
     * @param regexps in the syntax of RE2, one of which must be found in the payload's bytes; at least one.
     * @return this.
     */
    public EventFilterBuilder content(final String... regexps)
    {
        return anyOf(
            "a regular expression",
            regexps,
            (regexp) -> new Regexp(0, new PathReference(0, FilterField.PAYLOAD, List.of()), regexp));
    }

    /**
     * @param filter in the filter language, that must hold as well.
     * @return this.
     * @throws EventFilterException with the column of the fault, if it is not valid.
     */
    public EventFilterBuilder where(final String filter)
    {
        conditions.add(EventFilter.of(filter).expression());
        return this;
    }

    /**
     * @return the filter; the builder can go on.
     * @throws EventFilterException if a pattern or regular expression is not valid.
     */
    public EventFilter build()
    {
        if (conditions.isEmpty())
        {
            return EventFilter.of("TRUE");
        }
        return EventFilter.of(join(LogicOperator.AND, conditions));
    }

    private void time(final ComparisonOperator operator, final Instant bound)
    {
        if (bound != null)
        {
            conditions.add(new Comparison(
                0,
                operator,
                field(FilterField.TIMESTAMP),
                new TextLiteral(0, Timestamps.text(Timestamps.epochNs(bound)))));
        }
    }

    private EventFilterBuilder oneOf(final String label, final FilterField field, final String... values)
    {
        ensureSome(label, values);
        final List<Expression> elements = new ArrayList<>();
        for (final String value : values)
        {
            elements.add(new TextLiteral(0, value));
        }
        conditions.add(new In(0, field(field), List.copyOf(elements)));
        return this;
    }

    private EventFilterBuilder anyOf(
        final String label, final String[] values, final Function<String, Expression> condition)
    {
        ensureSome(label, values);
        final List<Expression> alternatives = new ArrayList<>();
        for (final String value : values)
        {
            alternatives.add(condition.apply(value));
        }
        conditions.add(join(LogicOperator.OR, alternatives));
        return this;
    }

    private static Expression join(final LogicOperator operator, final List<Expression> operands)
    {
        return operands.size() == 1 ? operands.get(0) : new Logic(0, operator, List.copyOf(operands));
    }

    private static Expression field(final FilterField field)
    {
        return new FieldReference(0, field);
    }

    private static void ensureSome(final String label, final String... values)
    {
        if (values.length == 0)
        {
            throw FilterProblem.at(0, "nothing would ever match: give " + label + ", or leave the condition out");
        }
        for (final String value : values)
        {
            if (value == null)
            {
                throw FilterProblem.at(0, "null is not " + label + ": leave it out, or write NOT EXISTS for none");
            }
        }
    }
}
