package io.sluice.event;

import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Turns values of one kind into payloads and back. The extension point for encodings; {@code io.sluice.event.serial}
 * has those that come with Sluice, and the registry that finds one by class and content type.
 *
 * <p>Must be safe to share between threads. May throw whatever it likes: when encoding, that is an error of the caller;
 * when decoding, the event is reported as {@link UndecodableEventException}.
 *
 * @param <T> class of the values.
 */
public interface PayloadSerializer<T>
{
    /** @return the class of the values, or one that all of them extend, see {@link #handles}. */
    Class<T> type();

    /** @return the media type of what is encoded, 1 to 128 bytes, for example {@code application/json}. */
    String mediaType();

    /**
     * @param wanted class of a value.
     * @return true if values of that very class can be encoded and decoded; by default {@link #type} only.
     */
    default boolean handles(final Class<?> wanted)
    {
        return type() == wanted;
    }

    /**
     * @param mediaType of a payload, as the event has it.
     * @return true if such a payload can be decoded; by default what {@link #mediaType} says, whatever its parameters.
     */
    default boolean reads(final String mediaType)
    {
        return PayloadForm.bareName(mediaType).equals(PayloadForm.bareName(mediaType()));
    }

    /**
     * Encode a value.
     *
     * @param value  to encode, never null.
     * @param target to write to from index 0 on; it grows as it is written to.
     * @return length of the payload in bytes.
     */
    int encode(T value, MutableDirectBuffer target);

    /**
     * Decode a payload.
     *
     * @param source holds it; valid during the call only, unless the value is a view and says so.
     * @param offset of its first byte.
     * @param length in bytes.
     * @param wanted class that the value must have; one that this serializer {@link #handles}.
     * @return the value.
     */
    T decode(DirectBuffer source, int offset, int length, Class<? extends T> wanted);
}
