package io.sluice.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.Base64;

/**
 * The payload while its JSON is read: what it means waits for the content type, which may come later. Not thread-safe.
 */
final class PayloadInput
{
    private byte[] json;
    private int jsonOffset;
    private JsonToken token;
    private String text;
    private String base64;
    private int start;
    private int end;

    void reset(final byte[] newJson, final int newOffset)
    {
        json = newJson;
        jsonOffset = newOffset;
        token = null;
        text = null;
        base64 = null;
    }

    /** @return true if there is a payload; a null gives way to one that follows. */
    boolean isGiven()
    {
        return base64 != null || token != null && token != JsonToken.VALUE_NULL;
    }

    /** Take the current value and stay at its last token. */
    void read(final JsonParser parser) throws IOException
    {
        token = parser.currentToken();
        start = jsonOffset + (int)parser.currentTokenLocation().getByteOffset();
        text = token == JsonToken.VALUE_STRING ? parser.getText() : null;
        JsonInput.skip(parser);
        end = jsonOffset + (int)parser.currentLocation().getByteOffset();
    }

    void base64(final String value)
    {
        base64 = value;
    }

    /** Set the payload of an event that has its content type. */
    void finish(final EventBuilder event)
    {
        if (base64 != null)
        {
            event.payload(decode());
        }
        else if (token != null)
        {
            final PayloadForm form = PayloadForm.of(event.contentType(), event.mediaType());
            if (form != PayloadForm.JSON && text != null)
            {
                event.payloadUtf8(text);
            }
            else if (form == PayloadForm.JSON || token != JsonToken.VALUE_NULL)
            {
                final byte[] value = Arrays.copyOfRange(json, start, end);
                event.payload(Arrays.copyOf(value, JsonInput.fitOneLine(value, 0, value.length)));
            }
        }
    }

    private byte[] decode()
    {
        try
        {
            return Base64.getDecoder().decode(base64);
        }
        catch (final IllegalArgumentException ex)
        {
            throw new EventValidationException(
                "payload", base64, "use base64 with padding, RFC 4648 section 4 (" + ex.getMessage() + ")");
        }
    }
}
