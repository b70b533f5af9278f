package io.sluice.engine.rule;

import io.sluice.event.EventFlyweight;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * What becomes of each event of one type and priority where its rules look at nothing else: worked out once, by the
 * rules themselves. It counts how often that was, for all of its rules at once; their counters ask for it.
 *
 * <p>Of one thread, but for {@link #hits}.
 */
final class SteadyOutcome
{
    private static final VarHandle HITS;

    static
    {
        try
        {
            HITS = MethodHandles.lookup().findVarHandle(SteadyOutcome.class, "hits", long.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    final String divertTarget;
    final String[] copyTargets;
    final DirectBuffer topic;
    final boolean isDiscarded;
    /** The rules that divert or copy. */
    final PreparedRule[] senders;
    private final PreparedRule[] rules;
    private long hits;

    private SteadyOutcome(final RuleDraft draft, final PreparedRule[] rules, final int[] done)
    {
        this.rules = rules;
        divertTarget = draft.divertTarget();
        topic = draft.topic();
        isDiscarded = draft.isDiscarded();
        copyTargets = new String[draft.copyCount()];
        Arrays.setAll(copyTargets, draft::copyTarget);
        final PreparedRule[] sending = new PreparedRule[rules.length];
        int count = 0;
        for (int i = 0; i < rules.length; i++)
        {
            if ((done[i] & RuleCounter.SENT) != 0)
            {
                sending[count++] = rules[i];
            }
        }
        senders = Arrays.copyOf(sending, count);
    }

    /**
     * Work it out, and have it counted with its rules until it is closed.
     *
     * @param matching rules, in their order, all of them steady.
     * @param count    of them.
     * @param event    that they match but for their priority.
     * @param draft    to do it with.
     */
    static SteadyOutcome open(
        final PreparedRule[] matching, final int count, final EventFlyweight event, final RuleDraft draft)
    {
        final PreparedRule[] rules = new PreparedRule[count];
        final int[] done = new int[count];
        int asked = 0;
        draft.begin(event);
        for (int i = 0; i < count && !draft.isOver(); i++)
        {
            final PreparedRule rule = matching[i];
            if (event.priorityCode() <= rule.minimumPriorityCode)
            {
                rule.apply(draft);
                rules[asked] = rule;
                done[asked++] = RuleCounter.LOOKED_AT.bit() | RuleCounter.MATCHED.bit() | draft.done();
            }
        }
        final SteadyOutcome outcome =
            new SteadyOutcome(draft, Arrays.copyOf(rules, asked), Arrays.copyOf(done, asked));
        for (int i = 0; i < asked; i++)
        {
            rules[i].counters.open(outcome, done[i]);
        }
        return outcome;
    }

    /** It was so for one more event. */
    void hit()
    {
        HITS.setOpaque(this, hits + 1);
    }

    /** @return for how many events it was so. For any thread. */
    long hits()
    {
        return (long)HITS.getOpaque(this);
    }

    /** It is not so any more: its rules keep what it counted. */
    void close()
    {
        for (final PreparedRule rule : rules)
        {
            rule.counters.close(this);
        }
    }
}
