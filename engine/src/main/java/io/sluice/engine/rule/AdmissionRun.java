package io.sluice.engine.rule;

import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.util.List;

/**
 * Applies the rules that change the priority to events that are about to be admitted. They are asked in order, about
 * the priority that the publisher gave; where several match, the last one counts.
 *
 * <p>Not thread-safe: one for each thread that publishes. Never blocks. Without such rules a call costs one volatile
 * read. Allocates for types that are new, and where a filter looks at JSON.
 */
public final class AdmissionRun
{
    private final RuleTable table;
    private PreparedRules rules;
    private RuleVersion version;
    private PreparedTypes types;

    AdmissionRun(final RuleTable table)
    {
        this.table = table;
    }

    /**
     * @param event completed, not yet sequenced.
     * @return the priority to admit it with. To have it in the record, too, use {@link
     *         io.sluice.event.EventStamp#priority}.
     */
    public Priority priority(final EventFlyweight event)
    {
        final RuleVersion newest = table.versions().newest();
        if (newest.admission().size() == 0)
        {
            return event.priority();
        }
        if (newest != version)
        {
            turnTo(newest);
        }
        final int count = types.find(event);
        Priority priority = event.priority();
        if (count == 0)
        {
            return priority;
        }
        rules.look();
        for (int i = 0; i < count; i++)
        {
            final PreparedRule rule = types.matching()[i];
            if (event.priorityCode() > rule.minimumPriorityCode)
            {
                continue;
            }
            rule.counters.addShared(RuleCounter.LOOKED_AT);
            if (rules.matches(rule, event))
            {
                rule.counters.addShared(RuleCounter.MATCHED);
                if (rule.rule.priority() != event.priority())
                {
                    rule.counters.addShared(RuleCounter.PRIORITIZED);
                }
                priority = rule.rule.priority();
                if (rule.rule.stops())
                {
                    break;
                }
            }
        }
        return priority;
    }

    private void turnTo(final RuleVersion newest)
    {
        if (rules == null)
        {
            rules = new PreparedRules(table::counters, true);
        }
        types = new PreparedTypes(newest.admission(), rules);
        version = newest;
        rules.keepOnly(List.of(newest));
    }
}
