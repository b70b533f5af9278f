package io.sluice.event.filter;

import io.sluice.event.filter.Expression.Arithmetic;
import io.sluice.event.filter.Expression.Certainly;
import io.sluice.event.filter.Expression.Comparison;
import io.sluice.event.filter.Expression.Exists;
import io.sluice.event.filter.Expression.ExtensionReference;
import io.sluice.event.filter.Expression.In;
import io.sluice.event.filter.Expression.Like;
import io.sluice.event.filter.Expression.Logic;
import io.sluice.event.filter.Expression.Matches;
import io.sluice.event.filter.Expression.Negation;
import io.sluice.event.filter.Expression.Not;
import io.sluice.event.filter.Expression.PathReference;
import java.util.ArrayList;
import java.util.List;

/** Tells what looks at fields only from what reads JSON, makes texts or searches in them, which takes longer. */
final class FilterCost
{
    private FilterCost()
    {
    }

    /**
     * @param operands of AND or OR, whose result is the same in any order.
     * @return the cheap ones first, otherwise as they stood.
     */
    static List<Expression> cheapFirst(final List<Expression> operands)
    {
        final List<Expression> sorted = new ArrayList<>(operands.size());
        operands.stream().filter(FilterCost::isCheap).forEach(sorted::add);
        operands.stream().filter((operand) -> !isCheap(operand)).forEach(sorted::add);
        return sorted;
    }

    private static boolean isCheap(final Expression e)
    {
        if (e instanceof Logic x)
        {
            return x.operands().stream().allMatch(FilterCost::isCheap);
        }
        if (e instanceof Not x)
        {
            return isCheap(x.operand());
        }
        if (e instanceof Certainly x)
        {
            return isCheap(x.operand());
        }
        if (e instanceof Comparison x)
        {
            return isCheap(x.left()) && isCheap(x.right());
        }
        if (e instanceof Arithmetic x)
        {
            return isCheap(x.left()) && isCheap(x.right());
        }
        if (e instanceof Negation x)
        {
            return isCheap(x.operand());
        }
        if (e instanceof In x)
        {
            return isCheap(x.operand()) && x.elements().stream().allMatch(FilterCost::isCheap);
        }
        if (e instanceof Like x)
        {
            return isCheap(x.operand());
        }
        if (e instanceof Matches x)
        {
            return isCheap(x.operand());
        }
        return e instanceof Exists x ? isCheap(x.operand()) : isField(e);
    }

    // Of documents also the whole text, which may be long.
    private static boolean isField(final Expression e)
    {
        return !(e instanceof PathReference || e instanceof ExtensionReference || e instanceof Expression.Call ||
            e instanceof Expression.Regexp || e instanceof Expression.Contains);
    }
}
