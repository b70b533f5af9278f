package io.sluice.event.filter;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;

/** The event that a filter looks at, and what of its JSON was read already. Not thread-safe. */
final class FilterInput
{
    private final JsonDocument payload = new JsonDocument(EventField.PAYLOAD);
    private final JsonDocument metadata = new JsonDocument(EventField.METADATA);
    private EventFlyweight event;

    FilterInput wrap(final EventFlyweight newEvent)
    {
        event = newEvent;
        payload.forget();
        metadata.forget();
        return this;
    }

    EventFlyweight event()
    {
        return event;
    }

    /** @return the document of {@link FilterField#PAYLOAD} or {@link FilterField#METADATA}. */
    JsonDocument document(final FilterField field)
    {
        return field == FilterField.PAYLOAD ? payload : metadata;
    }
}
