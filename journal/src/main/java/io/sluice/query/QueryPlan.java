package io.sluice.query;

import io.sluice.event.EventField;
import io.sluice.event.filter.FilterDemand;
import io.sluice.index.IndexKey;
import io.sluice.index.IndexText;
import java.util.ArrayList;
import java.util.List;

/** How a query uses an index: the demands of its filter that the index can answer. */
final class QueryPlan
{
    private final PlanNode root;
    private final long from;
    private final long to;

    private QueryPlan(final PlanNode root, final long from, final long to)
    {
        this.root = root;
        this.from = from;
        this.to = to;
    }

    static QueryPlan of(final FilterDemand demand)
    {
        long from = 1;
        long to = Long.MAX_VALUE;
        for (final FilterDemand part : flat(demand))
        {
            if (part instanceof FilterDemand.Sequences sequences)
            {
                from = Math.max(from, sequences.from());
                to = Math.min(to, sequences.to());
            }
        }
        return new QueryPlan(node(demand), from, to);
    }

    /** @return null if the index is of no use. */
    PlanNode root()
    {
        return root;
    }

    /** @return least sequence of an event that can match. */
    long from()
    {
        return from;
    }

    /** @return greatest sequence of an event that can match. */
    long to()
    {
        return to;
    }

    private static PlanNode node(final FilterDemand demand)
    {
        if (demand instanceof FilterDemand.All all)
        {
            return all(flat(all));
        }
        if (demand instanceof FilterDemand.Any any)
        {
            final List<PlanNode> nodes = new ArrayList<>();
            for (final FilterDemand part : any.demands())
            {
                final PlanNode node = node(part);
                if (node == null)
                {
                    return null;
                }
                nodes.add(node);
            }
            return new PlanNodes.AnyNode(nodes);
        }
        if (demand instanceof FilterDemand.Part part)
        {
            return switch (part.scope())
            {
                case TYPE -> new PlanNodes.TextNode(IndexText.TYPE, part.filter());
                case SOURCE -> new PlanNodes.TextNode(IndexText.SOURCE, part.filter());
                case LEVEL -> new PlanNodes.LevelNode(part.filter());
            };
        }
        if (demand instanceof FilterDemand.Within within)
        {
            return new PlanNodes.TimeNode(within.isJournalTime(), within.fromNs(), within.toNs());
        }
        if (demand instanceof FilterDemand.Sequences sequences)
        {
            return new PlanNodes.SequenceNode(sequences.from(), sequences.to());
        }
        return demand instanceof FilterDemand.OneOf oneOf ? key(oneOf) : null;
    }

    private static PlanNode all(final List<FilterDemand> demands)
    {
        final List<PlanNode> nodes = new ArrayList<>();
        final PlanNode aggregate = aggregate(demands);
        if (aggregate != null)
        {
            nodes.add(aggregate);
        }
        for (final FilterDemand demand : demands)
        {
            final PlanNode node = node(demand);
            if (node != null)
            {
                nodes.add(node);
            }
        }
        return nodes.isEmpty() ? null : nodes.size() == 1 ? nodes.get(0) : new PlanNodes.AllNode(nodes);
    }

    /** @return demands that must all be fulfilled, those of demands within demands among them. */
    private static List<FilterDemand> flat(final FilterDemand demand)
    {
        if (!(demand instanceof FilterDemand.All all))
        {
            return List.of(demand);
        }
        final List<FilterDemand> parts = new ArrayList<>();
        all.demands().forEach((part) -> parts.addAll(flat(part)));
        return parts;
    }

    private static PlanNode key(final FilterDemand.OneOf demand)
    {
        final IndexKey key = switch (demand.field())
        {
            case ID -> IndexKey.ID;
            case CORRELATION_ID -> IndexKey.CORRELATION;
            case CAUSATION_ID -> IndexKey.CAUSATION;
            case SESSION_ID -> IndexKey.SESSION;
            case WORKFLOW_ID -> IndexKey.WORKFLOW;
            default -> null;
        };
        return key == null ? null : new PlanNodes.KeyNode(
            key, demand.values().stream().mapToInt(key::hash).distinct().toArray(), Long.MIN_VALUE);
    }

    /** Both of its fields are one key. */
    private static PlanNode aggregate(final List<FilterDemand> demands)
    {
        final FilterDemand.OneOf types = find(demands, EventField.AGGREGATE_TYPE);
        final FilterDemand.OneOf ids = find(demands, EventField.AGGREGATE_ID);
        if (types == null || ids == null)
        {
            return null;
        }
        long leastVersion = Long.MIN_VALUE;
        for (final FilterDemand demand : demands)
        {
            if (demand instanceof FilterDemand.LeastVersion version)
            {
                leastVersion = Math.max(leastVersion, version.version());
            }
        }
        final int[] hashes = types.values().stream()
            .flatMapToInt((type) -> ids.values().stream().mapToInt((id) -> IndexKey.ofAggregate(type, id)))
            .distinct()
            .toArray();
        return new PlanNodes.KeyNode(IndexKey.AGGREGATE, hashes, leastVersion);
    }

    private static FilterDemand.OneOf find(final List<FilterDemand> demands, final EventField field)
    {
        for (final FilterDemand demand : demands)
        {
            if (demand instanceof FilterDemand.OneOf oneOf && oneOf.field() == field)
            {
                return oneOf;
            }
        }
        return null;
    }
}
