package io.sluice.engine;

import io.sluice.event.EventStorageException;
import io.sluice.journal.VisibleAt;
import java.util.concurrent.TimeUnit;

/**
 * A priority event engine with a durable journal, embedded in its host.
 *
 * <pre>{@code
 * EngineContext context = new EngineContext().directory(path).subscribe(SubscriptionSpec.to("agent.*", handler));
 * try (Engine engine = Engine.launch(context))
 * {
 *     long ticket = engine.publisher().publish(new EventBuilder().type("agent.started").priority(Priority.HIGH));
 *     long sequence = engine.publisher().await(ticket, Durability.JOURNALED, timeoutNs);
 * }
 * }</pre>
 *
 * <p><b>Promises.</b> What was acknowledged as JOURNALED is in the journal after {@code kill -9}, with the sequence and
 * the verdict that were acknowledged; what was acknowledged as SYNCED also after a power loss. Every journaled event
 * that is no duplicate is handled at least once by every subscription given at launch, if need be after a restart and
 * then flagged as redelivered. Within a priority events are handled in the order of their sequence. Between priorities
 * the bound of {@link io.sluice.engine.ring.PriorityWheel} holds at every stage: a CRITICAL event waits for at most one
 * unit of another priority (the handler call in progress), a LOW event at depth d for at most 32·d units of others.
 *
 * <p>Thread-safe, but for {@link #invoke()}.
 */
public final class Engine implements AutoCloseable
{
    private final EngineCore core;
    private final EngineLifecycle lifecycle;
    private volatile Publisher shared;

    Engine(final EngineLifecycle lifecycle)
    {
        this.lifecycle = lifecycle;
        core = lifecycle.core();
    }

    /**
     * Start an engine: recover the journal, hand out again what an earlier run left unhandled, open admission. Blocks
     * until that is done; in {@link ThreadingMode#INVOKER} the redelivery is driven from here.
     *
     * @param context from now on the engine's.
     * @return the running engine.
     * @throws IllegalArgumentException if a setting is not allowed.
     * @throws io.sluice.journal.DataDirectoryException if the directory can't be used: busy, not ours, newer, damaged;
     *                                  or if SYNCED is asked for and can't be honoured where it lies.
     * @throws EventStorageException    if redelivery failed.
     * @throws MissingJvmFlagsException if the JVM lacks flags; the message lists them.
     */
    public static Engine launch(final EngineContext context)
    {
        return new Engine(EngineLifecycle.launch(context.conclude()));
    }

    /** @return state of the engine. */
    public EngineState state()
    {
        return lifecycle.state();
    }

    /** @return settings of the engine. */
    public EngineContext context()
    {
        return core.context();
    }

    /** @return id of this run; every record that it journals carries it. */
    public long runId()
    {
        return lifecycle.runId();
    }

    /** @return why the engine is FAILED, or null. */
    public Throwable failure()
    {
        return core.failure();
    }

    /** @return the publisher that all threads of the host may share. */
    public Publisher publisher()
    {
        Publisher publisher = shared;
        if (publisher == null)
        {
            synchronized (this)
            {
                publisher = shared;
                if (publisher == null)
                {
                    publisher = publisher("shared");
                    shared = publisher;
                }
            }
        }
        return publisher;
    }

    /**
     * A publisher with a guaranteed share of every ring: while n publishers are open, at least 1/(2·n) of each.
     *
     * @param name shown in statistics.
     * @return to be closed when no longer used, which gives the share back.
     */
    public Publisher publisher(final String name)
    {
        return new Publisher(core, core.shares().open(name));
    }

    /**
     * Everything up to there is journaled; without a journal, sequenced. Any thread; one volatile read. With {@link
     * #syncedSequence()} it is how a host that publishes without waiting learns how far it has come.
     *
     * @return sequence of the last event that survives the end of the process, 0 for none.
     */
    public long journaledSequence()
    {
        return core.journaledSequence();
    }

    /**
     * Everything up to there is forced to the device. Any thread; one volatile read. Moves on with durability {@link
     * Durability#SYNCED}, or where somebody asks for that level; otherwise only when the journal goes on in a new file.
     *
     * @return sequence of the last event that survives power loss; 0 for none, where there is no journal, and where a
     *         force would not survive either.
     */
    public long syncedSequence()
    {
        return core.syncedSequence();
    }

    /**
     * Subscribe from now on. Events that are routed already are not delivered to it.
     *
     * @param spec of the subscription.
     * @return the subscription.
     * @throws IllegalArgumentException if it wants to see events when they are synced, and there is no journal.
     * @throws io.sluice.journal.DataDirectoryException if it wants that where it can't be honoured.
     */
    public Subscription subscribe(final SubscriptionSpec spec)
    {
        EngineContextCheck.check(spec, core.context());
        if (spec.visibleAt() == VisibleAt.SYNCED)
        {
            core.checkSyncIsHonoured();
        }
        return core.subscriptions().add(spec);
    }

    /**
     * End a subscription. A call in progress ends; no later one starts.
     *
     * @param subscription to end.
     */
    public void unsubscribe(final Subscription subscription)
    {
        core.subscriptions().remove(subscription);
    }

    /**
     * Run one duty cycle of all stages on the calling thread, and force the journal if anybody waits for that, which
     * may take as long as the device does; {@link ThreadingMode#INVOKER} only, one thread at a time, and not from a
     * handler.
     *
     * @return how much work was done; 0 if there was nothing to do.
     * @throws IllegalStateException in another threading mode, or from a handler.
     */
    public int invoke()
    {
        return lifecycle.invoke();
    }

    /**
     * Close admission and wait until everything accepted is handled. Admission stays closed: {@link #reopen()} or
     * {@link #close()}.
     *
     * @param timeoutNs at most.
     * @return false if the time was not enough.
     */
    public boolean drain(final long timeoutNs)
    {
        return lifecycle.drain(timeoutNs);
    }

    /** Open admission again after {@link #drain}. */
    public void reopen()
    {
        lifecycle.reopen();
    }

    /** @return figures of the engine, as of now; latencies as of the last telemetry interval. Allocates. */
    public EngineStats stats()
    {
        return lifecycle.stats();
    }

    /**
     * Drain for at most {@link EngineContext#closeTimeoutNs()}, then end all threads and close all files, in that
     * order; the journal is forced to the device before its end is noted. Idempotent. A thread whose handler does not
     * return is reported and left behind, with the memory that it may still touch; if it returns after all, it closes
     * the journal.
     */
    @Override
    public void close()
    {
        lifecycle.close(core.context().closeTimeoutNs());
    }

    /**
     * As {@link #close()}, with a limit of its own.
     *
     * @param timeout at most.
     * @param unit    of it.
     */
    public void close(final long timeout, final TimeUnit unit)
    {
        lifecycle.close(unit.toNanos(timeout));
    }
}
