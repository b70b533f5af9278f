package io.sluice.engine.batch;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.Priority;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;
import java.util.function.LongConsumer;
import java.util.function.LongPredicate;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.ManyToOneConcurrentArrayQueue;
import org.agrona.concurrent.OneToOneConcurrentArrayQueue;

/**
 * Collects the events of one subscription into batches, and hands these to workers. Internal to the engine.
 *
 * <pre>
 *   feeder:   if (!accumulator.offer(event, nowNs)) leave for the journal; the event was not taken
 *             each duty cycle: accumulator.onTime(nowNs)
 *   worker:   batch = accumulator.poll()
 *             try     { handler.onBatch(batch.events()) }
 *             catch   { batch.fail(exception) }
 *             keep what failed, event by event, then accumulator.complete(batch)
 * </pre>
 *
 * <p><b>When.</b> A batch is sealed, that is ready for a worker, when it is full, when its first event has waited for
 * the time-out, when a CRITICAL event joins it, when {@link #flush} is called, and when a further group is opened
 * beyond {@link BatchPolicy#openGroups} while it is the oldest. A CRITICAL event flushes the batch of its own group and
 * no other: it is handed over behind the events of its group that came before it, and with them, so the order in the
 * group holds; other groups go on to fill. Its group goes before groups without a CRITICAL event, but for the bound
 * that is said below.
 *
 * <p><b>Order.</b> Within a group (all events, or those of a type) events are handed over in the order in which they
 * were fed, whatever their priority, and batches one after the other: the next one is given out when the one before is
 * completed. Batches of other groups may be given out and completed in between. A batch is overtaken by at most 8
 * batches of groups with a CRITICAL event in a row.
 *
 * <p><b>Bounds.</b> Batches are used again and again. While none is free, an event that would need one is refused: the
 * feeder never waits, and what was taken is never dropped. Memory is at most {@link BatchPolicy#mostBytes}, and beyond
 * that one event for each batch that holds a larger one.
 *
 * <p><b>Threads.</b> {@link #offer}, {@link #isPending}, {@link #onTime}, {@link #flush} and {@link #load} belong to
 * the feeder: several threads may take turns if each hands over with release and acquire. {@link #poll},
 * {@link #complete} and {@link #abandon} may be called by any number of workers; they exclude each other for the time
 * of a choice, and never the feeder. The other methods are for any thread. The feeder's methods never block, and
 * allocate nothing once the batches have grown to their size, unless an event is larger than a batch. {@link #poll} and
 * {@link #complete} allocate nothing then, either.
 *
 * <p><b>Time</b> is nanoseconds of one clock. Where it steps back by no more than the time-out it is taken to stand
 * still; where it is set back further, what was waited so far still counts.
 */
public final class BatchAccumulator
{
    /** What {@link #lowestPending} returns if nothing is pending, and {@link #nearestDeadlineNs} if nothing is due. */
    public static final long NONE = Long.MAX_VALUE;

    private static final VarHandle DEADLINE;
    private static final VarHandle ACCEPTED;
    private static final VarHandle SEALED;

