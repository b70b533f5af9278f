package io.sluice.engine.rule;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/**
 * All counts of the rule of one name: a tally for each thread that routes, which it opens and closes, and one that
 * publishers share. Thread-safe.
 */
final class RuleCounters
{
    private final List<RuleTally> tallies = new ArrayList<>();
    private final long[] closed = new long[RuleCounter.COUNT];
    private final LongAdder[] shared = new LongAdder[RuleCounter.COUNT];

    RuleCounters()
    {
        for (int i = 0; i < shared.length; i++)
        {
            shared[i] = new LongAdder();
        }
    }

    synchronized RuleTally open()
    {
        final RuleTally tally = new RuleTally();
        tallies.add(tally);
        return tally;
    }

    synchronized void close(final RuleTally tally)
    {
        if (tallies.remove(tally))
        {
            for (final RuleCounter counter : RuleCounter.values())
            {
                closed[counter.ordinal()] += tally.get(counter);
            }
        }
    }

    /** Count what a publisher's thread did. */
    void addShared(final RuleCounter counter)
    {
        shared[counter.ordinal()].increment();
    }

    synchronized long get(final RuleCounter counter)
    {
        long sum = closed[counter.ordinal()] + shared[counter.ordinal()].sum();
        for (final RuleTally tally : tallies)
        {
            sum += tally.get(counter);
        }
        return sum;
    }

    RuleStats stats(final RoutingRule rule)
    {
        return new RuleStats(
            rule,
            get(RuleCounter.LOOKED_AT),
            get(RuleCounter.MATCHED),
            get(RuleCounter.TRANSFORMED),
            get(RuleCounter.REROUTED),
            get(RuleCounter.DIVERTED),
            get(RuleCounter.COPIED),
            get(RuleCounter.DISCARDED),
            get(RuleCounter.SAMPLED_OUT),
            get(RuleCounter.PRIORITIZED),
            get(RuleCounter.SKIPPED),
            get(RuleCounter.FAILED),
            get(RuleCounter.ABSENT));
    }
}
