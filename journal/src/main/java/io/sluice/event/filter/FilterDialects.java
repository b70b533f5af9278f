package io.sluice.event.filter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import io.sluice.event.EventFilterException;
import io.sluice.event.filter.Expression.Call;
import io.sluice.event.filter.Expression.Certainly;
import io.sluice.event.filter.Expression.Comparison;
import io.sluice.event.filter.Expression.ComparisonOperator;
import io.sluice.event.filter.Expression.ExtensionReference;
import io.sluice.event.filter.Expression.FieldReference;
import io.sluice.event.filter.Expression.IntegerLiteral;
import io.sluice.event.filter.Expression.Like;
import io.sluice.event.filter.Expression.Logic;
import io.sluice.event.filter.Expression.LogicOperator;
import io.sluice.event.filter.Expression.Not;
import io.sluice.event.filter.Expression.TextLiteral;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Filters in the JSON of the CloudEvents Subscriptions API (section 3.2.4.1), all seven dialects:
 *
 * <pre>
 *   {"exact": {"type": "order.created", "subject": "42"}}     every attribute is this text
 *   {"prefix": {"type": "order."}}, {"suffix": {…}}           … starts, ends with it
 *   {"all": [FILTER, …]}, {"any": [FILTER, …]}, {"not": FILTER}
 *   {"sql": "source LIKE '%cloudevents%'"}                    the filter language
 *   [FILTER, …]                                               all of them, as a subscription holds them
 * </pre>
 *
 * <p>An attribute that an event lacks makes a filter false, and its {@code not} true. Stateless.
 */
public final class FilterDialects
{
    private static final int MAX_DEPTH = 50;
    private static final JsonFactory FACTORY =
        JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

    private FilterDialects()
    {
    }

    /**
     * Compile a filter.
     *
     * @param json one filter, or an array of filters of which all must hold; an empty array matches everything.
     * @return the filter.
     * @throws EventFilterException if it is not valid.
     */
    public static EventFilter read(final String json)
    {
        try (JsonParser parser = FACTORY.createParser(json))
        {
            final Expression expression = parser.nextToken() == JsonToken.START_ARRAY ?
                all(parser, 0) : filter(parser, 0);
            if (parser.nextToken() != null)
            {
                throw problem(parser, "more text follows the filter, remove it");
            }
            return EventFilter.of(expression);
        }
        catch (final JsonProcessingException ex)
        {
            throw new EventFilterException(
                "filter is not valid JSON" + (ex.getLocation() == null ? "" :
                " at column " + ex.getLocation().getColumnNr()) + ": " + ex.getOriginalMessage(), ex);
        }
        catch (final IOException ex)
        {
            throw new EventFilterException("filter could not be read: " + ex.getMessage(), ex);
        }
    }

    private static Expression all(final JsonParser parser, final int depth) throws IOException
    {
        final List<Expression> operands = filters(parser, depth);
        return operands.isEmpty() ? new Expression.BooleanLiteral(0, true) : join(LogicOperator.AND, operands);
    }

    // At the first token of a filter, and then at its last one.
    private static Expression filter(final JsonParser parser, final int depth) throws IOException
    {
        if (depth > MAX_DEPTH)
        {
            throw problem(parser, "filters are more than " + MAX_DEPTH + " levels deep, nest less deep");
        }
        if (parser.currentToken() != JsonToken.START_OBJECT || parser.nextToken() != JsonToken.FIELD_NAME)
        {
            throw problem(parser, "a filter is an object with one dialect, write for example " +
                "{\"exact\":{\"type\":\"order.created\"}}");
        }
        final String dialect = parser.currentName();
        parser.nextToken();
        final Expression expression = ofDialect(dialect, parser, depth);
        if (parser.nextToken() != JsonToken.END_OBJECT)
        {
            throw problem(parser, "a filter has one dialect, and '" + parser.currentName() +
                "' is another one; put both into {\"all\":[…]}");
        }
        return expression;
    }

