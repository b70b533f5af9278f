package io.sluice.event.filter;

import io.sluice.event.filter.Expression.Arithmetic;
import io.sluice.event.filter.Expression.BooleanLiteral;
import io.sluice.event.filter.Expression.Call;
import io.sluice.event.filter.Expression.Comparison;
import io.sluice.event.filter.Expression.ComparisonOperator;
import io.sluice.event.filter.Expression.Contains;
import io.sluice.event.filter.Expression.DecimalLiteral;
import io.sluice.event.filter.Expression.Exists;
import io.sluice.event.filter.Expression.ExtensionReference;
import io.sluice.event.filter.Expression.FieldReference;
import io.sluice.event.filter.Expression.In;
import io.sluice.event.filter.Expression.IntegerLiteral;
import io.sluice.event.filter.Expression.Like;
import io.sluice.event.filter.Expression.Logic;
import io.sluice.event.filter.Expression.LogicOperator;
import io.sluice.event.filter.Expression.Matches;
import io.sluice.event.filter.Expression.Negation;
import io.sluice.event.filter.Expression.Not;
import io.sluice.event.filter.Expression.PathReference;
import io.sluice.event.filter.Expression.Regexp;
import io.sluice.event.filter.Expression.TextLiteral;
import java.util.List;
import java.util.Locale;

/**
 * The language once more, as plainly as it can be written, over events as plain values. Only the parsed text is shared
 * with the filter that it is compared with. Not thread-safe.
 */
public final class NaiveFilter
{
    private static final List<String> PRIORITIES = List.of("low", "normal", "high", "critical");

    /** Boolean, Long, Double, {@link NaiveText}, {@link NaiveTime}, {@link NaiveJson}, or null for what is unknown. */
    private interface Part
    {
        Object of(NaiveEvent event);
    }

    private final NaiveTexts texts;
    private final Part root;

    private NaiveFilter(final Expression expression, final NaiveTexts texts)
    {
        this.texts = texts;
        root = part(expression);
    }

    /**
     * @param filter that is valid.
     * @param texts  of the events that it will look at.
     * @return the filter.
     */
    public static NaiveFilter of(final String filter, final NaiveTexts texts)
    {
        return new NaiveFilter(FilterReader.read(filter), texts);
    }

    /**
     * @param event to look at.
     * @return true if the filter is true, and not false or unknown.
     */
    public boolean matches(final NaiveEvent event)
    {
        return Boolean.TRUE.equals(root.of(event));
    }

    private Part part(final Expression e)
    {
        if (e instanceof BooleanLiteral x)
        {
            return constant(x.value());
        }
        if (e instanceof IntegerLiteral x)
        {
            return constant(x.value());
        }
        if (e instanceof DecimalLiteral x)
        {
            return constant(x.value());
        }
        if (e instanceof TextLiteral x)
        {
            return constant(texts.of(x.value()));
        }
        if (e instanceof FieldReference x)
        {
            return (event) -> event.field(x.field());
        }
        if (e instanceof ExtensionReference x)
        {
            return extension(x.name());
        }
        if (e instanceof PathReference x)
        {
            return path(x);
        }
        if (e instanceof Logic x)
        {
            return x.operator() == LogicOperator.XOR ? xor(x) : join(x, x.operator() == LogicOperator.OR);
        }
        if (e instanceof Not x)
        {
            return not(part(x.operand()));
        }
        if (e instanceof Comparison x)
        {
            return compare(x);
        }
        return condition(e);
    }

    private Part condition(final Expression e)
    {
        if (e instanceof Exists x)
        {
            final Part operand = part(x.operand());
            return (event) -> operand.of(event) != null;
        }
        if (e instanceof In x)
        {
            return in(x);
        }
        if (e instanceof Like x)
        {
            return test(part(x.operand()), NaivePattern.like(x.pattern(), texts));
        }
        if (e instanceof Matches x)
        {
            return test(part(x.operand()), NaivePattern.topic(x.pattern(), texts));
        }
        if (e instanceof Regexp x)
        {
            return test(part(x.operand()), NaivePattern.regexp(x.pattern(), texts));
        }
        if (e instanceof Contains x)
        {
            final Part whole = part(x.operand());
            final Part wanted = part(x.part());
            return (event) -> NaiveValues.contains(whole.of(event), wanted.of(event));
        }
        if (e instanceof Negation x)
        {
            final Part operand = part(x.operand());
            return (event) -> NaiveFunctions.negative(NaiveValues.number(operand.of(event)));
        }
        if (e instanceof Arithmetic x)
        {
            final Part left = part(x.left());
            final Part right = part(x.right());
            return (event) -> NaiveFunctions.calculate(
                x.operator(), NaiveValues.number(left.of(event)), NaiveValues.number(right.of(event)));
        }
        return call((Call)e);
    }

    private static Part constant(final Object value)
    {
        return (event) -> value;
    }

