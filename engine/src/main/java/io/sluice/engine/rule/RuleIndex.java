package io.sluice.engine.rule;

import io.sluice.event.EventHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.collections.Long2ObjectHashMap;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Finds the rules whose pattern matches a type, in the order of the rules, without asking all of them: a pattern that
 * begins with a name is asked only for types that begin with it. Immutable, shared between threads; allocates nothing
 * after construction.
 */
final class RuleIndex
{
    private static final int[] NONE = {};

    private final RoutingRule[] rules;
    private final Long2ObjectHashMap<int[]> byFirstName = new Long2ObjectHashMap<>();
    private int[] others = NONE;

    RuleIndex(final List<RoutingRule> rules)
    {
        this.rules = rules.toArray(new RoutingRule[0]);
        for (int i = 0; i < this.rules.length; i++)
        {
            final String pattern = this.rules[i].pattern().text();
            final int dot = pattern.indexOf('.');
            final String first = dot < 0 ? pattern : pattern.substring(0, dot);
            if (first.indexOf('*') >= 0)
            {
                others = with(others, i);
            }
            else
            {
                final byte[] utf8 = first.getBytes(StandardCharsets.UTF_8);
                final long hash = EventHash.hash64(new UnsafeBuffer(utf8), 0, utf8.length);
                byFirstName.put(hash, with(byFirstName.getOrDefault(hash, NONE), i));
            }
        }
    }

    /** @return number of rules. */
    int size()
    {
        return rules.length;
    }

    /** @return the rule at a place. */
    RoutingRule rule(final int place)
    {
        return rules[place];
    }

    /** @return how many patterns are asked for a type. */
    int candidates(final DirectBuffer buffer, final int offset, final int length)
    {
        return others.length + named(buffer, offset, length).length;
    }

    /**
     * Find the rules for a type.
     *
     * @param places gets their places in ascending order; as long as there are rules.
     * @return how many there are.
     */
    int find(final DirectBuffer buffer, final int offset, final int length, final int[] places)
    {
        final int[] named = named(buffer, offset, length);
        int count = 0;
        int n = 0;
        int o = 0;
        while (n < named.length || o < others.length)
        {
            final boolean isNamed = o == others.length || n < named.length && named[n] < others[o];
            final int place = isNamed ? named[n++] : others[o++];
            if (rules[place].pattern().matches(buffer, offset, length))
            {
                places[count++] = place;
            }
        }
        return count;
    }

    private int[] named(final DirectBuffer buffer, final int offset, final int length)
    {
        int first = 0;
        while (first < length && buffer.getByte(offset + first) != '.')
        {
            first++;
        }
        final int[] found = byFirstName.get(EventHash.hash64(buffer, offset, first));
        return found == null ? NONE : found;
    }

    private static int[] with(final int[] places, final int place)
    {
        final int[] longer = Arrays.copyOf(places, places.length + 1);
        longer[places.length] = place;
        return longer;
    }
}
