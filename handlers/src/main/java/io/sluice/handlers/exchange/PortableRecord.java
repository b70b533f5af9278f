package io.sluice.handlers.exchange;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStamp;
import org.agrona.ExpandableArrayBuffer;

/** Copies of records without what belongs to the journal they are in. Not thread-safe. */
final class PortableRecord
{
    private final ExpandableArrayBuffer buffer = new ExpandableArrayBuffer(4096);
    private final EventFlyweight copy = new EventFlyweight();

    /** @return view of the copy, valid until the next one. */
    EventFlyweight of(final EventFlyweight event)
    {
        event.copyTo(buffer, 0);
        EventStamp.stamp(buffer, 0, 0, 0, 0, event.verdict(), 0);
        return copy.wrap(buffer, 0);
    }
}
