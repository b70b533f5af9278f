package io.sluice.engine;

import io.sluice.engine.batch.BatchHandler;
import io.sluice.engine.batch.BatchPolicy;
import io.sluice.engine.batch.ModeTable;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.FailureClassifier;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.Priority;
import io.sluice.event.TopicPattern;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.StartPosition;
import io.sluice.journal.VisibleAt;
import java.time.Duration;
import java.util.Objects;

/** What a subscription wants and who handles it. Immutable: each setter returns a new one. */
public final class SubscriptionSpec implements Cloneable
{
    /** Calls of one subscription that may run at once, where it says nothing else than that it is concurrent. */
    public static final int DEFAULT_CONCURRENCY = 10;
    /** Most calls of one subscription that may run at once. */
    public static final int MAX_CONCURRENCY = 256;

    /** Longest call of an immediate handler that is not counted as timed out, in nanoseconds: 50 ms. */
    public static final long DEFAULT_TIMEOUT_NS = 50_000_000L;

    private final TopicPattern pattern;
    private EventHandler handler;
    private BatchHandler batchHandler;
    private BatchPolicy batches = BatchPolicy.defaults();
    private ModeTable modes = ModeTable.defaults();
    private String name;
    private String subscriber = "";
    private EventFilter filter;
    private Priority minimumPriority = Priority.LOW;
    private VisibleAt visibleAt = VisibleAt.JOURNALED;
    private DeliveryMode mode = DeliveryMode.IMMEDIATE;
    private boolean isDurable;
    private StartPosition from;
    private int concurrency = 1;
    private EventKey key = EventKey.DEFAULT;
    private long delayNs;
    private RetryPolicy retry = RetryPolicy.DEFAULT;
    private BreakerPolicy breaker = BreakerPolicy.DEFAULT;
    private FailureClassifier classifier = FailureClassifier.standard();
    private long timeoutNs = DEFAULT_TIMEOUT_NS;

    private SubscriptionSpec(final TopicPattern pattern, final EventHandler handler)
    {
        this.pattern = pattern;
        this.handler = handler;
        name = pattern.text();
    }

    /**
     * Subscribe to the types that match a pattern, whatever their priority.
     *
     * @param pattern for example {@code pipeline.*}; see {@link TopicPattern}.
     * @param handler of the events.
     * @return the specification, named after the pattern.
     */
    public static SubscriptionSpec to(final String pattern, final EventHandler handler)
    {
        return new SubscriptionSpec(TopicPattern.of(pattern), Objects.requireNonNull(handler, "handler"));
    }

    /**
     * Subscribe to the types that match a pattern, whatever their priority, and get them in batches: {@link
     * DeliveryMode#BATCHED}, or {@link DeliveryMode#AUTO} if that is set, where an event that is not to wait is a batch
     * of one. An event that is tried again is a batch of one, too.
     *
     * @param pattern for example {@code file.*}; see {@link TopicPattern}.
     * @param handler of the batches, called on threads of its own.
     * @return the specification, named after the pattern.
     */
    public static SubscriptionSpec toBatches(final String pattern, final BatchHandler handler)
    {
        final SubscriptionSpec spec =
            new SubscriptionSpec(TopicPattern.of(pattern), BatchOfOne.of(handler, BatchPolicy.defaults().grouping()));
        spec.batchHandler = handler;
        spec.mode = DeliveryMode.BATCHED;
        return spec;
    }

    /**
     * @param value called with the events that {@link DeliveryMode#AUTO} batches; the handler gets the others.
     * @return a specification with that handler of batches.
     */
    public SubscriptionSpec batchHandler(final BatchHandler value)
    {
        final SubscriptionSpec copy = copy();
        copy.batchHandler = Objects.requireNonNull(value, "batchHandler");
        copy.alignSingle();
        return copy;
    }

    /**
     * When events are handed over together; {@link DeliveryMode#BATCHED} and {@link DeliveryMode#AUTO}.
     *
     * @param policy {@link BatchPolicy#defaults()} if not set.
     * @return a specification with that policy.
     */
    public SubscriptionSpec batches(final BatchPolicy policy)
    {
        final SubscriptionSpec copy = copy();
        copy.batches = Objects.requireNonNull(policy, "policy");
        copy.alignSingle();
        return copy;
    }

    /**
     * Which events {@link DeliveryMode#AUTO} batches.
     *
     * @param table {@link ModeTable#defaults()} if not set.
     * @return a specification with that table.
     */
    public SubscriptionSpec modes(final ModeTable table)
    {
        final SubscriptionSpec copy = copy();
        copy.modes = Objects.requireNonNull(table, "table");
        return copy;
    }

    /**
     * Name the subscription. Dead letters and attempts that wait belong to a name, also in a later run, so of the
     * subscriptions that have a handler each has its own: one that is not durable and finds its name taken is called
     * {@code name#2}, {@code name#3} and so on, the first of these that is free.
     *
     * @param value shown in statistics, errors and dead letters; the pattern if it is not set.
     * @return a specification with that name.
     */
    public SubscriptionSpec name(final String value)
    {
        final SubscriptionSpec copy = copy();
        copy.name = Objects.requireNonNull(value, "name");
        return copy;
    }

