package io.sluice.event.filter;

import io.sluice.event.EventField;
import io.sluice.event.EventValidationException;
import io.sluice.event.Timestamps;
import io.sluice.event.filter.Expression.Arithmetic;
import io.sluice.event.filter.Expression.Call;
import io.sluice.event.filter.Expression.Certainly;
import io.sluice.event.filter.Expression.Comparison;
import io.sluice.event.filter.Expression.ComparisonOperator;
import io.sluice.event.filter.Expression.Contains;
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
import io.sluice.event.filter.FilterDemand.Scope;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads from an expression what an event must fulfil for it to be true. What it does not understand, it leaves open:
 * too few demands cost time, one too many would lose events.
 */
final class DemandReader
{
    private static final FilterDemand ANYTHING = new FilterDemand.Anything();

    private DemandReader()
    {
    }

    static FilterDemand read(final Expression expression)
    {
        if (expression instanceof Certainly certainly)
        {
            return read(certainly.operand());
        }
        final Scope scope = scopeOf(expression);
        if (scope != null && isTruth(expression))
        {
            return new FilterDemand.Part(scope, EventFilter.of(expression));
        }
        if (expression instanceof Logic logic)
        {
            return ofLogic(logic);
        }
        if (expression instanceof Comparison comparison)
        {
            return comparison.left() instanceof FieldReference reference ?
                ofComparison(reference.field(), comparison.operator(), comparison.right()) :
                comparison.right() instanceof FieldReference reference ?
                ofComparison(reference.field(), comparison.operator().mirrored(), comparison.left()) : ANYTHING;
        }
        return expression instanceof In in ? ofIn(in) : ANYTHING;
    }

    private static FilterDemand ofLogic(final Logic logic)
    {
        if (logic.operator() == LogicOperator.XOR)
        {
            return ANYTHING;
        }
        final boolean isAnd = logic.operator() == LogicOperator.AND;
        final List<FilterDemand> demands = new ArrayList<>();
        for (final Expression operand : logic.operands())
        {
            final FilterDemand demand = read(operand);
            if (demand != ANYTHING)
            {
                demands.add(demand);
            }
            else if (!isAnd)
            {
                return ANYTHING;
            }
        }
        return demands.isEmpty() ? ANYTHING :
            demands.size() == 1 ? demands.get(0) :
            isAnd ? new FilterDemand.All(List.copyOf(demands)) : new FilterDemand.Any(List.copyOf(demands));
    }

    private static FilterDemand ofComparison(
        final FilterField field, final ComparisonOperator operator, final Expression value)
    {
        if (value instanceof TextLiteral literal)
        {
            if (operator == ComparisonOperator.EQUAL && isText(field))
            {
                return new FilterDemand.OneOf(textOf(field), List.of(literal.value()));
            }
            if (field.isTime())
            {
                return ofTime(field, operator, literal.value());
            }
        }
        if (value instanceof IntegerLiteral literal)
        {
            final long[] range = range(operator, literal.value());
            if (field == FilterField.SEQUENCE)
            {
                return range == null ? ANYTHING : new FilterDemand.Sequences(range[0], range[1]);
            }
            if (field == FilterField.AGGREGATE_VERSION && range != null && range[0] != Long.MIN_VALUE)
            {
                return new FilterDemand.LeastVersion(range[0]);
            }
        }
        return ANYTHING;
    }

    private static FilterDemand ofTime(
        final FilterField field, final ComparisonOperator operator, final String literal)
    {
        try
        {
            final long[] range = range(operator, Timestamps.parse(literal));
            return range == null ? ANYTHING :
                new FilterDemand.Within(field == FilterField.RECORDED, range[0], range[1]);
        }
        catch (final EventValidationException ex)
        {
            // The compiler of the filter refuses it.
            return ANYTHING;
        }
    }

