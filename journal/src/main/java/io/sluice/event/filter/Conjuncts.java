package io.sluice.event.filter;

import io.sluice.event.filter.Expression.Arithmetic;
import io.sluice.event.filter.Expression.BooleanLiteral;
import io.sluice.event.filter.Expression.Call;
import io.sluice.event.filter.Expression.Certainly;
import io.sluice.event.filter.Expression.Comparison;
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
import java.util.ArrayList;
import java.util.List;

/** A filter taken apart into conditions that must all hold. Stateless. */
final class Conjuncts
{
    private Conjuncts()
    {
    }

    /**
     * An AND is true if and only if each of its operands is true, without an error, after a cast to a truth value: one
     * that is false makes it false, one with an error makes it an error or false, and neither matches.
     *
     * @param expression of a filter.
     * @return the operands of its outermost ANDs, the expression itself if it is none.
     */
    static List<Expression> of(final Expression expression)
    {
        final List<Expression> conjuncts = new ArrayList<>();
        collect(expression, conjuncts);
        return conjuncts;
    }

    /** @return true if the value of an expression is the same for all events of one type and priority. */
    static boolean isOfTypeAndPriority(final Expression expression)
    {
        if (expression instanceof BooleanLiteral || expression instanceof IntegerLiteral ||
            expression instanceof DecimalLiteral || expression instanceof TextLiteral)
        {
            return true;
        }
        if (expression instanceof FieldReference reference)
        {
            return reference.field() == FilterField.TYPE || reference.field() == FilterField.PRIORITY;
        }
        if (expression instanceof PathReference || expression instanceof ExtensionReference)
        {
            return false;
        }
        return operands(expression).stream().allMatch(Conjuncts::isOfTypeAndPriority);
    }

    private static void collect(final Expression expression, final List<Expression> conjuncts)
    {
        if (expression instanceof Logic logic && logic.operator() == LogicOperator.AND)
        {
            logic.operands().forEach((operand) -> collect(operand, conjuncts));
        }
        else
        {
            conjuncts.add(expression);
        }
    }

    private static List<Expression> operands(final Expression expression)
    {
        if (expression instanceof Logic logic)
        {
            return logic.operands();
        }
        if (expression instanceof Comparison comparison)
        {
            return List.of(comparison.left(), comparison.right());
        }
        if (expression instanceof Arithmetic arithmetic)
        {
            return List.of(arithmetic.left(), arithmetic.right());
        }
        if (expression instanceof Contains contains)
        {
            return List.of(contains.operand(), contains.part());
        }
        if (expression instanceof In in)
        {
            final List<Expression> all = new ArrayList<>(in.elements());
            all.add(in.operand());
            return all;
        }
        if (expression instanceof Call call)
        {
            return call.arguments();
        }
        return List.of(onlyOperand(expression));
    }

    private static Expression onlyOperand(final Expression expression)
    {
        if (expression instanceof Not not)
        {
            return not.operand();
        }
        if (expression instanceof Certainly certainly)
        {
            return certainly.operand();
        }
        if (expression instanceof Negation negation)
        {
            return negation.operand();
        }
        if (expression instanceof Exists exists)
        {
            return exists.operand();
        }
        if (expression instanceof Like like)
        {
            return like.operand();
        }
        if (expression instanceof Matches matches)
        {
            return matches.operand();
        }
        if (expression instanceof Regexp regexp)
        {
            return regexp.operand();
        }
        throw new IllegalStateException(expression.toString());
    }
}
