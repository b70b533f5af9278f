package io.sluice.engine.batch;

import io.sluice.event.EventFlyweight;
import java.util.Arrays;
import java.util.Objects;

/**
 * A batch of events as a {@link BatchHandler} sees it: in the order in which they were accumulated, within a type that
 * is the order in which they were handled. Where a {@link StateMerger} is at work an event may stand for several.
 *
 * <p>For the thread of the call, and valid until it returns; after that the views are poisoned.
 * {@link EventFlyweight#copyTo} keeps an event. Reads allocate nothing, but for {@link #type}.
 */
public final class EventBatch
{
    private final BatchMerge merge = new BatchMerge();
    private EventFlyweight[] views = {};
    private int[] left = {};
    private Throwable[] failures = {};
    private BatchBuffer buffer;
    private boolean isGrouped;
    private int size;
    private String type;

    EventBatch()
    {
    }

    /** @return events to handle, 1 or more. */
    public int size()
    {
        ensureValid();
        return size;
    }

    /**
     * @param index from 0.
     * @return view of the event; each index has its own. Its flags say whether the event, or one that it stands for, is
     *         redelivered.
     */
    public EventFlyweight event(final int index)
    {
        return views[at(index)];
    }

    /**
     * @return the type that all events have, empty if they were not grouped by type. Allocates when it is first asked
     *         for.
     */
    public String type()
    {
        ensureValid();
        if (type == null)
        {
            type = isGrouped ? views[left[0]].type() : "";
        }
        return type;
    }

    /** @return lowest sequence among all events of the batch, superseded ones included. */
    public long firstSequence()
    {
        ensureValid();
        return buffer.firstSequence();
    }

    /** @return highest sequence among all events of the batch, superseded ones included. */
    public long lastSequence()
    {
        ensureValid();
        return buffer.lastSequence();
    }

    /** @return true if at least one event is handed out again after a restart. */
    public boolean isRedelivered()
    {
        ensureValid();
        return buffer.isRedelivered();
    }

    /** @return true if at least one event stands for several. */
    public boolean isMerged()
    {
        ensureValid();
        return size < buffer.count();
    }

    /**
     * @param index of an event, from 0.
     * @return how many events it stands for, itself included: 1 if nothing was merged into it.
     */
    public int eventCount(final int index)
    {
        final int at = at(index);
        return isMerged() ? merge.count(at) : 1;
    }

    /**
     * @param index of an event, from 0.
     * @return lowest sequence among the events that it stands for.
     */
    public long firstSequence(final int index)
    {
        final int at = at(index);
        return isMerged() ? merge.firstSequence(at) : views[at].sequence();
    }

    /**
     * @param index of an event, from 0.
     * @return highest sequence among the events that it stands for.
     */
    public long lastSequence(final int index)
    {
        final int at = at(index);
        return isMerged() ? merge.lastSequence(at) : views[at].sequence();
    }

    /**
     * Report that an event could not be handled. All events that it stands for count as failed, each on its own; the
     * others count as delivered. Of several reports for one event the last counts.
     *
     * @param index of the event, from 0.
     * @param cause of the failure.
     */
    public void fail(final int index, final Throwable cause)
    {
        failures[at(index)] = Objects.requireNonNull(cause, "cause");
    }

    /** Start to show a batch. */
    void begin(final BatchBuffer batch, final boolean grouped)
    {
        final int count = batch.count();
        ensureRoom(count);
        buffer = batch;
        isGrouped = grouped;
        type = null;
        size = count;
        for (int i = 0; i < count; i++)
        {
            batch.wrap(i, views[i]);
            left[i] = i;
            failures[i] = null;
        }
    }

    /** Merge what is superseded; if the merger throws, everything stays as it was. */
    void merge(final StateMerger merger)
    {
        merge.begin(buffer, views);
        try
        {
            merger.merge(merge);
            size = merge.finish(left);
        }
        finally
        {
            merge.end();
        }
    }

    /** @return why the event that was accumulated at an index failed, null if it did not. */
    Throwable failure(final int index)
    {
        return failures[isMerged() ? merge.representative(index) : index];
    }

    /** Fail every event that did not fail yet. */
    void failOthers(final Throwable cause)
    {
        for (int i = 0; i < size; i++)
        {
            if (failures[left[i]] == null)
            {
                failures[left[i]] = cause;
            }
        }
    }

    /** Stop to show the batch, and poison its views. */
    void end()
    {
        for (int i = 0, count = buffer.count(); i < count; i++)
        {
            views[i].unwrap();
            failures[i] = null;
        }
        merge.release();
        buffer = null;
    }

    private void ensureRoom(final int count)
    {
        final int before = views.length;
        if (before < count)
        {
            views = Arrays.copyOf(views, count);
            left = new int[count];
            failures = new Throwable[count];
            for (int i = before; i < count; i++)
            {
                views[i] = new EventFlyweight();
            }
        }
    }

    private int at(final int index)
    {
        ensureValid();
        return left[BatchIndex.check(index, size)];
    }

    private void ensureValid()
    {
        if (buffer == null)
        {
            throw new IllegalStateException("this batch is over: use it until onBatch returns, copyTo keeps an event");
        }
    }
}
