package io.sluice.engine.batch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Queue;

/**
 * Which sealed batch a worker gets next.
 *
 * <p>The order within a group is that in which its batches were sealed, and none is handed out while an earlier one is
 * being handled. Among groups it is that order too, but a group with an urgent batch goes first; after
 * {@link #MOST_OVERTAKES} batches that overtook an older one, the oldest has its turn.
 *
 * <p>For workers, any number of them: they exclude each other for the time of a choice. The feeder is never made to
 * wait, it meets the workers in the two queues only. Allocates nothing after construction, but where a batch is
 * abandoned.
 */
final class BatchSchedule
{
    /** A batch that is not urgent is overtaken by at most that many that are. */
    static final int MOST_OVERTAKES = 8;

    private static final VarHandle TAKEN;
    private static final VarHandle COMPLETED;

    static
    {
        try
        {
            final MethodHandles.Lookup lookup = MethodHandles.lookup();
            TAKEN = lookup.findVarHandle(BatchSchedule.class, "taken", long.class);
            COMPLETED = lookup.findVarHandle(BatchSchedule.class, "completed", long.class);
        }
        catch (final ReflectiveOperationException ex)
        {
            throw new ExceptionInInitializerError(ex);
        }
    }

    private final Queue<BatchBuffer> sealed;
    private final Queue<BatchBuffer> free;
    private final PendingSequences pending;
    private final BatchPolicy policy;
    private final BatchBuffer[] waiting;
    private final SealedBatch[] running;
    private final SealedBatch[] idle;
    private int waitingCount;
    private int runningCount;
    private int idleCount;
    private int overtakes;
    private long taken;
    private long completed;

    /**
     * @param policy  of the batches.
     * @param sealed  from the feeder.
     * @param free    to the feeder.
     * @param pending cleared when a batch is completed.
     */
    BatchSchedule(
        final BatchPolicy policy,
        final Queue<BatchBuffer> sealed,
        final Queue<BatchBuffer> free,
        final PendingSequences pending)
    {
        this.policy = policy;
        this.sealed = sealed;
        this.free = free;
        this.pending = pending;
        waiting = new BatchBuffer[policy.batches()];
        running = new SealedBatch[policy.parallelBatches()];
        idle = new SealedBatch[policy.parallelBatches()];
        while (idleCount < idle.length)
        {
            idle[idleCount++] = newBatch();
        }
    }

    /** @return the next batch to handle, null if there is none now. */
    synchronized SealedBatch take()
    {
        BatchBuffer arrived = sealed.poll();
        while (arrived != null)
        {
            waiting[waitingCount++] = arrived;
            arrived = sealed.poll();
        }
        final int choice = runningCount == running.length ? -1 : choose();
        if (choice < 0)
        {
            return null;
        }
        final BatchBuffer buffer = waiting[choice];
        waitingCount--;
        System.arraycopy(waiting, choice + 1, waiting, choice, waitingCount - choice);
        waiting[waitingCount] = null;
        final SealedBatch batch = idle[--idleCount];
        idle[idleCount] = null;
        batch.begin(buffer);
        running[runningCount++] = batch;
        TAKEN.setRelease(this, taken + 1);
        return batch;
    }

    /** @return false if the batch was abandoned before. */
    synchronized boolean complete(final SealedBatch batch)
    {
        if (!remove(batch))
        {
            return false;
        }
        final BatchBuffer buffer = batch.buffer();
        batch.end();
        idle[idleCount++] = batch;
        giveBack(buffer, buffer);
        return true;
    }

    /** @return false if the batch was completed before. */
    synchronized boolean abandon(final SealedBatch batch)
    {
        if (!remove(batch))
        {
            return false;
        }
        // Whoever still reads the old one keeps it, whole.
        idle[idleCount++] = newBatch();
        final BatchBuffer buffer = batch.buffer();
        giveBack(buffer, new BatchBuffer(buffer.slot(), policy.maxBytes()));
        return true;
    }

    /** @return batches taken so far; any thread. */
    long taken()
    {
        return (long)TAKEN.getAcquire(this);
    }

    /** @return events completed so far; any thread. */
    long completed()
    {
        return (long)COMPLETED.getAcquire(this);
    }

    private void giveBack(final BatchBuffer buffer, final BatchBuffer next)
    {
        final int count = buffer.count();
        pending.clear(buffer.slot());
        COMPLETED.setRelease(this, completed + count);
        free.add(next);
    }

    private boolean remove(final SealedBatch batch)
    {
        for (int i = 0; i < runningCount; i++)
        {
            if (running[i] == batch)
            {
                running[i] = running[--runningCount];
                running[runningCount] = null;
                return true;
            }
        }
        return false;
    }

    private int choose()
    {
        final int oldest = firstOfIdleGroup(0, false);
        final int urgent = oldest < 0 || overtakes == MOST_OVERTAKES ? oldest : firstOfIdleGroup(oldest, true);
        if (urgent <= oldest)
        {
            overtakes = 0;
            return oldest;
        }
        overtakes++;
        return urgent;
    }

    /** @return the first batch whose group is idle, and, if so wanted, has an urgent one waiting; -1 for none. */
    private int firstOfIdleGroup(final int from, final boolean isUrgent)
    {
        for (int i = from; i < waitingCount; i++)
        {
            final long group = waiting[i].group();
            if (!isRunning(group) && (!isUrgent || hasUrgent(group, i)))
            {
                return i;
            }
        }
        return -1;
    }

    private boolean hasUrgent(final long group, final int from)
    {
        for (int i = from; i < waitingCount; i++)
        {
            if (waiting[i].group() == group && waiting[i].isUrgent())
            {
                return true;
            }
        }
        return false;
    }

    private boolean isRunning(final long group)
    {
        for (int i = 0; i < runningCount; i++)
        {
            if (running[i].buffer().group() == group)
            {
                return true;
            }
        }
        return false;
    }

    private SealedBatch newBatch()
    {
        return new SealedBatch(policy.stateMerger().orElse(null), policy.grouping() == BatchGrouping.BY_TYPE);
    }
}
