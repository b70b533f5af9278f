package io.sluice.event;

/**
 * The payload of an event can't be turned into what a handler asks for. Trying again gives the same, so such an event
 * is counted, reported and passed over, and never retried by itself: it becomes a dead letter, whose payload can be
 * repaired.
 */
public final class UndecodableEventException extends EventException
{
    private static final long serialVersionUID = 1L;

    private final long sequence;
    private final String type;

    /**
     * @param event  that can't be decoded.
     * @param wanted class that was asked for.
     * @param reason why it can't be, and the remedy.
     * @param cause  what the serializer threw, or null.
     */
    public UndecodableEventException(
        final EventFlyweight event, final Class<?> wanted, final String reason, final Throwable cause)
    {
        super(
            "event " + event.sequence() + " of type '" + event.type() + "' with content type '" + event.mediaType() +
            "' can't be decoded as " + wanted.getName() + ": " + reason, cause);
        sequence = event.sequence();
        type = event.type();
    }

    /** @return sequence of the event, 0 if it has none yet. */
    public long sequence()
    {
        return sequence;
    }

    /** @return type of the event. */
    public String type()
    {
        return type;
    }
}
