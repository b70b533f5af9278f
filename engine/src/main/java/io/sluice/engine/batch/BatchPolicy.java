package io.sluice.engine.batch;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * When the events of a subscription are handed over together. Immutable: each setter returns a new policy, and checks
 * it as a whole.
 *
 * <p>A batch is handed over when it is full, when its first event has waited for the time-out, when a CRITICAL event
 * joins it, and when a flush is asked for, whichever comes first. The time-out holds for whatever is there, be it a
 * single event: {@link #minBatchSize} is the least size at which a batch may count as full where sizes follow the load,
 * and never keeps an event beyond the time-out.
 *
 * <p>A subscription keeps at most {@code openGroups + queuedBatches + parallelBatches} batches of {@link #maxBytes}
 * each (see {@link #mostBytes}); when all are in use it falls back to the journal, and nothing is lost.
 */
public final class BatchPolicy
{
    private static final int MAX_BATCH_SIZE = 10_000;
    private static final int MAX_PARALLEL = 64;
    private static final int MAX_OPEN_GROUPS = 64;
    private static final int MAX_QUEUED = 1024;
    private static final int MIN_BYTES = 1024;
    private static final int MAX_BYTES = 1 << 28;
    private static final long MIN_TIMEOUT_NS = TimeUnit.MICROSECONDS.toNanos(1);
    private static final long MAX_TIMEOUT_NS = TimeUnit.HOURS.toNanos(1);
    private static final BatchPolicy DEFAULTS = new BatchPolicy(new Values());

    private final Values values;

    private BatchPolicy(final Values values)
    {
        this.values = values;
        check();
    }

    /**
     * @return batches of 50 events of one type, 5 to 100 where sizes follow the load, which they don't; 64 KiB; at 2 s
     *         whatever is there; CRITICAL events flush; one batch at a time; 16 open groups, 8 queued batches.
     */
    public static BatchPolicy defaults()
    {
        return DEFAULTS;
    }

    /**
     * @param events at which a batch is full; where sizes follow the load, the size to start with.
     * @return a policy with that size.
     */
    public BatchPolicy batchSize(final int events)
    {
        return batchSizes(values.minBatchSize, events, values.maxBatchSize);
    }

    /**
     * @param events least size where sizes follow the load, 1 to {@link #batchSize()}.
     * @return a policy with that least size.
     */
    public BatchPolicy minBatchSize(final int events)
    {
        return batchSizes(events, values.batchSize, values.maxBatchSize);
    }

    /**
     * @param events greatest size where sizes follow the load, {@link #batchSize()} to 10000.
     * @return a policy with that greatest size.
     */
    public BatchPolicy maxBatchSize(final int events)
    {
        return batchSizes(values.minBatchSize, values.batchSize, events);
    }

    /**
     * Set the three sizes at once.
     *
     * @param least    see {@link #minBatchSize(int)}.
     * @param usual    see {@link #batchSize(int)}.
     * @param greatest see {@link #maxBatchSize(int)}.
     * @return a policy with these sizes.
     */
    public BatchPolicy batchSizes(final int least, final int usual, final int greatest)
    {
        final Values next = values.copy();
        next.minBatchSize = least;
        next.batchSize = usual;
        next.maxBatchSize = greatest;
        return new BatchPolicy(next);
    }

    /**
     * @param ns longest that an event waits for its batch, nanoseconds, a microsecond to an hour.
     * @return a policy with that time-out.
     */
    public BatchPolicy timeoutNs(final long ns)
    {
        final Values next = values.copy();
        next.timeoutNs = ns;
        return new BatchPolicy(next);
    }

    /**
     * @param batches that may be handled at the same time, 1 to 64; more than 1 needs {@link BatchGrouping#BY_TYPE}.
     * @return a policy with that number.
     */
    public BatchPolicy parallelBatches(final int batches)
    {
        final Values next = values.copy();
        next.parallelBatches = batches;
        return new BatchPolicy(next);
    }

    /**
     * @param value which events share a batch.
     * @return a policy with that grouping.
     */
    public BatchPolicy grouping(final BatchGrouping value)
    {
        final Values next = values.copy();
        next.grouping = Objects.requireNonNull(value, "grouping");
        return new BatchPolicy(next);
    }

    /**
     * Let size and time-out follow the load: between {@link #minBatchSize()} and {@link #maxBatchSize()}, and between a
     * twentieth of {@link #timeoutNs()} and all of it. Small and soon where little arrives, large and late where much
     * arrives or the load is high.
     *
     * @param value true to follow.
     * @return a policy that does.
     */
    public BatchPolicy followLoad(final boolean value)
    {
        final Values next = values.copy();
        next.followLoad = value;
        return new BatchPolicy(next);
    }

    /**
     * @param bytes at which a batch is full, records with their padding; 1024 to 268435456. A larger event is a batch
     *              on its own.
     * @return a policy with that limit.
     */
    public BatchPolicy maxBytes(final int bytes)
    {
        final Values next = values.copy();
        next.maxBytes = bytes;
        return new BatchPolicy(next);
    }

    /**
     * @param value false to let CRITICAL events wait like any other.
     * @return a policy that does.
     */
    public BatchPolicy flushOnCritical(final boolean value)
    {
        final Values next = values.copy();
        next.flushOnCritical = value;
        return new BatchPolicy(next);
    }

    /**
     * @param groups that may be open at once, 1 to 64; beyond that the oldest is handed over.
     * @return a policy with that number.
     */
    public BatchPolicy openGroups(final int groups)
    {
        final Values next = values.copy();
        next.openGroups = groups;
        return new BatchPolicy(next);
    }

    /**
     * @param batches that may wait for a worker, 1 to 1024, beside those that are open or being handled.
     * @return a policy with that number.
     */
    public BatchPolicy queuedBatches(final int batches)
    {
        final Values next = values.copy();
        next.queuedBatches = batches;
        return new BatchPolicy(next);
    }

    /**
     * @param value merges superseded states before the handler sees a batch, or null for none.
     * @return a policy with that merger.
     */
    public BatchPolicy stateMerger(final StateMerger value)
    {
        final Values next = values.copy();
        next.stateMerger = value;
        return new BatchPolicy(next);
    }

    /** @return events at which a batch is full. */
    public int batchSize()
    {
        return values.batchSize;
    }

    /** @return least size where sizes follow the load. */
    public int minBatchSize()
    {
        return values.minBatchSize;
    }

    /** @return greatest size where sizes follow the load. */
    public int maxBatchSize()
    {
        return values.maxBatchSize;
    }

    /** @return longest that an event waits for its batch, nanoseconds. */
    public long timeoutNs()
    {
        return values.timeoutNs;
    }

    /** @return batches that may be handled at the same time. */
    public int parallelBatches()
    {
        return values.parallelBatches;
    }

    /** @return which events share a batch. */
    public BatchGrouping grouping()
    {
        return values.grouping;
    }

    /** @return true if size and time-out follow the load. */
    public boolean followLoad()
    {
        return values.followLoad;
    }

    /** @return bytes at which a batch is full. */
    public int maxBytes()
    {
        return values.maxBytes;
    }

    /** @return true if a CRITICAL event hands its batch over at once. */
    public boolean flushOnCritical()
    {
        return values.flushOnCritical;
    }

    /** @return groups that may be open at once. */
    public int openGroups()
    {
        return values.openGroups;
    }

    /** @return batches that may wait for a worker. */
    public int queuedBatches()
    {
        return values.queuedBatches;
    }

    /** @return what merges superseded states, empty for nothing. */
    public Optional<StateMerger> stateMerger()
    {
        return Optional.ofNullable(values.stateMerger);
    }

    /** @return batches that a subscription has, whether open, waiting, being handled or free. */
    public int batches()
    {
        return openGroups() + queuedBatches() + parallelBatches();
    }

    /** @return most bytes of records that a subscription keeps in batches, if no event is larger than a batch. */
    public long mostBytes()
    {
        return (long)batches() * maxBytes();
    }

    private void check()
    {
        requireIn("maxBatchSize", maxBatchSize(), 1, MAX_BATCH_SIZE);
        require(
            minBatchSize() >= 1 && minBatchSize() <= batchSize() && batchSize() <= maxBatchSize(),
            "minBatchSize=" + minBatchSize() + ", batchSize=" + batchSize() + ", maxBatchSize=" + maxBatchSize() +
            ": use 1 <= minBatchSize <= batchSize <= maxBatchSize; batchSizes sets all three at once");
        requireIn("timeoutNs", timeoutNs(), MIN_TIMEOUT_NS, MAX_TIMEOUT_NS);
        requireIn("parallelBatches", parallelBatches(), 1, MAX_PARALLEL);
        require(
            parallelBatches() == 1 || grouping() == BatchGrouping.BY_TYPE,
            "parallelBatches=" + parallelBatches() + " with grouping=" + grouping() +
            ": batches of one group never run at the same time; use grouping BY_TYPE or parallelBatches 1");
        requireIn("maxBytes", maxBytes(), MIN_BYTES, MAX_BYTES);
        requireIn("openGroups", openGroups(), 1, MAX_OPEN_GROUPS);
        requireIn("queuedBatches", queuedBatches(), 1, MAX_QUEUED);
    }

    private static void requireIn(final String name, final long value, final long least, final long most)
    {
        require(value >= least && value <= most, name + "=" + value + ": use " + least + " to " + most);
    }

    private static void require(final boolean holds, final String message)
    {
        if (!holds)
        {
            throw new IllegalArgumentException(message);
        }
    }

    /** Never changed once a policy has them. */
    private static final class Values
    {
        private int batchSize = 50;
        private int minBatchSize = 5;
        private int maxBatchSize = 100;
        private long timeoutNs = TimeUnit.SECONDS.toNanos(2);
        private int parallelBatches = 1;
        private BatchGrouping grouping = BatchGrouping.BY_TYPE;
        private boolean followLoad;
        private int maxBytes = 1 << 16;
        private boolean flushOnCritical = true;
        private int openGroups = 16;
        private int queuedBatches = 8;
        private StateMerger stateMerger;

        private Values copy()
        {
            final Values copy = new Values();
            copy.batchSize = batchSize;
            copy.minBatchSize = minBatchSize;
            copy.maxBatchSize = maxBatchSize;
            copy.timeoutNs = timeoutNs;
            copy.parallelBatches = parallelBatches;
            copy.grouping = grouping;
            copy.followLoad = followLoad;
            copy.maxBytes = maxBytes;
            copy.flushOnCritical = flushOnCritical;
            copy.openGroups = openGroups;
            copy.queuedBatches = queuedBatches;
            copy.stateMerger = stateMerger;
            return copy;
        }
    }
}
