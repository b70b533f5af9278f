package io.sluice.event;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A field value that repeats (a type, a source, a session), checked and encoded once and then copied into every record.
 *
 * <p>Immutable, safe to share between threads.
 */
public final class EncodedText
{
    private final EventField field;
    private final String text;
    private final UnsafeBuffer buffer;

    private EncodedText(final EventField field, final String text, final byte[] bytes)
    {
        this.field = field;
        this.text = text;
        buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(bytes.length));
        buffer.putBytes(0, bytes);
    }

    /**
     * Check and encode a value.
     *
     * @param field that it is for.
     * @param text  of the field.
     * @return the encoded text.
     * @throws EventValidationException if the field can't hold it.
     */
    public static EncodedText of(final EventField field, final String text)
    {
        if (field == EventField.TYPE)
        {
            EventTypes.validate(text);
        }
        field.validateLength(Utf8.length(text, field.label()), text);
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new EncodedText(field, text, bytes);
    }

    /** @return the field that the text was checked for. */
    public EventField field()
    {
        return field;
    }

    /** @return the UTF-8 bytes; read only. */
    UnsafeBuffer buffer()
    {
        return buffer;
    }

    @Override
    public String toString()
    {
        return text;
    }
}
