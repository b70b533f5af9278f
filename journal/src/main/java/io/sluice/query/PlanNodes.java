package io.sluice.query;

import io.sluice.event.Category;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventValidationException;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import io.sluice.event.filter.EventFilter;
import io.sluice.index.IndexKey;
import io.sluice.index.IndexSegment;
import io.sluice.index.IndexText;
import io.sluice.index.Ordinals;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.agrona.concurrent.UnsafeBuffer;

/** The demands that an index can answer. */
final class PlanNodes
{
    // Fits a type and a source of the greatest length.
    private static final int RECORD_LENGTH = 1 << 10;

    private PlanNodes()
    {
    }

    /** A demand on one thing that a segment knows. */
    private abstract static class SegmentNode extends PlanNode
    {
        private IndexSegment segment;

        @Override
        void enter(final IndexSegment entered)
        {
            segment = entered;
        }

        final IndexSegment segment()
        {
            return segment;
        }
    }

    /** A key is one of some. */
    static final class KeyNode extends SegmentNode
    {
        private final IndexKey key;
        private final int[] hashes;
        private final long leastVersion;

        /**
         * @param key          that is looked for.
         * @param hashes       of what it may be.
         * @param leastVersion of an aggregate.
         */
        KeyNode(final IndexKey key, final int[] hashes, final long leastVersion)
        {
            this.key = key;
            this.hashes = hashes;
            this.leastVersion = leastVersion;
        }

        @Override
        boolean isListing()
        {
            return true;
        }

        @Override
        void list(final Ordinals result)
        {
            final int before = result.size();
            for (final int hash : hashes)
            {
                if (hash != IndexKey.ABSENT)
                {
                    segment().find(key, hash, leastVersion, result);
                }
            }
            if (hashes.length > 1 && result.size() > before)
            {
                result.sort();
            }
        }
    }

    /** A part of the filter is true for the type, or the source. */
    static final class TextNode extends SegmentNode
    {
        private final IndexText text;
        private final EventFilter filter;
        private final Map<String, Boolean> known = new HashMap<>();
        private boolean[] allowed;

        TextNode(final IndexText text, final EventFilter filter)
        {
            this.text = text;
            this.filter = filter;
        }

        @Override
        void enter(final IndexSegment entered)
        {
            super.enter(entered);
            final List<String> texts = entered.texts(text);
            allowed = new boolean[texts.size() + 1];
            allowed[IndexText.NONE] = isAllowed("");
            for (int i = 0; i < texts.size(); i++)
            {
                allowed[i + 1] = isAllowed(texts.get(i));
            }
        }

        @Override
        void select(final int zone, final long[] bits)
        {
            segment().selectTexts(text, zone, allowed, bits);
        }

        @Override
        boolean mayMatch(final int ordinal)
        {
            return segment().hasText(text, ordinal, allowed);
        }

        private boolean isAllowed(final String value)
        {
            return known.computeIfAbsent(value, (asked) -> matches(filter, (event) ->
                text == IndexText.SOURCE ? event.type("any").source(asked) :
                asked.isEmpty() ? null : event.type(asked)));
        }
    }

    /** A part of the filter is true for priority and category. */
    static final class LevelNode extends SegmentNode
    {
        private final int allowed;

        LevelNode(final EventFilter filter)
        {
            int bits = 0;
            for (final Priority priority : Priority.values())
            {
                for (final Category category : Category.values())
                {
                    if (matches(filter, (event) -> event.type("any").priority(priority).category(category)))
                    {
                        bits |= 1 << (priority.code() + Priority.COUNT * category.code());
                    }
                }
            }
            allowed = bits;
        }

        @Override
        void select(final int zone, final long[] bits)
        {
            segment().selectLevels(zone, allowed, bits);
        }

        @Override
        boolean mayMatch(final int ordinal)
        {
            return segment().hasLevel(ordinal, allowed);
        }
    }

    /** A time lies in a range. */
    static final class TimeNode extends SegmentNode
    {
        private final boolean isJournalTime;
        private final long fromNs;
        private final long toNs;

        TimeNode(final boolean isJournalTime, final long fromNs, final long toNs)
        {
            this.isJournalTime = isJournalTime;
            this.fromNs = fromNs;
            this.toNs = toNs;
        }

        @Override
        boolean mayHold(final int zone)
        {
            final long least = isJournalTime ? segment().leastJournalTime(zone) : segment().leastEventTime(zone);
            final long greatest =
                isJournalTime ? segment().greatestJournalTime(zone) : segment().greatestEventTime(zone);
            return least <= toNs && greatest >= fromNs;
        }

        @Override
        boolean mayMatch(final int ordinal)
        {
            return mayHold(ordinal / segment().zoneEvents());
        }
    }

    /** The sequence lies in a range. */
    static final class SequenceNode extends SegmentNode
    {
        private final long from;
        private final long to;

