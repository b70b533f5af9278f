package io.sluice.engine.stream;

import io.sluice.event.EventFlyweight;

/**
 * Something that a stream holds: an event, or a notice of events that were missed. Immutable, and to be kept as long as
 * anybody likes.
 *
 * @param event  a copy of the event, null for a notice.
 * @param missed the notice, null for an event.
 */
public record StreamItem(EventFlyweight event, MissedEvents missed)
{
    /** @return true for an event, false for a notice. */
    public boolean isEvent()
    {
        return event != null;
    }
}
