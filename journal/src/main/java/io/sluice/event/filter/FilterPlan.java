package io.sluice.event.filter;

import java.util.ArrayList;
import java.util.List;

/**
 * A filter of a set, in two parts that must both hold: what type and priority decide, and the rest. Not thread-safe.
 */
final class FilterPlan
{
    private static final Node[] NONE = new Node[0];

    private final EventFilter filter;
    private final boolean isCast;
    private final Node[] header;
    private final Node[] rest;
    private final boolean hasPaths;

    /**
     * @param filter to compile.
     * @param input  that both parts will be evaluated with.
     */
    FilterPlan(final EventFilter filter, final FilterInput input)
    {
        this.filter = filter;
        final List<Expression> conjuncts = Conjuncts.of(filter.expression());
        // Operands of AND are cast to a truth value; a filter that is only one condition is not.
        isCast = conjuncts.size() > 1;
        final NodeFactory factory = new NodeFactory(input);
        final int pathsBefore = input.pathCount();
        final List<Node> headerNodes = new ArrayList<>();
        final List<Node> restNodes = new ArrayList<>();
        for (final Expression conjunct : conjuncts)
        {
            (Conjuncts.isOfTypeAndPriority(conjunct) ? headerNodes : restNodes).add(factory.compile(conjunct));
        }
        header = headerNodes.toArray(NONE);
        rest = restNodes.toArray(NONE);
        hasPaths = input.pathCount() > pathsBefore;
    }

    EventFilter filter()
    {
        return filter;
    }

    /** @return true if the input keeps places for this filter that no filter before it needed. */
    boolean hasPaths()
    {
        return hasPaths;
    }

    /** @return true if type and priority of the event do not rule it out. */
    boolean headerHolds(final FilterInput input, final Value scratch)
    {
        return hold(header, input, scratch);
    }

    /** @return true if type and priority decide alone. */
    boolean isHeaderOnly()
    {
        return rest.length == 0;
    }

    /** @return true if the rest holds. */
    boolean restHolds(final FilterInput input, final Value scratch)
    {
        return hold(rest, input, scratch);
    }

    private boolean hold(final Node[] nodes, final FilterInput input, final Value scratch)
    {
        for (final Node node : nodes)
        {
            node.evaluate(input, scratch);
            if (isCast && scratch.error == null)
            {
                Casts.toBoolean(scratch);
            }
            if (scratch.error != null || scratch.kind != ValueKind.BOOLEAN || !scratch.isTrue())
            {
                return false;
            }
        }
        return true;
    }
}