    private static Expression ofDialect(final String dialect, final JsonParser parser, final int depth)
        throws IOException
    {
        return switch (dialect)
        {
            case "exact", "prefix", "suffix" -> attributes(dialect, parser);
            case "all", "any" -> several(dialect, parser, depth);
            case "not" -> new Not(0, filter(parser, depth + 1));
            case "sql" ->
            {
                if (parser.currentToken() != JsonToken.VALUE_STRING)
                {
                    throw problem(parser, "sql holds a text, write for example {\"sql\":\"type LIKE 'order.%'\"}");
                }
                yield new Certainly(0, EventFilter.of(parser.getText()).expression());
            }
            default -> throw problem(
                parser, "there is no dialect '" + dialect + "', use exact, prefix, suffix, all, any, not or sql");
        };
    }

    private static Expression several(final String dialect, final JsonParser parser, final int depth)
        throws IOException
    {
        if (parser.currentToken() != JsonToken.START_ARRAY)
        {
            throw problem(parser, dialect + " holds an array of filters");
        }
        final List<Expression> operands = filters(parser, depth);
        if (operands.isEmpty())
        {
            throw problem(parser, dialect + " holds no filter, give at least one");
        }
        return join("all".equals(dialect) ? LogicOperator.AND : LogicOperator.OR, operands);
    }

    private static List<Expression> filters(final JsonParser parser, final int depth) throws IOException
    {
        final List<Expression> operands = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY)
        {
            operands.add(filter(parser, depth + 1));
        }
        return operands;
    }

    private static Expression attributes(final String dialect, final JsonParser parser) throws IOException
    {
        if (parser.currentToken() != JsonToken.START_OBJECT)
        {
            throw problem(parser, dialect + " holds an object of attributes and their texts");
        }
        final List<Expression> operands = new ArrayList<>();
        while (parser.nextToken() == JsonToken.FIELD_NAME)
        {
            final String name = parser.currentName();
            if (parser.nextToken() != JsonToken.VALUE_STRING || name.isEmpty() || parser.getText().isEmpty())
            {
                throw problem(parser, "'" + name + "' of " + dialect + " needs a name and a text that are not empty");
            }
            operands.add(new Certainly(0, attribute(dialect, reference(name), parser.getText())));
        }
        if (operands.isEmpty())
        {
            throw problem(parser, dialect + " holds no attribute, give at least one");
        }
        return join(LogicOperator.AND, operands);
    }

    private static Expression reference(final String name)
    {
        final FilterField field = FilterField.of(name);
        return field == null ? new ExtensionReference(0, name) : new FieldReference(0, field);
    }

    private static Expression attribute(final String dialect, final Expression attribute, final String text)
    {
        return switch (dialect)
        {
            case "exact" ->
                new Comparison(0, ComparisonOperator.EQUAL, attribute, new TextLiteral(0, text));
            case "prefix" -> prefix(attribute, text);
            default -> new Like(0, attribute, "%" + escaped(text));
        };
    }

    private static Expression prefix(final Expression attribute, final String text)
    {
        if (!text.endsWith("\\"))
        {
            return new Like(0, attribute, escaped(text) + "%");
        }
        // That would take the meaning of the wild card away.
        final IntegerLiteral length = new IntegerLiteral(0, text.codePointCount(0, text.length()));
        return new Comparison(
            0,
            ComparisonOperator.EQUAL,
            new Call(0, FilterFunction.LEFT, List.of(attribute, length)),
            new TextLiteral(0, text));
    }

    private static String escaped(final String text)
    {
        return text.replace("%", "\\%").replace("_", "\\_").replace("*", "\\*");
    }

    private static Expression join(final LogicOperator operator, final List<Expression> operands)
    {
        return operands.size() == 1 ? operands.get(0) : new Logic(0, operator, List.copyOf(operands));
    }

    private static EventFilterException problem(final JsonParser parser, final String reason)
    {
        return FilterProblem.at(parser.currentTokenLocation().getColumnNr(), reason);
    }
}
