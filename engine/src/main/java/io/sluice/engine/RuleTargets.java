package io.sluice.engine;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The subscriptions of a table by name, for rules that divert or copy. A durable one is there while it is registered,
 * whether it has a handler or not: it finds the event in the journal. Immutable.
 */
final class RuleTargets
{
    private final SubscriptionTable table;
    private final Map<String, List<Subscription>> passing = new HashMap<>();

    RuleTargets(final SubscriptionTable table)
    {
        this.table = table;
        for (final Subscription one : table.all())
        {
            if (!one.spec().isDurable())
            {
                passing.computeIfAbsent(one.name(), name -> new ArrayList<>()).add(one);
            }
        }
    }

    SubscriptionTable table()
    {
        return table;
    }

    /**
     * Is there one of that name which gets an event? The answer stays the same for as long as there is, so that a
     * subscription that comes to the event later decides as one that came to it at once.
     *
     * @param name     of it.
     * @param sequence of the event.
     * @return false if the event would reach nobody there.
     */
    boolean isThere(final String name, final long sequence)
    {
        final Long durable = table.durable().get(name);
        if (durable != null && durable < sequence)
        {
            return true;
        }
        final List<Subscription> ofName = passing.get(name);
        if (ofName == null)
        {
            return false;
        }
        for (int i = 0; i < ofName.size(); i++)
        {
            final Subscription one = ofName.get(i);
            if (one.isActive() && one.since() < sequence)
            {
                return true;
            }
        }
        return false;
    }
}
