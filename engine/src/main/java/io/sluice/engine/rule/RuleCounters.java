package io.sluice.engine.rule;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/**
 * All counts of the rule of one name: a tally for each thread that routes, which it opens and closes, outcomes that
 * are the same for many events, and one that publishers share. Thread-safe.
 */
final class RuleCounters
{
    private final List<RuleTally> tallies = new ArrayList<>();
    private final Map<SteadyOutcome, Integer> outcomes = new HashMap<>();
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

    /** Count the events of an outcome from now on. */
    synchronized void open(final SteadyOutcome outcome, final int done)
    {
        outcomes.put(outcome, done);
    }

    /** There are no more events of it. */
    synchronized void close(final SteadyOutcome outcome)
    {
        final Integer done = outcomes.remove(outcome);
        for (int left = done == null ? 0 : done; left != 0; left &= left - 1)
        {
            closed[Integer.numberOfTrailingZeros(left)] += outcome.hits();
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
        for (final Map.Entry<SteadyOutcome, Integer> outcome : outcomes.entrySet())
        {
            sum += (outcome.getValue() & counter.bit()) == 0 ? 0 : outcome.getKey().hits();
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
