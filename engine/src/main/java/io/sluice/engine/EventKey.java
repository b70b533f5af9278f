package io.sluice.engine;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;

/** What makes events belong together: those with the same key are handled in order. */
@FunctionalInterface
public interface EventKey
{
    /**
     * The aggregate of an event, if it has one; else its correlation id; else its session; else its source. Allocates
     * nothing.
     */
    EventKey DEFAULT = EventKey::standard;

    /**
     * @param event to look at, valid during the call.
     * @return hash of the key. Events with equal ones are taken as belonging together.
     */
    long of(EventFlyweight event);

    private static long standard(final EventFlyweight event)
    {
        if (event.fieldLength(EventField.AGGREGATE_ID) > 0)
        {
            return hash(event, EventField.AGGREGATE_TYPE) * 31 + hash(event, EventField.AGGREGATE_ID);
        }
        if (event.fieldLength(EventField.CORRELATION_ID) > 0)
        {
            return hash(event, EventField.CORRELATION_ID);
        }
        return hash(event, event.fieldLength(EventField.SESSION_ID) > 0 ? EventField.SESSION_ID : EventField.SOURCE);
    }

    private static long hash(final EventFlyweight event, final EventField field)
    {
        return EventHash.hash64(event.buffer(), event.fieldOffset(field), event.fieldLength(field));
    }
}
