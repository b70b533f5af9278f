package io.sluice.index;

import io.sluice.event.EventField;

/** A text that many events share: a segment keeps each once, and a number of it for each event. */
public enum IndexText
{
    /** Dot notation. */
    TYPE(EventField.TYPE),
    /** Who created the event; may be absent. */
    SOURCE(EventField.SOURCE);

    /** Number of texts. */
    public static final int COUNT = 2;
    /** Number of an absent text. */
    public static final int NONE = 0;
    /** Number of every text for which there was no room: look at the event. */
    public static final int OTHER = 0xFFFF;

    private final EventField field;

    IndexText(final EventField field)
    {
        this.field = field;
    }

    EventField field()
    {
        return field;
    }
}