    /**
     * @param value who subscribes, for people who look at the list.
     * @return a specification with that subscriber.
     */
    public SubscriptionSpec subscriber(final String value)
    {
        final SubscriptionSpec copy = copy();
        copy.subscriber = Objects.requireNonNull(value, "subscriber");
        return copy;
    }

    /**
     * Only events for which a filter is true, see the guide to filters.
     *
     * @param text in the filter language.
     * @return a specification with that filter.
     * @throws io.sluice.event.filter.EventFilterException if it is none; the message points at the column.
     */
    public SubscriptionSpec where(final String text)
    {
        return where(EventFilter.of(text));
    }

    /**
     * @param value events for which it is true.
     * @return a specification with that filter.
     */
    public SubscriptionSpec where(final EventFilter value)
    {
        final SubscriptionSpec copy = copy();
        copy.filter = Objects.requireNonNull(value, "filter");
        return copy;
    }

    /**
     * @param priority least urgent priority that is wanted.
     * @return a specification with that minimum.
     */
    public SubscriptionSpec minimumPriority(final Priority priority)
    {
        final SubscriptionSpec copy = copy();
        copy.minimumPriority = Objects.requireNonNull(priority, "priority");
        return copy;
    }

    /**
     * How far an event must have come before the handler sees it. {@link VisibleAt#JOURNALED} is the default: a power
     * loss may take back what was seen. With {@link VisibleAt#SYNCED} the engine has every event that matches forced,
     * and calls the handler after that.
     *
     * <p>Nobody else waits for the force. The time that it takes is part of the latency of this subscription: an event
     * that it alone handles counts as handed over only then, and its budget goes on until then; the time of one that
     * others see earlier ends with the first of them. Shares and bounds of the priorities hold as ever, with one unit
     * for those who see an event when it is journaled and one for those who see it when it is synced. Until then the
     * event keeps its slot in the ring, so the limit of the priority must have room for what is published while the
     * device is busy.
     *
     * @param value level from which on events are seen.
     * @return a specification with that level.
     */
    public SubscriptionSpec visibleAt(final VisibleAt value)
    {
        final SubscriptionSpec copy = copy();
        copy.visibleAt = Objects.requireNonNull(value, "visibleAt");
        return copy;
    }

    /**
     * @param value how events reach the handler; {@link DeliveryMode#IMMEDIATE} if not set.
     * @return a specification with that mode.
     */
    public SubscriptionSpec mode(final DeliveryMode value)
    {
        final SubscriptionSpec copy = copy();
        copy.mode = Objects.requireNonNull(value, "mode");
        return copy;
    }

    /**
     * Keep the position of the subscription in the data directory, under a name. A later run that subscribes with the
     * same name goes on where this one stopped; what is journaled meanwhile is delivered then. Needs a journal.
     *
     * @param value name, unique among the durable subscriptions of the directory; 1 to 128 characters.
     * @return a durable specification with that name.
     */
    public SubscriptionSpec durable(final String value)
    {
        final SubscriptionSpec copy = name(value);
        copy.isDurable = true;
        return copy;
    }

    /**
     * Where to start: where a durable subscription is subscribed for the first time, or any other. Without it, with
     * what is routed from now on. Needs a journal.
     *
     * @param position in the journal.
     * @return a specification with that start.
     */
    public SubscriptionSpec from(final StartPosition position)
    {
        final SubscriptionSpec copy = copy();
        copy.from = Objects.requireNonNull(position, "position");
        return copy;
    }

    /**
     * Let several calls of the handler run at once; those with the same key one after the other. {@link
     * DeliveryMode#TAILING} only.
     *
     * @param calls at most at once, 1 to {@value MAX_CONCURRENCY}; 1 if not set.
     * @return a specification with that many.
     */
    public SubscriptionSpec concurrency(final int calls)
    {
        EngineContextCheck.require(
            calls >= 1 && calls <= MAX_CONCURRENCY, "concurrency=" + calls + ": use 1 to " + MAX_CONCURRENCY);
        final SubscriptionSpec copy = copy();
        copy.concurrency = calls;
        return copy;
    }

    /**
     * @param value what makes events belong together; {@link EventKey#DEFAULT} if not set.
     * @return a specification with that key.
     */
    public SubscriptionSpec key(final EventKey value)
    {
        final SubscriptionSpec copy = copy();
        copy.key = Objects.requireNonNull(value, "key");
        return copy;
    }

