package io.sluice.engine;

import io.sluice.engine.admission.GrowingMemory;
import io.sluice.engine.delivery.DeliveryPosition;
import io.sluice.engine.failure.RetryOrder;
import io.sluice.event.EventException;
import io.sluice.event.EventHash;
import io.sluice.event.Priority;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import io.sluice.journal.VisibleAt;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.agrona.concurrent.UnsafeBuffer;

/** The subscriptions of an engine: changed by any thread, read by the stages as one immutable table. */
final class Subscriptions
{
    private final Supplier<TailerContext> tails;
    private final DurableSubscriptions durable;
    private final Map<String, Long> registered = new HashMap<>();
    private volatile SubscriptionTable current;
    private volatile Runnable attention = () ->
    {
    };
    private EngineCore core;
    private GrowingMemory memory;
    private boolean isLaunching;
    private long lastId;

    /**
     * @param tails   settings to read the journal with; null in an engine without one.
     * @param durable those of the data directory; null in an engine without one.
     */
    Subscriptions(final Supplier<TailerContext> tails, final DurableSubscriptions durable)
    {
        this.tails = tails;
        this.durable = durable;
        if (durable != null)
        {
            durable.list().forEach(one -> registered.put(one.name(), one.since()));
        }
        current = new SubscriptionTable(Route.NONE, Map.copyOf(registered), 0);
    }

    /** Before any is added. */
    void core(final EngineCore value)
    {
        core = value;
        memory = new GrowingMemory("events on their way to handlers", value.memory());
        isLaunching = true;
    }

    /** @return what events on their way to handlers take. */
    GrowingMemory memory()
    {
        return memory;
    }

    /** Those that are given at launch are added. */
    synchronized void launched()
    {
        isLaunching = false;
    }

    /**
     * While what an earlier run left unhandled is handed out again: will one that is not durable get it from the
     * journal, so that the watermarks of the pipeline have to wait?
     */
    boolean isAnyCatchingUp()
    {
        return Arrays.stream(current.all()).anyMatch(Subscriptions::isCatchingUp);
    }

    static boolean isCatchingUp(final Subscription one)
    {
        return one.batches() != null && !one.spec().isDurable() && one.spec().from() == null &&
            one.gate().phase() != LiveGate.LIVE;
    }

    /** Have the delivery thread look at the subscriptions. */
    void attention(final Runnable action)
    {
        attention = action;
    }

    /**
     * Subscribe, before the stages run or while they do.
     *
     * @param spec     of the subscription.
     * @param sequence that is journaled.
     * @return the subscription.
     */
    synchronized Subscription add(final SubscriptionSpec spec, final long sequence)
    {
        final Subscription subscription = spec.isDurable() ? durable(spec, sequence) : passing(spec, sequence);
        subscription.generation(current.generation() + 1);
        subscription.since(sinceOf(spec, sequence, subscription.position()));
        publish(with(current.all(), subscription));
        raiseAttention();
        return subscription;
    }

    synchronized void remove(final Subscription subscription)
    {
        subscription.deactivate();
        if (tails == null)
        {
            publish(without(current.all(), subscription));
        }
        attention.run();
    }

    /** Delivery thread: an unsubscribed one is off the rings, and its position will not change any more. */
    synchronized void forget(final Subscription subscription)
    {
        subscription.release();
        publish(without(current.all(), subscription));
    }

    /** Forget a durable one; its id, or 0 if there is none. */
    synchronized long removeDurable(final String name)
    {
        for (final Subscription one : current.all())
        {
            if (one.spec().isDurable() && one.name().equals(name))
            {
                throw new IllegalStateException(
                    "durable subscription '" + name + "' has a handler" + (one.isActive() ? "" : " in a last call") +
                    ": unsubscribe it first, and try again");
            }
        }
        final long id = durable == null ? 0L : durable.remove(name);
        if (id != 0)
        {
            registered.remove(name);
            publish(current.all());
        }
        return id;
    }

    /** @return whether a durable subscription has that name, handled in this run or not. */
    boolean isDurable(final String name)
    {
        return durable != null && durable.find(name) != null;
    }

    /**
     * Have a durable subscription go on from another place.
     *
     * @param name   of it.
     * @param to     where.
     * @param orphan told of the id and the sequence of one that nobody handles, after it was moved.
     * @return completes with the sequence of the first event that it gets, when it stands there.
     */
    synchronized CompletionStage<Long> seek(final String name, final StartPosition to, final Moved orphan)
    {
        if (!isDurable(name))
        {
            throw new IllegalArgumentException(
                "no durable subscription '" + name + "': only those that are durable have a position to change");
        }
        final long sequence = sequenceBefore(to, name) + 1;
        for (final Subscription one : current.all())
        {
            if (one.spec().isDurable() && one.name().equals(name))
            {
                if (one.isActive())
                {
                    return one.seek(sequence).outcome();
                }
                throw new IllegalStateException(
                    "durable subscription '" + name + "' has a handler in a last call: try again");
            }
        }
        durable.restart(name, sequence - 1);
        orphan.onMoved(durable.idOf(name), sequence);
        return CompletableFuture.completedStage(sequence);
    }

    /** Told of a position that was moved. */
    @FunctionalInterface
    interface Moved
    {
        /** From the sequence on everything comes again. */
        void onMoved(long retryId, long sequence);
    }

    /**
     * @return with those that are unsubscribed and not yet off the rings: while an event may pass there, routes must
     *         lead it to them, or nobody would know that they have not had it.
     */
    SubscriptionTable current()
    {
        return current;
    }

    boolean isAnyForSynced()
    {
        return Arrays.stream(current.all()).anyMatch(one -> one.spec().visibleAt() == VisibleAt.SYNCED);
    }

