package io.sluice.handlers.payload;

import io.sluice.engine.EventHandler;
import io.sluice.event.serial.PayloadReader;
import io.sluice.event.serial.PayloadSerializers;
import java.util.Objects;

/** Makes handlers of events out of handlers of payloads. */
public final class PayloadHandlers
{
    private PayloadHandlers()
    {
    }

    /**
     * A handler that decodes with the serializers that need no library, see {@link PayloadSerializers#standard()}.
     *
     * @param type    of the payload.
     * @param handler of the events.
     * @param <T>     the same as type.
     * @return for one subscription.
     * @throws io.sluice.event.EventException if no serializer handles the class.
     */
    public static <T> EventHandler of(final Class<T> type, final PayloadHandler<? super T> handler)
    {
        return of(type, PayloadSerializers.standard(), handler);
    }

    /**
     * A handler that decodes and calls. What can't be decoded is thrown as {@link
     * io.sluice.event.UndecodableEventException}, and the handler is not called.
     *
     * @param type        of the payload.
     * @param serializers to decode with.
     * @param handler     of the events.
     * @param <T>         the same as type.
     * @return for one subscription: it may be called by one thread at a time.
     * @throws io.sluice.event.EventException if no serializer handles the class.
     */
    public static <T> EventHandler of(
        final Class<T> type, final PayloadSerializers serializers, final PayloadHandler<? super T> handler)
    {
        Objects.requireNonNull(handler, "handler");
        final PayloadReader<T> reader = serializers.reader(type);
        return event -> handler.onEvent(reader.read(event), event);
    }
}