        SequenceNode(final long from, final long to)
        {
            this.from = from;
            this.to = to;
        }

        @Override
        boolean mayHold(final int zone)
        {
            final long first = segment().firstSequence() + (long)zone * segment().zoneEvents();
            return first <= to && first + segment().zoneEvents() > from;
        }

        @Override
        boolean mayMatch(final int ordinal)
        {
            final long sequence = segment().firstSequence() + ordinal;
            return sequence >= from && sequence <= to;
        }
    }

    /** Demands that are joined. */
    private abstract static class JoinNode extends PlanNode
    {
        final List<PlanNode> nodes;
        private final boolean isListing;
        private long[] scratch = {};

        private JoinNode(final List<PlanNode> nodes, final boolean isListing)
        {
            this.nodes = nodes;
            this.isListing = isListing;
        }

        @Override
        final void enter(final IndexSegment segment)
        {
            nodes.forEach((node) -> node.enter(segment));
        }

        @Override
        final boolean isListing()
        {
            return isListing;
        }

        final long[] scratch(final int length)
        {
            scratch = scratch.length == length ? scratch : new long[length];
            return scratch;
        }
    }

    /** All demands are fulfilled. */
    static final class AllNode extends JoinNode
    {
        private final Ordinals other = new Ordinals();

        AllNode(final List<PlanNode> nodes)
        {
            super(nodes, nodes.stream().anyMatch(PlanNode::isListing));
        }

        @Override
        void list(final Ordinals result)
        {
            boolean isFirst = true;
            for (final PlanNode node : nodes)
            {
                if (node.isListing() && (isFirst || result.size() > 0))
                {
                    if (isFirst)
                    {
                        node.list(result);
                        isFirst = false;
                    }
                    else
                    {
                        other.clear();
                        node.list(other);
                        result.retain(other);
                    }
                }
            }
        }

        @Override
        boolean mayHold(final int zone)
        {
            for (final PlanNode node : nodes)
            {
                if (!node.mayHold(zone))
                {
                    return false;
                }
            }
            return true;
        }

        @Override
        void select(final int zone, final long[] bits)
        {
            super.select(zone, bits);
            final long[] scratch = scratch(bits.length);
            for (final PlanNode node : nodes)
            {
                node.select(zone, scratch);
                for (int i = 0; i < bits.length; i++)
                {
                    bits[i] &= scratch[i];
                }
            }
        }

        @Override
        boolean mayMatch(final int ordinal)
        {
            for (final PlanNode node : nodes)
            {
                if (!node.mayMatch(ordinal))
                {
                    return false;
                }
            }
            return true;
        }
    }

    /** At least one demand is fulfilled. */
    static final class AnyNode extends JoinNode
    {
        private final Ordinals part = new Ordinals();

        AnyNode(final List<PlanNode> nodes)
        {
            super(nodes, nodes.stream().allMatch(PlanNode::isListing));
        }

        @Override
        void list(final Ordinals result)
        {
            for (final PlanNode node : nodes)
            {
                part.clear();
                node.list(part);
                for (int i = 0; i < part.size(); i++)
                {
                    // A list leaves out what is not of its own: the others of an AND around it.
                    if (node.mayMatch(part.get(i)))
                    {
                        result.add(part.get(i));
                    }
                }
            }
            result.sort();
        }

        @Override
        boolean mayHold(final int zone)
        {
            for (final PlanNode node : nodes)
            {
                if (node.mayHold(zone))
                {
                    return true;
                }
            }
            return false;
        }

        @Override
        void select(final int zone, final long[] bits)
        {
            Arrays.fill(bits, 0L);
            final long[] scratch = scratch(bits.length);
            for (final PlanNode node : nodes)
            {
                if (node.mayHold(zone))
                {
                    node.select(zone, scratch);
                    for (int i = 0; i < bits.length; i++)
                    {
                        bits[i] |= scratch[i];
                    }
                }
            }
        }

        @Override
        boolean mayMatch(final int ordinal)
        {
            for (final PlanNode node : nodes)
            {
                if (node.mayMatch(ordinal))
                {
                    return true;
                }
            }
            return false;
        }
    }

    /** @return whether a filter is true for an event, or might be: no such event can be made to ask it. */
    private static boolean matches(final EventFilter filter, final UnaryOperator<EventBuilder> setter)
    {
        try
        {
            final EventBuilder event = setter.apply(new EventBuilder());
            if (event == null)
            {
                return true;
            }
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[RECORD_LENGTH]);
            event.encode(new EventEncoder(), buffer, 0, RECORD_LENGTH, new EventDefaults(() -> 0, new IdGenerator(0)));
            return filter.matches(new EventFlyweight().wrap(buffer, 0));
        }
        catch (final EventValidationException ex)
        {
            return true;
        }
    }
}
