package io.sluice.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * What every reader of JSON here shares: a strict UTF-8 tokenizer over a byte array, errors with a position, and the
 * copy of a value in its canonical form (no white space, shortest escapes, numbers as they were written).
 */
final class JsonInput
{
    // Interned names would keep every name that a foreign file ever held.
    private static final JsonFactory FACTORY =
        JsonFactory.builder().disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

    /** Something that reads tokens. */
    @FunctionalInterface
    interface TokenReader
    {
        void read(JsonParser parser) throws IOException;
    }

    private JsonInput()
    {
    }

    /**
     * Read exactly one JSON value.
     *
     * @param bytes  of it, in UTF-8.
     * @param offset of the first.
     * @param length in bytes.
     * @param reader starts at the first token and ends at the last one of the value.
     * @throws EventException with line and column if the bytes are no JSON.
     */
    static void read(final byte[] bytes, final int offset, final int length, final TokenReader reader)
    {
        ensureUtf8(bytes, offset, length);
        try (JsonParser parser = FACTORY.createParser(bytes, offset, length))
        {
            if (parser.nextToken() == null)
            {
                throw new EventException("JSON is empty: write one object, for example {\"type\":\"agent.started\"}");
            }
            reader.read(parser);
            if (parser.nextToken() != null)
            {
                throw malformed(
                    bytes, offset, parser.currentTokenLocation().getByteOffset(), "more text after the end");
            }
        }
        catch (final JsonProcessingException ex)
        {
            throw malformed(
                bytes,
                offset,
                ex.getLocation() == null ? -1 : Math.min(length, ex.getLocation().getByteOffset()),
                withoutAdvice(ex.getOriginalMessage()));
        }
        catch (final IOException ex)
        {
            throw new EventException("JSON could not be read: " + ex.getMessage(), ex);
        }
    }

    /** @return null if the bytes are one JSON value, otherwise what is wrong and where. */
    static String findError(final byte[] bytes, final int offset, final int length)
    {
        try
        {
            read(bytes, offset, length, JsonInput::skip);
            return null;
        }
        catch (final EventException ex)
        {
            return ex.getMessage();
        }
    }

    /** Read over the current value and stay at its last token. */
    static void skip(final JsonParser parser) throws IOException
    {
        parser.skipChildren();
        parser.finishToken();
    }

    /**
     * Append the current value in canonical form and stay at its last token.
     *
     * @param parser at the first token of the value.
     * @param out    to append to.
     * @param label  name of the field, for messages.
     * @throws EventValidationException if an object at the top has a name twice.
     */
    static void copy(final JsonParser parser, final JsonBuffer out, final String label) throws IOException
    {
        final Set<String> names = new HashSet<>();
        int depth = 0;
        JsonToken token = parser.currentToken();
        while (true)
        {
            switch (token)
            {
                case START_OBJECT:
                    out.separator().raw('{');
                    depth++;
                    break;
                case START_ARRAY:
                    out.separator().raw('[');
                    depth++;
                    break;
                case END_OBJECT:
                    out.raw('}');
                    depth--;
                    break;
                case END_ARRAY:
                    out.raw(']');
                    depth--;
                    break;
                case FIELD_NAME:
                    if (depth == 1 && !names.add(parser.currentName()))
                    {
                        throw new EventValidationException(
                            label, parser.currentName(), "the name stands twice, give every name once");
                    }
                    out.separator().string(parser.currentName(), label).raw(':');
                    break;
                case VALUE_STRING:
                    out.separator().string(parser.getText(), label);
                    break;
                default:
                    out.separator().raw(parser.getText());
                    break;
            }
            if (depth == 0)
            {
                return;
            }
            token = parser.nextToken();
        }
    }

    /**
     * Make well-formed JSON fit on one line, in place: outer white space goes, and if line breaks are left, all white
     * space between tokens. Strings and numbers stay as they were written.
     *
     * @param bytes of the JSON.
     * @param start index of the first.
     * @param end   index after the last.
     * @return index after the last byte that is left.
     */
    static int fitOneLine(final byte[] bytes, final int start, final int end)
    {
        int from = start;
        int to = end;
        while (isWhiteSpace(bytes[from]))
        {
            from++;
        }
        while (isWhiteSpace(bytes[to - 1]))
        {
            to--;
        }
        boolean isBroken = false;
        for (int i = from; i < to && !isBroken; i++)
        {
            isBroken = bytes[i] == '\n' || bytes[i] == '\r';
        }
        int length = start;
        boolean isInString = false;
        for (int i = from; i < to; i++)
        {
            final byte b = bytes[i];
            if (isInString && b == '\\')
            {
                bytes[length++] = b;
                bytes[length++] = bytes[++i];
                continue;
            }
            isInString ^= b == '"';
            if (isInString || !isBroken || !isWhiteSpace(b))
            {
                bytes[length++] = b;
            }
        }
        return length;
    }

    private static boolean isWhiteSpace(final byte b)
    {
        return b == ' ' || b == '\n' || b == '\r' || b == '\t';
    }

    /**
     * An error with its place.
     *
     * @param bytes      of the JSON.
     * @param offset     of the first.
     * @param byteOffset of the fault from there, negative if unknown.
     * @param reason     of it.
     * @return the exception.
     */
    static EventException malformed(final byte[] bytes, final int offset, final long byteOffset, final String reason)
    {
        if (byteOffset < 0)
        {
            return new EventException("JSON is malformed: " + reason);
        }
        int line = 1;
        int column = 1;
        for (int i = offset, end = Math.min(bytes.length, offset + (int)byteOffset); i < end; i++)
        {
            if (bytes[i] == '\n')
            {
                line++;
                column = 1;
            }
            else if ((bytes[i] & 0xC0) != 0x80)
            {
                column++;
            }
        }
        return new EventException(
            "JSON is malformed at " + (line == 1 ? "" : "line " + line + ", ") + "column " + column + ": " + reason);
    }

    // The tokenizer advises its own programmers how to be lenient; that is no remedy for whoever wrote the JSON.
    private static String withoutAdvice(final String message)
    {
        final int advice = message.indexOf(": enable `");
        return advice < 0 ? message : message.substring(0, advice);
    }

    private static void ensureUtf8(final byte[] bytes, final int offset, final int length)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes, offset, length);
        int invalid = Utf8.findInvalid(buffer, 0, length);
        // A zero byte up here would make the tokenizer take the text for UTF-16 or UTF-32.
        for (int i = 0; i < 4 && i < length && invalid < 0; i++)
        {
            if (bytes[offset + i] == 0)
            {
                invalid = i;
            }
        }
        if (invalid >= 0)
        {
            throw malformed(bytes, offset, invalid, "the bytes are not UTF-8, convert the text");
        }
    }
}