    private static Part extension(final String name)
    {
        final String lower = name.toLowerCase(Locale.ROOT);
        return (event) ->
        {
            final NaiveJson metadata = (NaiveJson)event.document(FilterField.METADATA);
            final Object value = metadata == null ? null : metadata.get(name);
            return value == null && metadata != null ? metadata.get(lower) : value;
        };
    }

    private static Part path(final PathReference reference)
    {
        final FilterField document = reference.document();
        if (reference.steps().isEmpty())
        {
            return (event) -> event.field(document);
        }
        final PathStep[] steps = reference.steps().toArray(new PathStep[0]);
        return (event) ->
        {
            Object at = event.document(document);
            for (final PathStep step : steps)
            {
                at = at instanceof NaiveJson json ?
                    step.name() != null ? json.get(step.name()) : json.get(step.index()) : null;
            }
            return at;
        };
    }

    private Part xor(final Logic logic)
    {
        final Part[] operands = parts(logic.operands());
        return (event) ->
        {
            boolean isOdd = false;
            for (final Part operand : operands)
            {
                final Boolean truth = NaiveValues.truth(operand.of(event));
                if (truth == null)
                {
                    return null;
                }
                isOdd ^= truth;
            }
            return isOdd;
        };
    }

    private Part join(final Logic logic, final Boolean decisive)
    {
        final Part[] operands = parts(logic.operands());
        return (event) ->
        {
            boolean isKnown = true;
            for (final Part operand : operands)
            {
                final Boolean truth = NaiveValues.truth(operand.of(event));
                if (decisive.equals(truth))
                {
                    return decisive;
                }
                isKnown &= truth != null;
            }
            return isKnown ? (Object)!decisive : null;
        };
    }

    private static Part not(final Part operand)
    {
        return (event) ->
        {
            final Object value = operand.of(event);
            // What can't be a truth value makes an error of it.
            final Boolean truth = value instanceof Long || value instanceof Double ? null : NaiveValues.truth(value);
            return truth == null ? null : (Object)!truth;
        };
    }

    private Part compare(final Comparison comparison)
    {
        final Part left = operand(comparison.left(), comparison.right());
        final Part right = operand(comparison.right(), comparison.left());
        final boolean isOrder = comparison.operator().isOrder();
        return (event) ->
        {
            final Object x = left.of(event);
            final Object y = right.of(event);
            final Integer order = isOrder ? NaiveValues.order(x, y) : NaiveValues.equality(x, y);
            return order == null ? null : (Object)holds(comparison.operator(), order);
        };
    }

    private static boolean holds(final ComparisonOperator operator, final int order)
    {
        return switch (operator)
        {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    /** @return what reads one side of a comparison: priorities and a literal are compared by how urgent they are. */
    private Part operand(final Expression side, final Expression other)
    {
        if (isField(side, FilterField.PRIORITY) && other instanceof TextLiteral)
        {
            return (event) -> urgency(event.field(FilterField.PRIORITY).toString());
        }
        if (side instanceof TextLiteral literal && isField(other, FilterField.PRIORITY))
        {
            return constant(urgency(literal.value()));
        }
        if (side instanceof TextLiteral literal && isField(other, FilterField.CATEGORY))
        {
            return constant(texts.of(word(literal.value())));
        }
        return part(side);
    }

    private Part in(final In in)
    {
        final Part operand = part(in.operand());
        final Part[] elements = in.elements().stream()
            .map((element) -> element instanceof TextLiteral literal && isWord(in.operand()) ?
                constant(texts.of(word(literal.value()))) : part(element))
            .toArray(Part[]::new);
        return (event) ->
        {
            final Object wanted = operand.of(event);
            if (wanted == null)
            {
                return null;
            }
            boolean isKnown = true;
            for (final Part element : elements)
            {
                final Integer order = NaiveValues.equality(element.of(event), wanted);
                if (order != null && order == 0)
                {
                    return true;
                }
                isKnown &= order != null;
            }
            return isKnown ? (Object)false : null;
        };
    }

    private static Part test(final Part operand, final NaivePattern pattern)
    {
        return (event) ->
        {
            final Object value = operand.of(event);
            return value == null ? null : (Object)pattern.matches(NaiveValues.text(value));
        };
    }

    private Part call(final Call call)
    {
        final Part[] arguments = parts(call.arguments());
        return (event) ->
        {
            final Object[] values = new Object[arguments.length];
            for (int i = 0; i < values.length; i++)
            {
                values[i] = arguments[i].of(event);
            }
            return NaiveFunctions.call(call, values);
        };
    }

    private Part[] parts(final List<Expression> expressions)
    {
        return expressions.stream().map(this::part).toArray(Part[]::new);
    }

    private static boolean isWord(final Expression expression)
    {
        return isField(expression, FilterField.PRIORITY) || isField(expression, FilterField.CATEGORY);
    }

    private static boolean isField(final Expression expression, final FilterField field)
    {
        return expression instanceof FieldReference reference && reference.field() == field;
    }

    private static String word(final String text)
    {
        return text.trim().toLowerCase(Locale.ROOT);
    }

    private static Long urgency(final String name)
    {
        return (long)PRIORITIES.indexOf(word(name));
    }
}
