package io.sluice.event.serial;

import io.sluice.event.ContentType;
import io.sluice.event.EventException;
import io.sluice.event.PayloadSerializer;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/** Texts in UTF-8. Reads JSON too, as the text that it is. */
final class TextSerializer implements PayloadSerializer<String>
{
    @Override
    public Class<String> type()
    {
        return String.class;
    }

    @Override
    public String mediaType()
    {
        return ContentType.TEXT.mediaType();
    }

    @Override
    public boolean reads(final String mediaType)
    {
        return mediaType.trim().toLowerCase(Locale.ROOT).startsWith("text/") || JsonObjectSerializer.isJson(mediaType);
    }

    @Override
    public int encode(final String value, final MutableDirectBuffer target)
    {
        try
        {
            final ByteBuffer utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            final int length = utf8.remaining();
            target.putBytes(0, utf8, length);
            return length;
        }
        catch (final CharacterCodingException ex)
        {
            throw new EventException("half of a surrogate pair stands in it", ex);
        }
    }

    @Override
    public String decode(
        final DirectBuffer source, final int offset, final int length, final Class<? extends String> wanted)
    {
        final byte[] utf8 = new byte[length];
        source.getBytes(offset, utf8);
        try
        {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        }
        catch (final CharacterCodingException ex)
        {
            throw new EventException("it is not UTF-8 (" + ex.getMessage() + ")", ex);
        }
    }
}