    /**
     * Hand events out only some time after they were journaled. The wait survives a restart if the subscription is
     * durable. {@link DeliveryMode#TAILING} only.
     *
     * @param delay 0 or more.
     * @return a specification with that delay.
     */
    public SubscriptionSpec delay(final Duration delay)
    {
        EngineContextCheck.require(!delay.isNegative(), "delay=" + delay + ": use 0 or more");
        final SubscriptionSpec copy = copy();
        copy.delayNs = delay.toNanos();
        return copy;
    }

    /**
     * How often an event that the handler could not handle is tried again, and when. After that it becomes a dead
     * letter. Without a journal there is neither.
     *
     * @param policy {@link RetryPolicy#DEFAULT} if not set.
     * @return a specification with that policy.
     */
    public SubscriptionSpec retry(final RetryPolicy policy)
    {
        final SubscriptionSpec copy = copy();
        copy.retry = Objects.requireNonNull(policy, "policy");
        return copy;
    }

    /**
     * When to stop calling a handler that fails again and again, and for how long. While the breaker is open a durable
     * subscription waits; to another each event becomes a dead letter.
     *
     * @param policy {@link BreakerPolicy#DEFAULT} if not set.
     * @return a specification with that policy.
     */
    public SubscriptionSpec breaker(final BreakerPolicy policy)
    {
        final SubscriptionSpec copy = copy();
        copy.breaker = Objects.requireNonNull(policy, "policy");
        return copy;
    }

    /**
     * @param value says what can be done about a failure; {@link FailureClassifier#standard()} if not set.
     * @return a specification with that classifier.
     */
    public SubscriptionSpec classifier(final FailureClassifier value)
    {
        final SubscriptionSpec copy = copy();
        copy.classifier = Objects.requireNonNull(value, "classifier");
        return copy;
    }

    /**
     * How long a call may take. A longer one is counted as timed out and told to the breaker; three in a row, and an
     * {@link DeliveryMode#IMMEDIATE} subscription is served from the journal until it is promoted or the engine
     * restarts, where it holds nobody up.
     *
     * @param value more than 0; 50 ms if not set.
     * @return a specification with that time-out.
     */
    public SubscriptionSpec timeout(final Duration value)
    {
        EngineContextCheck.require(!value.isNegative() && !value.isZero(), "timeout=" + value + ": use more than 0");
        final SubscriptionSpec copy = copy();
        copy.timeoutNs = value.toNanos();
        return copy;
    }

    /** @return how often and when an event that failed is tried again. */
    public RetryPolicy retry()
    {
        return retry;
    }

    /** @return when to stop calling a handler that fails again and again. */
    public BreakerPolicy breaker()
    {
        return breaker;
    }

    /** @return says what can be done about a failure. */
    public FailureClassifier classifier()
    {
        return classifier;
    }

    /** @return longest call that is not counted as timed out, in nanoseconds. */
    public long timeoutNs()
    {
        return timeoutNs;
    }

    /** @return the pattern of types. */
    public TopicPattern pattern()
    {
        return pattern;
    }

    /** @return the handler; where only batches are handled, one that hands over batches of one. */
    public EventHandler handler()
    {
        return handler;
    }

    /** @return the handler of batches, or null. */
    public BatchHandler batchHandler()
    {
        return batchHandler;
    }

    /** @return when events are handed over together. */
    public BatchPolicy batches()
    {
        return batches;
    }

    /** @return which events are batched where that is decided for each. */
    public ModeTable modes()
    {
        return modes;
    }

    /** @return whether events come in batches, some of them at least. */
    boolean isBatched()
    {
        return mode == DeliveryMode.BATCHED || mode == DeliveryMode.AUTO;
    }

    /** @return the name. */
    public String name()
    {
        return name;
    }

    /** @return who subscribes, empty if not said. */
    public String subscriber()
    {
        return subscriber;
    }

    /** @return the filter, or null. */
    public EventFilter filter()
    {
        return filter;
    }

    /** @return least urgent priority that is wanted. */
    public Priority minimumPriority()
    {
        return minimumPriority;
    }

    /** @return level from which on events are seen. */
    public VisibleAt visibleAt()
    {
        return visibleAt;
    }

    /** @return how events reach the handler. */
    public DeliveryMode mode()
    {
        return mode;
    }

    /** @return whether the position is kept in the data directory. */
    public boolean isDurable()
    {
        return isDurable;
    }

    /** @return where to start, or null for now. */
    public StartPosition from()
    {
        return from;
    }

    /** @return calls that may run at once. */
    public int concurrency()
    {
        return concurrency;
    }

    /** @return what makes events belong together. */
    public EventKey key()
    {
        return key;
    }

    /** @return time between journaling and delivery, in nanoseconds. */
    public long delayNs()
    {
        return delayNs;
    }

    private void alignSingle()
    {
        if (handler instanceof BatchOfOne)
        {
            handler = BatchOfOne.of(batchHandler, batches.grouping());
        }
    }

    private SubscriptionSpec copy()
    {
        try
        {
            return (SubscriptionSpec)clone();
        }
        catch (final CloneNotSupportedException ex)
        {
            throw new AssertionError(ex);
        }
    }
}
