package io.sluice.engine.batch;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import org.agrona.DirectBuffer;

/**
 * Decides by a {@link ModeTable} on the path of an event. Remembers the mode of each type, up to a bound beyond which
 * types are matched anew each time, and whether the load is high: that begins above one threshold and ends below the
 * other.
 *
 * <p>Not thread-safe: one per thread. A decision on a known type allocates nothing. Internal to the engine.
 */
public final class ModeSelector
{
    static final int MAX_TYPES = 1024;

    private static final int BUCKETS = 4 * MAX_TYPES;

    private final Entry[] table = new Entry[BUCKETS];
    private final ModeTable modes;
    private int known;
    private boolean busy;

    /**
     * @param modes to decide by.
     */
    public ModeSelector(final ModeTable modes)
    {
        this.modes = modes;
    }

    /**
     * Decide on an event.
     *
     * @param event to be processed.
     * @param load  of the engine, 0 to 1.
     * @return the mode.
     */
    public ProcessingMode select(final EventFlyweight event, final double load)
    {
        if (load > modes.batchAbove())
        {
            busy = true;
        }
        else if (load <= modes.restBelow())
        {
            busy = false;
        }
        return ModeTable.decide(byType(event), event.priorityCode(), busy);
    }

    /** @return true while NORMAL and LOW events are batched because of the load. */
    public boolean isBusy()
    {
        return busy;
    }

    private ProcessingMode byType(final EventFlyweight event)
    {
        final DirectBuffer buffer = event.buffer();
        final int offset = event.fieldOffset(EventField.TYPE);
        final int length = event.fieldLength(EventField.TYPE);
        final long hash = EventHash.hash64(buffer, offset, length);
        int bucket = (int)hash & (BUCKETS - 1);
        Entry entry = table[bucket];
        while (entry != null)
        {
            if (entry.hash == hash && entry.type.matches(buffer, offset, length))
            {
                return entry.mode;
            }
            bucket = (bucket + 1) & (BUCKETS - 1);
            entry = table[bucket];
        }
        final ProcessingMode mode = modes.ruleOf(buffer, offset, length).mode();
        if (known < MAX_TYPES)
        {
            known++;
            table[bucket] = new Entry(hash, mode);
            table[bucket].type.set(buffer, offset, length);
        }
        return mode;
    }

    private static final class Entry
    {
        private final TypeKey type = new TypeKey();
        private final long hash;
        private final ProcessingMode mode;

        Entry(final long hash, final ProcessingMode mode)
        {
            this.hash = hash;
            this.mode = mode;
        }
    }
}
