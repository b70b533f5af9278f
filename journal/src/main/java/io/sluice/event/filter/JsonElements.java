package io.sluice.event.filter;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;

/** Looks for an element in an array. Stateless. */
final class JsonElements
{
    private static final JsonFactory FACTORY = new JsonFactory();

    private JsonElements()
    {
    }

    /**
     * @param json an object or array; an object contains the names of its members, an array no {@code null}.
     * @param part wanted, as text: numbers and truth values are compared as they are written.
     * @return true if it is one of them.
     */
    static boolean contain(final Value json, final String part)
    {
        final byte[] bytes = new byte[json.length];
        json.buffer.getBytes(json.offset, bytes);
        try (JsonParser parser = FACTORY.createParser(bytes))
        {
            final boolean isArray = parser.nextToken() == JsonToken.START_ARRAY;
            while (true)
            {
                final JsonToken token = parser.nextToken();
                if (token == null || token == JsonToken.END_ARRAY || token == JsonToken.END_OBJECT)
                {
                    return false;
                }
                final boolean isElement = isArray ?
                    token.isScalarValue() && token != JsonToken.VALUE_NULL : token == JsonToken.FIELD_NAME;
                if (isElement && part.equals(parser.getText()))
                {
                    return true;
                }
                if (!isArray)
                {
                    parser.nextToken();
                }
                parser.skipChildren();
            }
        }
        catch (final IOException ex)
        {
            // It was read as a part of the document before.
            throw new IllegalStateException(ex);
        }
    }
}
