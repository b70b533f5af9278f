package io.sluice.engine;

import io.sluice.engine.admission.MemoryBudget;
import io.sluice.engine.deadletter.DeadLetterSelection;
import io.sluice.engine.rule.RuleTable;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventStorageException;
import io.sluice.event.Priority;
import io.sluice.journal.StartPosition;
import io.sluice.journal.StorageStatus;
import io.sluice.journal.VisibleAt;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

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

    /** @return whether the journal can be appended to and forced, and what is in the way; any thread. */
    public StorageStatus storage()
    {
        return lifecycle.storage();
    }

    /**
     * What the engine may hold in memory, and who holds it. A host that keeps events of the engine may have what it
     * takes counted here, too, and do with less when there is none.
     *
     * @return the budget, to be used by any thread.
     */
    public MemoryBudget memory()
    {
        return core.memory();
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
                    publisher = new Publisher(core, core.shares().open("shared"), false);
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
        return new Publisher(core, core.shares().open(name), true);
    }

    /**
     * Everything up to there is handled: every subscription that is served as events come has had what it wants, or
     * what failed is noted for another attempt. One that goes its own way through the journal, as those that are
     * durable may, is not waited for. Any thread; one volatile read. Looked at now and then, so there may be some
     * milliseconds between the call of the last handler and this.
     *
     * @return sequence of the last such event, 0 for none and without a journal; never falls.
     */
    public long handledSequence()
    {
        return core.handledSequence();
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
     * Is room for events of a priority tight? So from the upper mark of {@link AdmissionContext#pressureMarks} on,
     * until below the lower one; up to ten milliseconds late. Any thread; one volatile read.
     *
     * @param priority of events.
     * @return true if a host that can wait should.
     */
    public boolean isPressed(final Priority priority)
    {
        return core.pressure().isPressed(priority.code());
    }

    /**
     * How full the engine is, up to ten milliseconds late. Any thread; one volatile read.
     *
     * @return used part of the fullest ring, or of the bytes for large events, 0 to 1.
     */
    public double load()
    {
        return core.pressure().load();
    }

    /**
     * Subscribe: from now on (events that are routed already are not delivered to it), from where the specification
     * says, or, if it is durable and known, from where it stopped. A durable one that is new is forced to the device
     * first, which takes as long as that does.
     *
     * @param spec of the subscription.
     * @return the subscription.
     * @throws IllegalArgumentException if it needs a journal and there is none, its name is in use, or its start can't
     *                                  be found.
     * @throws EventStorageException    if it is durable and can't be written down.
     * @throws io.sluice.journal.DataDirectoryException if it wants that where it can't be honoured.
     */
    public Subscription subscribe(final SubscriptionSpec spec)
    {
        EngineContextCheck.check(spec, core.context());
        if (spec.visibleAt() == VisibleAt.SYNCED)
        {
            core.checkSyncIsHonoured();
        }
        return core.subscriptions().add(spec, core.journaledSequence());
    }

    /**
     * The routing rules. A change holds from the next sequence on, and waits for the device and for a moment between
     * two batches of events; it gives up, with an {@link IllegalStateException}, when the engine is closed or has
     * failed, or when that moment does not come within five seconds. In {@link ThreadingMode#INVOKER} it needs nobody
     * who invokes, and may come from a handler; in other modes the threads of the engine, and so its immediate
     * handlers, must leave it to another thread.
     *
     * @return the table, for any thread.
     */
    public RuleTable rules()
    {
        return core.rules().table();
    }

    /**
     * For who reads the journal in the place of a subscription to all types, and wants what that would have got.
     *
     * @param subscription name of it.
     * @return shows records as they are delivered to it, for one thread at a time; to be closed.
     */
    public DeliveredRecords deliveredRecords(final String subscription)
    {
        return new DeliveredRecords(subscription, core.subscriptions(), core.rules().newQuietRun());
    }

    /** @return the subscriptions that have a handler, in the order in which they subscribed; a snapshot. */
    public List<Subscription> subscriptions()
    {
        return core.subscriptions().list();
    }

    /** @return figures of all subscriptions, those included that are durable and have no handler in this run. */
    public List<SubscriptionStats> subscriptionStats()
    {
        return lifecycle.delivery().stats(core);
    }

    /**
     * Forget a durable subscription and its position: the next one with that name is a new one. Takes as long as the
     * device does.
     *
     * @param name of it.
     * @return false if there is none with that name.
     * @throws IllegalStateException if it has a handler: unsubscribe that first; or if the engine is closed or has
     *                               failed.
     */
    public boolean removeSubscription(final String name)
    {
        return lifecycle.delivery().remove(name);
    }

    /**
     * Have a durable subscription go on from another place: back, so that it gets events again, or ahead, so that it
     * does without those in between. Takes effect between two calls, whether the rings or the journal serve it, or
     * nobody; a call that does not return is waited for. Attempts that wait for events from there on are given up, as
     * these come again; those for earlier events stay, and so do dead letters. Any thread; the place is looked up on
     * the calling one, which reads the journal for that.
     *
     * @param name of the subscription.
     * @param to   the first event that it gets.
     * @return completes with the sequence of that event when it stands there, on the delivery thread, which must not be
     *         held up.
     * @throws IllegalArgumentException if there is no durable one of that name, or no such place.
     * @throws IllegalStateException    if its handler was unsubscribed and is in a last call: try again; or if the
     *                                  engine is closed or has failed.
     */
    public CompletionStage<Long> seekSubscription(final String name, final StartPosition to)
    {
        return lifecycle.delivery().seek(name, to);
    }

    /**
     * Have a durable subscription begin anew, with the first event that the journal holds; see {@link
     * #seekSubscription}.
     *
     * @param name of the subscription.
     * @return completes with the sequence of that event when it stands there.
     * @throws IllegalArgumentException if there is no durable one of that name.
     * @throws IllegalStateException    if its handler was unsubscribed and is in a last call: try again.
     */
    public CompletionStage<Long> resetSubscription(final String name)
    {
        return seekSubscription(name, StartPosition.start());
    }

    /**
     * Hand the event of a dead letter to the handler that could not handle it, now. Any thread; returns at once. The
     * stage completes on the delivery thread when the attempt is arranged, not when it is over.
     *
     * @param letter number of the letter.
     * @return completes with false if no open letter has that number, or with an {@link IllegalStateException} once the
     *         engine is closed or has failed.
     */
    public CompletionStage<Boolean> retryDeadLetter(final long letter)
    {
        return lifecycle.delivery().retryDeadLetter(letter);
    }

    /**
     * Hand the events of many dead letters to the handlers that could not handle them, one after the other. The letters
     * are found on the calling thread, which reads the journal of dead letters for that; the rest happens on the
     * delivery thread. A letter whose breaker is open waits until that lets a call through.
     *
     * @param selection which letters, in which order, and when to stop.
     * @return tells how far that has come, and stops it.
     * @throws IllegalStateException                 in an engine without a journal, or that is closed or has failed.
     * @throws io.sluice.event.EventStorageException if the journal of dead letters is damaged.
     */
    public DeadLetterRetry retryDeadLetters(final DeadLetterSelection selection)
    {
        return lifecycle.delivery().retryDeadLetters(selection);
    }

    /**
     * Give a dead letter up. Any thread; returns at once.
     *
     * @param letter number of the letter.
     * @param reason for people.
     * @return completes with false if no open letter has that number, or with an {@link IllegalStateException} once the
     *         engine is closed or has failed.
     */
    public CompletionStage<Boolean> dropDeadLetter(final long letter, final String reason)
    {
        return lifecycle.delivery().dropDeadLetter(letter, reason);
    }

    /**
     * Put a repaired event in the place of that of a dead letter, and hand it to the handler that could not handle it.
     * Any thread; returns at once.
     *
     * @param letter number of the letter.
     * @param repair gets a builder with all that the event has, and returns one with the same id; called on the
     *               delivery thread.
     * @return completes with false if no open letter has that number, or with what is wrong with the event, or with an
     *         {@link IllegalStateException} once the engine is closed or has failed.
     */
    public CompletionStage<Boolean> fixDeadLetter(final long letter, final UnaryOperator<EventBuilder> repair)
    {
        return lifecycle.delivery().fixDeadLetter(letter, repair);
    }

    /**
     * End a subscription. A call in progress ends; no later one starts. A durable one stays registered: it goes on
     * where it stopped when somebody subscribes with its name, in this run or a later one.
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
     * {@link #close()}. While the storage is in trouble, what waits in the rings is waited for as long as this says.
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
     * the journal. What could not be journaled by then, because the storage was in trouble, is not: receipts of
     * such events are completed with {@link PublishResult#CLOSED}.
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

    /** What the stages share, for tests that must know how far one of them has come. */
    EngineCore core()
    {
        return core;
    }
}