    /** @return least and greatest value, null if there are two ranges. */
    private static long[] range(final ComparisonOperator operator, final long value)
    {
        return switch (operator)
        {
            case EQUAL -> new long[] {value, value};
            case LESS -> new long[] {Long.MIN_VALUE, value == Long.MIN_VALUE ? value : value - 1};
            case LESS_OR_EQUAL -> new long[] {Long.MIN_VALUE, value};
            case GREATER -> new long[] {value == Long.MAX_VALUE ? value : value + 1, Long.MAX_VALUE};
            case GREATER_OR_EQUAL -> new long[] {value, Long.MAX_VALUE};
            case NOT_EQUAL -> null;
        };
    }

    private static FilterDemand ofIn(final In in)
    {
        if (!(in.operand() instanceof FieldReference reference) || !isText(reference.field()))
        {
            return ANYTHING;
        }
        final List<String> values = new ArrayList<>();
        for (final Expression element : in.elements())
        {
            if (!(element instanceof TextLiteral literal))
            {
                return ANYTHING;
            }
            values.add(literal.value());
        }
        return new FilterDemand.OneOf(textOf(reference.field()), List.copyOf(values));
    }

    private static boolean isText(final FilterField field)
    {
        return !field.isDocument() && (field == FilterField.ID || field.recordField() != null);
    }

    private static EventField textOf(final FilterField field)
    {
        return field == FilterField.ID ? EventField.ID : field.recordField();
    }

    /** @return true if it gives true or false, whatever the event. */
    private static boolean isTruth(final Expression expression)
    {
        return expression instanceof Comparison || expression instanceof Like || expression instanceof Matches ||
            expression instanceof Regexp || expression instanceof Contains || expression instanceof In ||
            expression instanceof Exists ||
            expression instanceof Not not && isTruth(not.operand()) ||
            expression instanceof Logic logic && logic.operands().stream().allMatch(DemandReader::isTruth);
    }

    /** @return the fields that it looks at, null if there are none or more than a scope has. */
    private static Scope scopeOf(final Expression expression)
    {
        final Set<Scope> scopes = EnumSet.noneOf(Scope.class);
        return addScopes(expression, scopes) && scopes.size() == 1 ? scopes.iterator().next() : null;
    }

    private static boolean addScopes(final Expression expression, final Set<Scope> scopes)
    {
        if (expression instanceof FieldReference reference)
        {
            switch (reference.field())
            {
                case TYPE -> scopes.add(Scope.TYPE);
                case SOURCE -> scopes.add(Scope.SOURCE);
                case PRIORITY, CATEGORY -> scopes.add(Scope.LEVEL);
                default ->
                {
                    return false;
                }
            }
            return true;
        }
        if (expression instanceof PathReference || expression instanceof ExtensionReference)
        {
            return false;
        }
        return partsOf(expression).allMatch((part) -> addScopes(part, scopes));
    }

    private static Stream<Expression> partsOf(final Expression expression)
    {
        if (expression instanceof Logic logic)
        {
            return logic.operands().stream();
        }
        if (expression instanceof Comparison comparison)
        {
            return Stream.of(comparison.left(), comparison.right());
        }
        if (expression instanceof Arithmetic arithmetic)
        {
            return Stream.of(arithmetic.left(), arithmetic.right());
        }
        if (expression instanceof In in)
        {
            return Stream.concat(Stream.of(in.operand()), in.elements().stream());
        }
        if (expression instanceof Call call)
        {
            return call.arguments().stream();
        }
        if (expression instanceof Contains contains)
        {
            return Stream.of(contains.operand(), contains.part());
        }
        return operandOf(expression).stream();
    }

    private static Optional<Expression> operandOf(final Expression expression)
    {
        return Optional.ofNullable(
            expression instanceof Not not ? not.operand() :
            expression instanceof Certainly certainly ? certainly.operand() :
            expression instanceof Negation negation ? negation.operand() :
            expression instanceof Like like ? like.operand() :
            expression instanceof Matches matches ? matches.operand() :
            expression instanceof Regexp regexp ? regexp.operand() :
            expression instanceof Exists exists ? exists.operand() : null);
    }
}
