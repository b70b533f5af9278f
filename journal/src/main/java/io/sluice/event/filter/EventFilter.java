package io.sluice.event.filter;

import io.sluice.event.EventFlyweight;

/**
 * A condition on events, compiled once: a superset of the CloudEvents SQL expression language 1.0. The package
 * documentation describes the language.
 *
 * <pre>
 *   type LIKE 'pipeline.*' OR type = 'hook.executed'
 *   timestamp &gt; '2024-01-20T10:00:00' AND priority &gt;= 'HIGH'
 *   payload.status = 'error' AND payload.message CONTAINS 'timeout'
 * </pre>
 *
 * <p>Not thread-safe: give each thread a {@link #copy()}. Matching allocates nothing as long as only fields are looked
 * at and compared; paths into payload and metadata read the JSON once for each event, and functions that make texts,
 * REGEXP, and texts made of times and decimals allocate too. The time is bounded by a constant for the filter times
 * the length of the event, whatever the patterns.
 */
public final class EventFilter
{
    private final String text;
    private final Expression expression;
    private final FilterInput input = new FilterInput();
    private final Value result = new Value();
    private final Node root;

    private EventFilter(final String text, final Expression expression)
    {
        this.text = text;
        this.expression = expression;
        root = new NodeFactory(input).compile(expression);
        final ValueKind kind = root.kind();
        if (kind != null && kind != ValueKind.BOOLEAN)
        {
            throw FilterProblem.at(
                expression.column(),
                "it gives " + kind.label() + ", and a filter must give true or false; compare it with something");
        }
    }

    /**
     * Compile a filter.
     *
     * @param text in the filter language, at most 16,384 characters.
     * @return the filter.
     * @throws io.sluice.event.EventFilterException with the column of the fault, if it is not valid.
     */
    public static EventFilter of(final String text)
    {
        return new EventFilter(text, FilterReader.read(text));
    }

    /**
     * Check how a filter is written, and not what it means: {@link #of} may still find that a pattern in it is not
     * valid, or that it gives no truth value. For places such as compilers, where the classes that look at events can't
     * be loaded.
     *
     * @param text in the filter language, at most 16,384 characters.
     * @throws io.sluice.event.EventFilterException with the column of the fault, if it is not well-formed.
     */
    public static void checkSyntax(final String text)
    {
        FilterReader.read(text);
    }

    static EventFilter of(final Expression expression)
    {
        return new EventFilter(ExpressionText.of(expression), expression);
    }

    /** @return the same filter for another thread. */
    public EventFilter copy()
    {
        return new EventFilter(text, expression);
    }

    /**
     * @param event to look at.
     * @return true if the filter gives true, without an error such as a missing field or a value that can't be cast.
     */
    public boolean matches(final EventFlyweight event)
    {
        root.evaluate(input.wrap(event), result);
        return result.error == null && result.kind == ValueKind.BOOLEAN && result.isTrue();
    }

    /** @return the filter as it was given, or, if it was built, in the filter language. */
    public String text()
    {
        return text;
    }

    Expression expression()
    {
        return expression;
    }

    @Override
    public String toString()
    {
        return text;
    }
}
