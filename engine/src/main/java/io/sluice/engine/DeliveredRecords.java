package io.sluice.engine;

import io.sluice.engine.rule.RuleRun;
import io.sluice.event.EventFlyweight;

/**
 * Shows records of the journal as one subscription to all types gets them: as the rules that held for each make it, or
 * not at all, where they discard it or send it elsewhere. For those who read the journal themselves where the
 * subscription did not have the events, and want the same.
 *
 * <p>One thread at a time. Never blocks; allocates nothing for an event that no rule matches.
 */
public final class DeliveredRecords implements AutoCloseable
{
    private final String name;
    private final Subscriptions subscriptions;
    private final RuleRun run;
    private RuleTargets targets;

    DeliveredRecords(final String name, final Subscriptions subscriptions, final RuleRun run)
    {
        this.name = name;
        this.subscriptions = subscriptions;
        this.run = run;
        targets = new RuleTargets(subscriptions.current());
    }

    /**
     * @param record of the journal, a view.
     * @return it, or what the rules make of it, valid until the next call; null if the subscription does not get it.
     */
    public EventFlyweight delivered(final EventFlyweight record)
    {
        if (!run.apply(record))
        {
            return record;
        }
        return run.isDiscarded() || !isSentHere(record.sequence()) ? null : run.event();
    }

    @Override
    public void close()
    {
        run.close();
    }

    private boolean isSentHere(final long sequence)
    {
        final String divertTarget = run.divertTarget();
        if (divertTarget == null || divertTarget.equals(name))
        {
            return true;
        }
        for (int i = 0; i < run.copyCount(); i++)
        {
            if (run.copyTarget(i).equals(name))
            {
                return true;
            }
        }
        final SubscriptionTable current = subscriptions.current();
        if (targets.table().generation() != current.generation())
        {
            targets = new RuleTargets(current);
        }
        // A name that nobody has counts as not said.
        return !targets.isThere(divertTarget, sequence);
    }
}