    List<Subscription> list()
    {
        return Arrays.stream(current.all()).filter(Subscription::isActive).toList();
    }

    private Subscription passing(final SubscriptionSpec spec, final long sequence)
    {
        final boolean isCatchingUp = isLaunching && spec.isBatched() && spec.from() == null &&
            core.positions().lowest() < core.recoveredSequence();
        // What one of its name failed with in an earlier run may hold keys, which the journal feed knows.
        final boolean isHeld = !isLaunching && tails != null && spec.retry().order() == RetryOrder.HOLD_KEY;
        final boolean isLive =
            spec.mode() != DeliveryMode.TAILING && spec.from() == null && !isCatchingUp && !isHeld;
        final DeliveryPosition position = tails == null ? null :
            isCatchingUp ? whereThePipelineStood() : DeliveryPosition.inMemory(isLive ? 0L : startOf(spec, sequence));
        return subscription(spec, isLive, position);
    }

    // What is delivered again is delivered in batches, too: from the journal.
    private DeliveryPosition whereThePipelineStood()
    {
        final DeliveryPosition position = DeliveryPosition.inMemory(core.positions().lowest());
        for (int code = 0; code < Priority.COUNT; code++)
        {
            position.advance(code, core.positions().watermark(code));
        }
        return position;
    }

    private Subscription subscription(
        final SubscriptionSpec spec, final boolean isLive, final DeliveryPosition position)
    {
        final SubscriptionBatches batches =
            spec.isBatched() ? new SubscriptionBatches(spec, memory, core::wakeDelivery) : null;
        final String name = nameOf(spec);
        return new Subscription(
            ++lastId, name, retryId(spec, name), spec, isLive, position, this::raiseAttention, batches);
    }

    private Subscription durable(final SubscriptionSpec spec, final long sequence)
    {
        Subscription before = null;
        for (final Subscription one : current.all())
        {
            if (!one.spec().isDurable() && one.isActive() && one.name().equals(spec.name()))
            {
                throw new IllegalArgumentException(
                    "durable subscription '" + spec.name() + "' can't have that name: subscription '" + one.name() +
                    "' to " + one.spec().pattern().text() + ", which is not durable, has it; give one of them " +
                    "another name, or unsubscribe that one first");
            }
            if (one.spec().isDurable() && one.name().equals(spec.name()))
            {
                if (one.isActive())
                {
                    throw new IllegalArgumentException(
                        "durable subscription '" + spec.name() +
                        "' has a handler already: unsubscribe that one, or use another name");
                }
                before = one;
            }
        }
        final DeliveryPosition known = durable.find(spec.name());
        final DeliveryPosition position = known == null ?
            durable.add(spec, startOf(spec, sequence), sequence) : durable.resume(spec, known);
        if (before == null && (spec.mode() == DeliveryMode.TAILING || spec.isBatched()))
        {
            // An earlier run may have had it in another mode. What stands in batches is not had, though the pipeline's
            // watermarks pass it.
            position.live(false);
        }
        final boolean isLive = before == null && position.isLive();
        final Subscription subscription = subscription(spec, isLive, position);
        subscription.before(before);
        if (durable.isPaused(spec.name()))
        {
            subscription.pause();
        }
        return subscription;
    }

    // One of the launch gets what an earlier run left unhandled, unless it says where it starts.
    private long sinceOf(final SubscriptionSpec spec, final long sequence, final DeliveryPosition position)
    {
        if (spec.isDurable())
        {
            return registered.computeIfAbsent(spec.name(), name -> sequence);
        }
        final long start = spec.from() == null ? 0L : position.lowest();
        // One that comes later is there for what is routed when the routing stage knows it.
        return isLaunching ? start : Subscription.NOT_ROUTED;
    }

    // By way of the field: at launch there is no delivery thread yet.
    private void raiseAttention()
    {
        attention.run();
    }

    // What waits or is dead belongs to a name: two that share one would get what the other could not handle.
    private String nameOf(final SubscriptionSpec spec)
    {
        final Set<String> taken = new HashSet<>();
        list().forEach(one -> taken.add(one.name()));
        String name = spec.name();
        for (int i = 2; taken.contains(name); i++)
        {
            name = spec.name() + '#' + i;
        }
        return name;
    }

    // Over restarts the same: the id in the registry, or what the name gives.
    private long retryId(final SubscriptionSpec spec, final String name)
    {
        if (spec.isDurable())
        {
            return durable.idOf(name);
        }
        final byte[] text = name.getBytes(StandardCharsets.UTF_8);
        return EventHash.hash64(new UnsafeBuffer(text), 0, text.length) | Long.MIN_VALUE;
    }

    // What a start position means is found out where tailers do it.
    private long startOf(final SubscriptionSpec spec, final long sequence)
    {
        return spec.from() == null ? sequence : sequenceBefore(spec.from(), spec.name());
    }

    private long sequenceBefore(final StartPosition from, final String name)
    {
        try (JournalTailer tailer = JournalTailer.open(tails.get().from(from)))
        {
            return tailer.nextSequence() - 1;
        }
        catch (final EventException ex)
        {
            throw new IllegalArgumentException(
                "subscription '" + name + "' can't start from " + from + ": " + ex.getMessage(), ex);
        }
    }

    private static Subscription[] with(final Subscription[] all, final Subscription subscription)
    {
        final Subscription[] next = Arrays.copyOf(all, all.length + 1);
        next[all.length] = subscription;
        return next;
    }

    private static Subscription[] without(final Subscription[] all, final Subscription subscription)
    {
        return Arrays.stream(all).filter(other -> other != subscription).toArray(Subscription[]::new);
    }

    private void publish(final Subscription[] all)
    {
        current = new SubscriptionTable(all, Map.copyOf(registered), current.generation() + 1);
    }
}