    static
    {
        try
        {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            DEADLINE = lookup.findVarHandle(BatchAccumulator.class, "deadlineNs", long.class);
            ACCEPTED = lookup.findVarHandle(BatchAccumulator.class, "accepted", long.class);
            SEALED = lookup.findVarHandle(BatchAccumulator.class, "sealed", long.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final BatchPolicy policy;
    private final boolean isByType;
    private final PendingSequences pending;
    private final LoadFollower follower;
    private final BatchSchedule schedule;
    private final Queue<BatchBuffer> sealedBatches;
    private final Queue<BatchBuffer> freeBatches;
    // Of the last batch in each slot; the feeder's own.
    private final long[] groups;
    // In the order in which they were opened: the first is due first.
    private final BatchBuffer[] open;
    private final LongPredicate reserve;
    private final LongConsumer release;
    private long reserved;
    private int openCount;
    private int lastIndex;
    private long lastNs = Long.MIN_VALUE;
    private double load;
    @SuppressWarnings("UnusedVariable")
    private long deadlineNs = NONE;
    private long accepted;
    private long sealed;

    /**
     * Every batch is made here; each grows when it is first filled.
     *
     * @param policy of the batches.
     */
    public BatchAccumulator(final BatchPolicy policy)
    {
        this(policy, bytes -> true, bytes ->
        {
        });
    }

    /**
     * Every batch is made here; each reserves memory when it grows. Where there is none, events are refused as if no
     * batch were free, unless nothing is pending: then one event is taken all the same, so that it goes on.
     *
     * @param policy  of the batches.
     * @param reserve asked before bytes are allocated.
     * @param release told of bytes that are not used any more.
     */
    public BatchAccumulator(final BatchPolicy policy, final LongPredicate reserve, final LongConsumer release)
    {
        this.policy = policy;
        this.reserve = reserve;
        this.release = release;
        isByType = policy.grouping() == BatchGrouping.BY_TYPE;
        final int batches = policy.batches();
        pending = new PendingSequences(batches);
        groups = new long[batches];
        follower = new LoadFollower(policy);
        sealedBatches = new OneToOneConcurrentArrayQueue<>(batches);
        freeBatches = new ManyToOneConcurrentArrayQueue<>(Math.max(2, batches));
        schedule = new BatchSchedule(policy, sealedBatches, freeBatches, pending);
        open = new BatchBuffer[policy.openGroups()];
        for (int slot = 0; slot < batches; slot++)
        {
            freeBatches.add(new BatchBuffer(slot, policy.maxBytes()));
        }
    }

    /** @return the policy. */
    public BatchPolicy policy()
    {
        return policy;
    }

    /**
     * Take an event; its bytes are copied. Of each priority, events come in the order of their sequences.
     *
     * @param event to take.
     * @param nowNs time, nanoseconds.
     * @return false if no batch is free for it; it was not taken then.
     */
    public boolean offer(final EventFlyweight event, final long nowNs)
    {
        final long timeNs = advance(nowNs);
        follower.onArrival(timeNs, currentLoad());
        final boolean isTaken = add(event, timeNs);
        updateDeadline();
        return isTaken;
    }

    /**
     * Whether an event that is handled at once would overtake one in a batch: where the mode of a type changes with the
     * load, its events go on into batches until this is false.
     *
     * @param event that is not offered.
     * @return true if an event of its group and priority was taken and is not completed; for the feeder.
     */
    public boolean isPending(final EventFlyweight event)
    {
        if (pending() == 0)
        {
            return false;
        }
        final long group =
            group(event.buffer(), event.fieldOffset(EventField.TYPE), event.fieldLength(EventField.TYPE));
        final int priorityCode = event.priorityCode();
        for (int slot = 0; slot < groups.length; slot++)
        {
            if (groups[slot] == group && pending.isPending(slot, priorityCode))
            {
                return true;
            }
        }
        return false;
    }

    /**
     * Seal what is due. Costs a compare while nothing is; to be called in each duty cycle, whether events come or not.
     *
     * @param nowNs time, nanoseconds.
     * @return batches that were sealed.
     */
    public int onTime(final long nowNs)
    {
        final long timeNs = advance(nowNs);
        if (timeNs < (long)DEADLINE.getOpaque(this))
        {
            return 0;
        }
        follower.onTime(timeNs, currentLoad());
        final long before = sealed;
        for (int i = 0; i < openCount;)
        {
            final BatchBuffer batch = open[i];
            if (timeNs - batch.openedNs() >= follower.timeoutNs() || batch.count() >= follower.batchSize())
            {
                seal(i, timeNs);
            }
            else
            {
                i++;
            }
        }
        updateDeadline();
        return (int)(sealed - before);
    }

    /**
     * Seal everything that is open, oldest first.
     *
     * @param nowNs time, nanoseconds.
     * @return batches that were sealed.
     */
    public int flush(final long nowNs)
    {
        final long timeNs = advance(nowNs);
        final int count = openCount;
        while (openCount > 0)
        {
            seal(0, timeNs);
        }
        updateDeadline();
        return count;
    }

    /**
     * Say how loaded the engine is, for sizes and time-outs that follow the load. Batches that wait for a worker count
     * as load, too, without being reported here.
     *
     * @param value 0 (idle) to 1; anything beyond is taken as the nearer of the two.
     */
    public void load(final double value)
    {
        // Not a number fails every comparison, and counts as idle.
        load = value > 0.0 ? Math.min(value, 1.0) : 0.0;
    }

    /** Give back what was reserved. Nothing may be offered or handled any more. */
    public void releaseMemory()
    {
        release.accept(reserved);
        reserved = 0;
    }

    /** @return events at which a batch is full now; for the feeder. */
    public int currentBatchSize()
    {
        return follower.batchSize();
    }

    /** @return longest that an event waits for its batch now, nanoseconds; for the feeder. */
    public long currentTimeoutNs()
    {
        return follower.timeoutNs();
    }

    /** @return when {@link #onTime} has something to do next, nanoseconds; {@link #NONE} if nothing is open. */
    public long nearestDeadlineNs()
    {
        return (long)DEADLINE.getOpaque(this);
    }

    /**
     * Lowest sequence of a priority that was taken and is not completed. A position that must not lie beyond it is made
     * of what the feeder says it has fed, read <i>before</i> this is called, and of this.
     *
     * @param priorityCode code of the priority.
     * @return the sequence, never above that of an event that is pending during the whole call; {@link #NONE} if
     *         nothing is.
     */
    public long lowestPending(final int priorityCode)
    {
        return pending.lowest(Priority.of(priorityCode).code());
    }

    /** @return events that were taken and are not completed; never too few. */
    public long pending()
    {
        final long completed = schedule.completed();
        return (long)ACCEPTED.getAcquire(this) - completed;
    }

    /** @return batches that are sealed and that no worker has taken; never too few. */
    public int waiting()
    {
        final long taken = schedule.taken();
        return (int)((long)SEALED.getAcquire(this) - taken);
    }

    /**
     * Take the next batch to handle. Whoever takes one must complete or abandon it.
     *
     * @return the batch, or null if none is sealed, enough are being handled, or all that wait must wait for one of
     *         their group; look again after the next completion.
     */
    public SealedBatch poll()
    {
        return schedule.take();
    }

    /**
     * Give a batch back: its events are delivered, or kept elsewhere if they failed. Batches may be completed in any
     * order.
     *
     * @param batch that was taken.
     * @return false if it was abandoned meanwhile, and nothing was done.
     */
    public boolean complete(final SealedBatch batch)
    {
        return schedule.complete(batch);
    }

    /**
     * Complete a batch whose handler does not return, from another thread. Its memory is not used again, so the handler
     * may go on to read it; when it returns in the end, {@link #complete} does nothing.
     *
     * @param batch that was taken.
     * @return false if it was completed meanwhile, and nothing was done.
     */
    public boolean abandon(final SealedBatch batch)
    {
        return schedule.abandon(batch);
    }

    private boolean add(final EventFlyweight event, final long nowNs)
    {
        final DirectBuffer buffer = event.buffer();
        final int typeOffset = event.fieldOffset(EventField.TYPE);
        final int typeLength = event.fieldLength(EventField.TYPE);
        final long group = group(buffer, typeOffset, typeLength);
        int index = find(group, buffer, typeOffset, typeLength);
        if (index >= 0 && !open[index].fits(event.recordLength()))
        {
            seal(index, nowNs);
            index = -1;
        }
        if (index < 0)
        {
            index = open(group, event, nowNs);
            if (index < 0)
            {
                return false;
            }
        }
        final BatchBuffer batch = open[index];
        if (!mayGrow(batch, event.recordLength()))
        {
            giveUp(batch, index);
            return false;
        }
        final int priorityCode = event.priorityCode();
        // Before anybody can complete it.
        pending.add(batch.slot(), priorityCode, event.sequence());
        ACCEPTED.setRelease(this, accepted + 1);
        batch.add(event);
        lastIndex = index;
        final boolean isUrgent = policy.flushOnCritical() && priorityCode == Priority.CRITICAL.code();
        if (isUrgent)
        {
            batch.makeUrgent();
        }
        if (isUrgent || batch.count() >= follower.batchSize())
        {
            seal(index, nowNs);
        }
        return true;
    }

    private boolean mayGrow(final BatchBuffer batch, final int recordLength)
    {
        final long growth = batch.growth(recordLength);
        if (growth == 0)
        {
            return true;
        }
        if (reserve.test(growth))
        {
            reserved += growth;
            return true;
        }
        return pending() == 0;
    }

    // A batch without an event is none.
    private void giveUp(final BatchBuffer batch, final int index)
    {
        if (batch.count() == 0)
        {
            openCount--;
            System.arraycopy(open, index + 1, open, index, openCount - index);
            open[openCount] = null;
            freeBatches.add(batch);
        }
    }

    private long group(final DirectBuffer buffer, final int typeOffset, final int typeLength)
    {
        return isByType ? EventHash.hash64(buffer, typeOffset, typeLength) : 0L;
    }

    private int find(final long group, final DirectBuffer buffer, final int typeOffset, final int typeLength)
    {
        if (lastIndex < openCount && isOf(open[lastIndex], group, buffer, typeOffset, typeLength))
        {
            return lastIndex;
        }
        for (int i = 0; i < openCount; i++)
        {
            if (isOf(open[i], group, buffer, typeOffset, typeLength))
            {
                return i;
            }
        }
        return -1;
    }

    // Two types may have the same hash: their batches then wait for each other, but each has one type.
    private boolean isOf(
        final BatchBuffer batch,
        final long group,
        final DirectBuffer buffer,
        final int typeOffset,
        final int typeLength)
    {
        return batch.group() == group && (!isByType || batch.isOfType(buffer, typeOffset, typeLength));
    }

    private int open(final long group, final EventFlyweight event, final long nowNs)
    {
        final BatchBuffer batch = freeBatches.poll();
        if (batch == null)
        {
            return -1;
        }
        if (openCount == open.length)
        {
            seal(0, nowNs);
        }
        final int before = batch.capacity();
        batch.open(group, event, nowNs);
        giveBack((long)before - batch.capacity());
        groups[batch.slot()] = group;
        open[openCount] = batch;
        return openCount++;
    }

    // What one large event took. It may not have been reserved.
    private void giveBack(final long bytes)
    {
        final long given = Math.min(bytes, reserved);
        if (given > 0)
        {
            reserved -= given;
            release.accept(given);
        }
    }

    private void seal(final int index, final long nowNs)
    {
        final BatchBuffer batch = open[index];
        openCount--;
        System.arraycopy(open, index + 1, open, index, openCount - index);
        open[openCount] = null;
        batch.seal(nowNs);
        SEALED.setRelease(this, sealed + 1);
        sealedBatches.add(batch);
    }

    private void updateDeadline()
    {
        final long deadline = openCount == 0 ?
            NONE : Math.min(open[0].openedNs() + follower.timeoutNs(), follower.nextLookNs());
        DEADLINE.setOpaque(this, deadline);
    }

    private double currentLoad()
    {
        return policy.followLoad() ? Math.max(load, Math.min(1.0, waiting() / (double)policy.queuedBatches())) : 0.0;
    }

    private long advance(final long nowNs)
    {
        final long backNs = lastNs - nowNs;
        if (nowNs < lastNs && backNs <= policy.timeoutNs())
        {
            return lastNs;
        }
        if (nowNs < lastNs)
        {
            for (int i = 0; i < openCount; i++)
            {
                open[i].shift(backNs);
            }
            follower.shift(backNs);
            updateDeadline();
        }
        lastNs = nowNs;
        return nowNs;
    }
}
