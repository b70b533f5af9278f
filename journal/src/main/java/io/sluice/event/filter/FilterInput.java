package io.sluice.event.filter;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;

/** The event that a filter looks at, what of its JSON was read already, and what was made of it. Not thread-safe. */
final class FilterInput
{
    // A filter can name the payload more than a thousand times.
    private static final int MAX_MADE = 1 << 22;

    private final JsonDocument payload = new JsonDocument(EventField.PAYLOAD);
    private final JsonDocument metadata = new JsonDocument(EventField.METADATA);
    private EventFlyweight event;
    private long made;

    FilterInput wrap(final EventFlyweight newEvent)
    {
        event = newEvent;
        payload.forget();
        metadata.forget();
        made = 0;
        return this;
    }

    /** @return true if a text of so many characters may be made, with all that were made of this event. */
    boolean mayMake(final long characters)
    {
        made += characters;
        return made <= MAX_MADE;
    }

    EventFlyweight event()
    {
        return event;
    }

    /** @return places in payload and metadata that are looked for. */
    int pathCount()
    {
        return payload.size() + metadata.size();
    }

    /** @return the document of {@link FilterField#PAYLOAD} or {@link FilterField#METADATA}. */
    JsonDocument document(final FilterField field)
    {
        return field == FilterField.PAYLOAD ? payload : metadata;
    }
}
