package io.sluice.engine;

import io.sluice.engine.rule.RuleRun;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * Finds the route of an event with the rules that hold for it: by its type, where they have nothing to say, and else by
 * what becomes of it.
 *
 * <pre>
 *   event ──► rules ── nothing ──────────────────────────────► route of its type
 *               └───── topic, targets, discarded, changed ──► route of that outcome, made once
 * </pre>
 *
 * <p>What rules make of an event is not kept beside it: a route says that it is to be changed, and whoever calls a
 * handler applies the rules once more, see {@link RuleView}. Most events are not changed, and one that is would need
 * memory of its own for as long as it is in a ring; to make it again costs some microseconds on the thread that has
 * the event in its cache anyhow.
 *
 * <p>Not thread-safe: one per thread that routes. Allocates nothing for types and outcomes that are known, up to a
 * bound, beyond which a route is made for each event.
 */
final class RuleRouter implements AutoCloseable
{
    static final int MAX_OUTCOMES = 4096;

    private static final int BUCKETS = 4 * MAX_OUTCOMES;
    private static final int DISCARDED = 1;
    private static final int TRANSFORMED = 2;

    private final RouteTable table;
    private final RuleRun run;
    private Outcome[] outcomes = {};
    private int known;
    private RuleTargets targets;
    private EventFlyweight delivered;
    private String divertTarget;
    private String[] copyTargets = new String[4];
    private int copyCount;

    /**
     * @param table finds routes by type.
     * @param run   of this thread.
     */
    RuleRouter(final RouteTable table, final RuleRun run)
    {
        this.table = table;
        this.run = run;
        targets = new RuleTargets(table.current());
    }

    /** @return the subscriptions that the last route knows. */
    SubscriptionTable current()
    {
        return table.current();
    }

    /** @return see {@link RouteTable#refresh}. */
    int refresh()
    {
        return table.refresh();
    }

    /**
     * @param event as it was journaled.
     * @return its route.
     */
    Route find(final EventFlyweight event)
    {
        final Route plain = table.find(event);
        delivered = event;
        if (!run.apply(event))
        {
            return plain;
        }
        delivered = run.event();
        if (targets.table().generation() != table.current().generation())
        {
            targets = new RuleTargets(table.current());
            Arrays.fill(outcomes, null);
            known = 0;
        }
        decideTargets(event.sequence());
        final int flags = (run.isDiscarded() ? DISCARDED : 0) | (run.isTransformed() ? TRANSFORMED : 0);
        return flags == 0 && divertTarget == null && copyCount == 0 && !run.isRerouted() ?
            plain : findOutcome(plain, event.priorityCode(), flags);
    }

    /** @return the event that was given to {@link #find}, or what the rules made of it; valid until the next one. */
    EventFlyweight delivered()
    {
        return delivered;
    }

    @Override
    public void close()
    {
        run.close();
    }

    private void decideTargets(final long sequence)
    {
        divertTarget = run.divertTarget();
        if (divertTarget != null && !targets.isThere(divertTarget, sequence))
        {
            run.onAbsent(divertTarget);
            divertTarget = null;
        }
        copyCount = 0;
        for (int i = 0; i < run.copyCount(); i++)
        {
            final String target = run.copyTarget(i);
            if (targets.isThere(target, sequence))
            {
                copyTargets = copyCount < copyTargets.length ? copyTargets : Arrays.copyOf(copyTargets, 2 * copyCount);
                copyTargets[copyCount++] = target;
            }
            else
            {
                run.onAbsent(target);
            }
        }
    }

    private Route findOutcome(final Route plain, final int priorityCode, final int flags)
    {
        if (outcomes.length == 0)
        {
            outcomes = new Outcome[BUCKETS];
        }
        final DirectBuffer topic = run.topicBuffer();
        final int offset = run.topicOffset();
        final int length = run.topicLength();
        final long hash = hash(EventHash.hash64(topic, offset, length), priorityCode, flags);
        int bucket = (int)hash & (BUCKETS - 1);
        while (outcomes[bucket] != null)
        {
            final Outcome outcome = outcomes[bucket];
            if (outcome.hash == hash && outcome.priorityCode == priorityCode && outcome.flags == flags &&
                outcome.route.type() == plain.type() && isFor(outcome, topic, offset, length))
            {
                return outcome.route;
            }
            bucket = (bucket + 1) & (BUCKETS - 1);
        }
        final Outcome made = newOutcome(plain, hash, priorityCode, flags);
        if (known < MAX_OUTCOMES)
        {
            outcomes[bucket] = made;
            known++;
        }
        return made.route;
    }

    private long hash(final long topic, final int priorityCode, final int flags)
    {
        long hash = 31 * (31 * topic + priorityCode) + flags;
        hash = 31 * hash + (divertTarget == null ? 0 : divertTarget.hashCode());
        for (int i = 0; i < copyCount; i++)
        {
            hash = 31 * hash + copyTargets[i].hashCode();
        }
        return hash;
    }

    private boolean isFor(final Outcome outcome, final DirectBuffer topic, final int offset, final int length)
    {
        if (length != outcome.topic.length || copyCount != outcome.copies.length ||
            (divertTarget == null ? outcome.divert != null : !divertTarget.equals(outcome.divert)))
        {
            return false;
        }
        for (int i = 0; i < copyCount; i++)
        {
            if (!copyTargets[i].equals(outcome.copies[i]))
            {
                return false;
            }
        }
        for (int i = 0; i < length; i++)
        {
            if (topic.getByte(offset + i) != outcome.topic[i])
            {
                return false;
            }
        }
        return true;
    }

    private Outcome newOutcome(final Route plain, final long hash, final int priorityCode, final int flags)
    {
        final byte[] topic = new byte[run.topicLength()];
        run.topicBuffer().getBytes(run.topicOffset(), topic);
        final String text = new String(topic, StandardCharsets.UTF_8);
        final String[] copies = Arrays.copyOf(copyTargets, copyCount);
        final List<Subscription> getting = new ArrayList<>();
        final List<Subscription> named = new ArrayList<>();
        if ((flags & DISCARDED) == 0)
        {
            for (final Subscription one : targets.table().all())
            {
                if (one.name().equals(divertTarget) || Arrays.asList(copies).contains(one.name()))
                {
                    named.add(one);
                    getting.add(one);
                }
                else if (divertTarget == null && priorityCode <= one.spec().minimumPriority().code() &&
                    one.spec().pattern().matches(text))
                {
                    getting.add(one);
                }
            }
        }
        final Route route = new Route(
            plain.type(),
            getting,
            plain.generation(),
            named.toArray(Subscription[]::new),
            (flags & TRANSFORMED) != 0);
        return new Outcome(hash, priorityCode, flags, topic, divertTarget, copies, route);
    }

    private static final class Outcome
    {
        private final long hash;
        private final int priorityCode;
        private final int flags;
        private final byte[] topic;
        private final String divert;
        private final String[] copies;
        private final Route route;

        private Outcome(
            final long hash,
            final int priorityCode,
            final int flags,
            final byte[] topic,
            final String divert,
            final String[] copies,
            final Route route)
        {
            this.hash = hash;
            this.priorityCode = priorityCode;
            this.flags = flags;
            this.topic = topic;
            this.divert = divert;
            this.copies = copies;
            this.route = route;
        }
    }
}
