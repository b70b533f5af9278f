package io.sluice.engine.batch;

import io.sluice.event.EventFlyweight;
import java.util.Objects;

/**
 * A batch that a worker took with {@link BatchAccumulator#poll}: what the handler gets, and, for the engine, each event
 * as it was accumulated and what became of it.
 *
 * <p>For the thread that took it, until {@link BatchAccumulator#complete}; for the one that
 * {@link BatchAccumulator#abandon abandons} it, for as long as it likes. Internal to the engine.
 */
public final class SealedBatch
{
    private final EventBatch events = new EventBatch();
    private final EventFlyweight view = new EventFlyweight();
    private final StateMerger merger;
    private final boolean isGrouped;
    private BatchBuffer buffer;
    private boolean isStarted;

    /**
     * @param merger    of superseded states, or null.
     * @param isGrouped true if all events of a batch are of one type.
     */
    SealedBatch(final StateMerger merger, final boolean isGrouped)
    {
        this.merger = merger;
        this.isGrouped = isGrouped;
    }

    /**
     * What the handler gets. The first call merges superseded states, on the calling thread.
     *
     * @return the events.
     * @throws RuntimeException whatever a {@link StateMerger} throws; treat it as if the handler had thrown it. A
     *                          second call then returns the events without anything merged.
     */
    public EventBatch events()
    {
        if (!isStarted)
        {
            isStarted = true;
            if (merger != null)
            {
                events.merge(merger);
            }
        }
        return events;
    }

    /** @return events as they were accumulated, superseded ones included. */
    public int size()
    {
        return buffer().count();
    }

    /**
     * @param index of an event as it was accumulated, from 0 to {@link #size()} - 1.
     * @return view of it, valid until the next call.
     */
    public EventFlyweight event(final int index)
    {
        return buffer().wrap(BatchIndex.check(index, buffer().count()), view);
    }

    /**
     * @param index of an event as it was accumulated, from 0 to {@link #size()} - 1.
     * @return why it, or the event that stood for it, failed; null if it did not.
     */
    public Throwable failure(final int index)
    {
        return events.failure(BatchIndex.check(index, buffer().count()));
    }

    /** @return events that failed, as they were accumulated; 0 if all are delivered. */
    public int failed()
    {
        int failed = 0;
        for (int i = 0, count = buffer().count(); i < count; i++)
        {
            failed += events.failure(i) == null ? 0 : 1;
        }
        return failed;
    }

    /**
     * Fail every event that the handler did not fail by itself, because it threw.
     *
     * @param cause what it threw.
     */
    public void fail(final Throwable cause)
    {
        events.failOthers(Objects.requireNonNull(cause, "cause"));
    }

    /** @return when the first event was accumulated, nanoseconds. */
    public long openedNs()
    {
        return buffer().openedNs();
    }

    /** @return when the batch was ready for a worker, nanoseconds. */
    public long sealedNs()
    {
        return buffer().sealedNs();
    }

    void begin(final BatchBuffer batch)
    {
        buffer = batch;
        isStarted = false;
        events.begin(batch, isGrouped);
    }

    void end()
    {
        events.end();
        view.unwrap();
        buffer = null;
    }

    BatchBuffer buffer()
    {
        if (buffer == null)
        {
            throw new IllegalStateException("this batch was completed: use it until then");
        }
        return buffer;
    }
}
