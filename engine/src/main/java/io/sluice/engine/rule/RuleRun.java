package io.sluice.engine.rule;

import io.sluice.event.EventException;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.agrona.DirectBuffer;
import org.agrona.ErrorHandler;

/**
 * Applies the rules of a {@link RuleTable} to events, those that held for the sequence of each, and tells what becomes
 * of it.
 *
 * <pre>{@code
 * if (run.apply(event))
 * {
 *     // Something is different from plain delivery.
 *     deliver(run.event(), run.isDiscarded(), run.divertTarget(), …);
 * }
 * }</pre>
 *
 * <p>Two runs give the same answer for the same event, whenever they are asked, in whatever order. An event that a rule
 * can't change is delivered as it was journaled; that is counted, and reported when the count of its rule is a power of
 * two.
 *
 * <p>Not thread-safe: one for each thread that routes. Never blocks. Allocates nothing for a type that no rule matches,
 * and for one that was seen before and whose rules look at no JSON; a change of the table and a new type allocate once.
 * What {@link #apply} tells is valid until it is called again.
 */
public final class RuleRun implements AutoCloseable
{
    private static final int MOST_VERSIONS = 4;

    private record View(RuleVersion version, PreparedTypes types)
    {
    }

    private final RuleTable table;
    private final ErrorHandler errors;
    private final PreparedRules rules;
    private final RuleDraft draft;
    private final List<View> views = new ArrayList<>();
    private PreparedRule[] changers = new PreparedRule[8];
    private int changerCount;
    private PreparedRule[] sending = new PreparedRule[8];
    private PreparedRule[] senders = sending;
    private int senderCount;
    private RuleVersions versions;
    private View view;
    private long from = 1;
    private long end;
    private EventFlyweight event;
    private boolean isDecided;

    RuleRun(
        final RuleTable table,
        final int maxEventLength,
        final ErrorHandler errors,
        final Function<String, RuleCounters> counters)
    {
        this.table = table;
        this.errors = errors;
        rules = new PreparedRules(counters, false);
        draft = new RuleDraft(maxEventLength);
    }

    /**
     * Apply the rules that hold for an event.
     *
     * @param original as it is in the journal, sequenced.
     * @return false if the rules say nothing else than to deliver it, as it is, to those who want its type.
     */
    public boolean apply(final EventFlyweight original)
    {
        final long sequence = original.sequence();
        final RuleVersions latest = table.versions();
        if (latest != versions || sequence < from || sequence >= end)
        {
            turnTo(latest, sequence);
        }
        event = original;
        isDecided = false;
        final int count = view.types().isEmpty() ? 0 : view.types().find(original);
        if (count > 0)
        {
            final SteadyOutcome outcome = view.types().outcome(original, draft);
            if (outcome == null)
            {
                applyAll(view.types().matching(), count);
            }
            else
            {
                apply(outcome);
            }
        }
        return isDecided;
    }

    /** @return the event to deliver: the one that was given, or what rules made of it, in memory of this run. */
    public EventFlyweight event()
    {
        return event;
    }

    /** @return true if {@link #event()} is not as it was journaled. */
    public boolean isTransformed()
    {
        return isDecided && event != draft.original();
    }

    /** @return true if nobody gets it. */
    public boolean isDiscarded()
    {
        return isDecided && draft.isDiscarded();
    }

    /** @return name of the one subscription that gets it instead of those who want its topic, or null. */
    public String divertTarget()
    {
        return isDecided ? draft.divertTarget() : null;
    }

    /** @return how many subscriptions get it besides, wanted or not. */
    public int copyCount()
    {
        return isDecided ? draft.copyCount() : 0;
    }

    /**
     * @param index from 0, below {@link #copyCount()}.
     * @return name of a subscription that gets it besides; each once.
     */
    public String copyTarget(final int index)
    {
        return draft.copyTarget(index);
    }

    /** @return true if {@link #topicBuffer()} is not the type of {@link #event()}. */
    public boolean isRerouted()
    {
        return isDecided && draft.topic() != null;
    }

    /** @return holds the topic that subscriptions are to be matched with. */
    public DirectBuffer topicBuffer()
    {
        return isRerouted() ? draft.topic() : event.buffer();
    }

    /** @return where the topic begins in {@link #topicBuffer()}. */
    public int topicOffset()
    {
        return isRerouted() ? 0 : event.fieldOffset(EventField.TYPE);
    }

    /** @return length of the topic in bytes. */
    public int topicLength()
    {
        return isRerouted() ? draft.topic().capacity() : event.fieldLength(EventField.TYPE);
    }

    /** @return number of the version that held for the event. */
    public long version()
    {
        return view.version().number();
    }

