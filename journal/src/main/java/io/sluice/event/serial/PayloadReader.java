package io.sluice.event.serial;

import io.sluice.event.ContentType;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.PayloadSerializer;
import io.sluice.event.UndecodableEventException;
import java.util.List;
import java.util.stream.Collectors;
import org.agrona.DirectBuffer;

/**
 * Reads the payloads of events as values of one class, whatever their content type. Remembers which serializer reads
 * which of the frequent content types, so that what is left per event is the decoding itself.
 *
 * <p>Not thread-safe.
 *
 * @param <T> class of the values.
 */
public final class PayloadReader<T>
{
    private static final int KNOWN = ContentType.values().length;

    private final Class<T> type;
    private final List<PayloadSerializer<?>> serializers;
    private final PayloadSerializer<?>[] byContentType = new PayloadSerializer<?>[KNOWN];

    PayloadReader(final Class<T> type, final List<PayloadSerializer<?>> serializers)
    {
        this.type = type;
        this.serializers = serializers;
        for (final ContentType contentType : ContentType.values())
        {
            byContentType[contentType.code()] =
                contentType == ContentType.OTHER ? null : find(contentType.mediaType());
        }
    }

    /** @return the class of the values. */
    public Class<T> type()
    {
        return type;
    }

    /**
     * Decode a payload.
     *
     * @param event whose payload is read.
     * @return the value.
     * @throws UndecodableEventException if no serializer reads its content type, or the bytes are not what that says.
     */
    public T read(final EventFlyweight event)
    {
        final ContentType contentType = event.contentType();
        final PayloadSerializer<?> serializer =
            contentType == ContentType.OTHER ? find(event.mediaType()) : byContentType[contentType.code()];
        if (serializer == null)
        {
            throw new UndecodableEventException(
                event,
                type,
                "no serializer reads this content type, only " + serializers.stream()
                    .map(PayloadSerializer::mediaType)
                    .collect(Collectors.joining(", ")) + "; publish one of these, or add a serializer",
                null);
        }
        try
        {
            final int offset = event.fieldOffset(EventField.PAYLOAD);
            return type.cast(decode(serializer, event.buffer(), offset, event.fieldLength(EventField.PAYLOAD)));
        }
        catch (final RuntimeException ex)
        {
            throw new UndecodableEventException(event, type, String.valueOf(ex.getMessage()), ex);
        }
    }

    // A serializer that handles a class may be asked for it.
    @SuppressWarnings("unchecked")
    private <V> V decode(
        final PayloadSerializer<V> serializer, final DirectBuffer source, final int offset, final int length)
    {
        return serializer.decode(source, offset, length, (Class<? extends V>)type);
    }

    private PayloadSerializer<?> find(final String mediaType)
    {
        for (final PayloadSerializer<?> serializer : serializers)
        {
            if (serializer.reads(mediaType))
            {
                return serializer;
            }
        }
        return null;
    }
}
