package io.sluice.event.serial;

import io.sluice.event.EventException;
import io.sluice.event.PayloadSerializer;
import java.util.List;
import java.util.Objects;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The serializers there are: those of Sluice, those that a {@link ServiceLoader} finds on the class path, and those
 * that were added. One that is added later goes before.
 *
 * <pre>
 *   String                 text/*, and JSON as its text; encodes text/plain
 *   byte[]                 anything; encodes application/octet-stream
 *   DirectBuffer           anything, as a view of the event; encodes application/octet-stream
 *   Map&lt;String, Object&gt;    JSON objects; encodes application/json
 * </pre>
 *
 * <p>Immutable, safe to share between threads.
 */
public final class PayloadSerializers
{
    private static final PayloadSerializers STANDARD = new PayloadSerializers(List.of(
        new TextSerializer(), new JsonObjectSerializer(), new BytesSerializer(), new ViewSerializer()));

    private final List<PayloadSerializer<?>> all;

    private PayloadSerializers(final List<PayloadSerializer<?>> all)
    {
        this.all = all;
    }

    /** @return those of Sluice that need no library. */
    public static PayloadSerializers standard()
    {
        return STANDARD;
    }

    /**
     * Those of Sluice, and before them those that the class path offers as a {@code
     * META-INF/services/io.sluice.event.PayloadSerializer}.
     *
     * @return all of them.
     * @throws EventException if one of them can't be made.
     */
    public static PayloadSerializers load()
    {
        PayloadSerializers loaded = STANDARD;
        try
        {
            for (final PayloadSerializer<?> found :
                ServiceLoader.load(PayloadSerializer.class, PayloadSerializers.class.getClassLoader()))
            {
                loaded = loaded.add(found);
            }
            return loaded;
        }
        catch (final ServiceConfigurationError ex)
        {
            throw new EventException(
                "a payload serializer on the class path can't be used (" + ex.getMessage() +
                "): put what it needs on the class path, or take it off", ex);
        }
    }

    /**
     * Add one.
     *
     * @param serializer that goes before all there are.
     * @return all of them.
     */
    public PayloadSerializers add(final PayloadSerializer<?> serializer)
    {
        return new PayloadSerializers(
            Stream.concat(Stream.of(Objects.requireNonNull(serializer, "serializer")), all.stream()).toList());
    }

    /**
     * The serializer that encodes values of a class.
     *
     * @param type of the values.
     * @param <T>  the same.
     * @return the first that handles it.
     * @throws EventException if none does.
     */
    public <T> PayloadSerializer<T> of(final Class<T> type)
    {
        return cast(handling(type).get(0));
    }

    /**
     * The serializer for a class and a content type.
     *
     * @param type      of the values.
     * @param mediaType of the payloads.
     * @param <T>       the same as type.
     * @return the first that handles both.
     * @throws EventException if none does.
     */
    public <T> PayloadSerializer<T> of(final Class<T> type, final String mediaType)
    {
        return cast(handling(type).stream().filter(one -> one.reads(mediaType)).findFirst().orElseThrow(
            () -> new EventException(
                "no serializer reads content type '" + mediaType + "' as " + type.getName() + ": add one, or use " +
                handling(type).stream().map(PayloadSerializer::mediaType).collect(Collectors.joining(", ")))));
    }

    /**
     * A reader of one class of values.
     *
     * @param type of the values.
     * @param <T>  the same.
     * @return to be used by one thread at a time.
     * @throws EventException if no serializer handles the class.
     */
    public <T> PayloadReader<T> reader(final Class<T> type)
    {
        return new PayloadReader<>(type, handling(type));
    }

    /** @return the classes that serializers name, in order. */
    public List<Class<?>> types()
    {
        return all.stream().<Class<?>>map(PayloadSerializer::type).distinct().toList();
    }

    private List<PayloadSerializer<?>> handling(final Class<?> type)
    {
        final List<PayloadSerializer<?>> handling = all.stream().filter(one -> one.handles(type)).toList();
        if (handling.isEmpty())
        {
            throw new EventException(
                "no serializer handles " + type.getName() + ": add one, or use one of " +
                types().stream().map(Class::getTypeName).collect(Collectors.joining(", ")));
        }
        return handling;
    }

    // A serializer that handles a class encodes and decodes values of that very class.
    @SuppressWarnings("unchecked")
    private static <T> PayloadSerializer<T> cast(final PayloadSerializer<?> serializer)
    {
        return (PayloadSerializer<T>)serializer;
    }
}