    /**
     * Nobody is there to whom the event is to be diverted or copied: count that with the rules that say so, and report
     * it when such a count is a power of two.
     *
     * @param target a divert or copy target of the event just applied.
     */
    public void onAbsent(final String target)
    {
        for (int i = 0; i < senderCount; i++)
        {
            final PreparedRule rule = senders[i];
            if (sendsTo(rule, target))
            {
                rule.tally.add(RuleCounter.ABSENT);
                final long absent = rule.tally.get(RuleCounter.ABSENT);
                if (Long.bitCount(absent) == 1)
                {
                    errors.onError(new EventException(
                        "rule '" + rule.rule.name() + "' sends event " + event.sequence() + " of type " + event.type() +
                        " to '" + target + "', and no subscription has that name: it goes on as if that were not said" +
                        " (" + absent + " times so far); subscribe under that name, or change the rule"));
                }
            }
        }
    }

    /** Give the counts of this run back to the table. Idempotent; it may not be used again. */
    @Override
    public void close()
    {
        views.forEach((kept) -> kept.types().close());
        views.clear();
        versions = null;
        rules.close();
    }

    /** @return how often a filter was asked. */
    long evaluations()
    {
        return rules.evaluations();
    }

    private void applyAll(final PreparedRule[] matching, final int count)
    {
        draft.begin(event);
        rules.look();
        changerCount = 0;
        senders = sending;
        senderCount = 0;
        for (int i = 0; i < count && !draft.isOver(); i++)
        {
            final PreparedRule rule = matching[i];
            if (event.priorityCode() <= rule.minimumPriorityCode)
            {
                rule.tally.add(RuleCounter.LOOKED_AT);
                if (rules.matches(rule, event))
                {
                    rule.tally.add(RuleCounter.MATCHED);
                    apply(rule);
                }
            }
        }
        isDecided = draft.isRouted();
        if (draft.isChanged() && !draft.isDiscarded())
        {
            isDecided |= write();
        }
    }

    private void apply(final SteadyOutcome outcome)
    {
        outcome.hit();
        draft.begin(event, outcome);
        senders = outcome.senders;
        senderCount = senders.length;
        isDecided = draft.isRouted();
    }

    private void apply(final PreparedRule rule)
    {
        rule.apply(draft);
        final int done = draft.done();
        // Whether the event is changed is known only when all rules have had their say.
        rule.tally.addAll(done & ~RuleCounter.TRANSFORMED.bit());
        if ((done & RuleCounter.TRANSFORMED.bit()) != 0)
        {
            changers = changerCount < changers.length ? changers : Arrays.copyOf(changers, 2 * changerCount);
            changers[changerCount++] = rule;
        }
        if ((done & RuleCounter.SENT) != 0)
        {
            if (senderCount == sending.length)
            {
                sending = Arrays.copyOf(sending, 2 * senderCount);
                senders = sending;
            }
            sending[senderCount++] = rule;
        }
        if (draft.failure() != null)
        {
            report(rule, draft.failure());
        }
    }

    private static boolean sendsTo(final PreparedRule rule, final String target)
    {
        for (final RuleAction action : rule.actions)
        {
            if (target.equals(action.subscription()))
            {
                return true;
            }
        }
        return false;
    }

    private boolean write()
    {
        final String failure = draft.write();
        if (failure != null)
        {
            final PreparedRule last = changers[changerCount - 1];
            last.tally.add(RuleCounter.FAILED);
            report(last, failure);
            return false;
        }
        for (int i = 0; i < changerCount; i++)
        {
            changers[i].tally.add(RuleCounter.TRANSFORMED);
        }
        event = draft.transformed();
        return true;
    }

    // The first failure says enough; the last of many should not be months old.
    private void report(final PreparedRule rule, final String reason)
    {
        final long failed = rule.tally.get(RuleCounter.FAILED);
        if (Long.bitCount(failed) == 1)
        {
            errors.onError(new EventException(
                "rule '" + rule.rule.name() + "' can't change event " + event.sequence() + " of type " + event.type() +
                ", which is delivered as it was journaled (" + failed + " of them so far): " + reason));
        }
    }

    private void turnTo(final RuleVersions latest, final long sequence)
    {
        final int place = latest.placeOf(sequence);
        final RuleVersion version = latest.version(place);
        if (view == null || view.version() != version)
        {
            view = viewOf(version);
        }
        if (latest != versions)
        {
            views.removeIf((kept) -> isGone(kept, latest));
            rules.keepOnly(views.stream().map(View::version).toList());
            versions = latest;
        }
        from = place == 0 ? Long.MIN_VALUE : version.from();
        end = latest.endOf(place);
    }

    private static boolean isGone(final View kept, final RuleVersions latest)
    {
        final boolean isGone = !latest.all().contains(kept.version());
        if (isGone)
        {
            kept.types().close();
        }
        return isGone;
    }

    private View viewOf(final RuleVersion version)
    {
        for (int i = 0; i < views.size(); i++)
        {
            final View kept = views.get(i);
            if (kept.version() == version)
            {
                views.remove(i);
                views.add(kept);
                return kept;
            }
        }
        if (views.size() == MOST_VERSIONS)
        {
            views.remove(0).types().close();
        }
        final View made = new View(version, new PreparedTypes(version.delivery(), rules));
        views.add(made);
        return made;
    }
}
