package io.sluice.engine.deadletter;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.event.EventField;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Puts the object {@code deadLetter} into the metadata of an event, and takes it out again so that the metadata are
 * what they were, byte for byte. Works on the bytes: nothing else in them is read and written anew. Stateless.
 *
 * <pre>
 *   {"host":"a"}                       ◄─►  {"host":"a","deadLetter":{…}}
 *   {"deadLetter":{old},"host":"a"}    ◄─►  {"deadLetter":{…,"previous":{old}},"host":"a"}
 *   none                               ◄─►  {"deadLetter":{…}}
 * </pre>
 */
final class LetterMetadata
{
    static final String MEMBER = "deadLetter";

    private static final String PREVIOUS = "previous";
    private static final String OPENING = "\"" + MEMBER + "\":";
    private static final byte[] NONE = {};
    private static final int EMPTY_LENGTH = 2;

    /** Where the member lies in the bytes; an index is -1 for what is not there. */
    private static final class Place
    {
        private int nameAt = -1;
        private int valueAt = -1;
        private int valueEnd = -1;
        private int previousAt = -1;
        private int previousEnd = -1;
        private int objectEnd = -1;
        private boolean hasMembers;
    }

    private LetterMetadata()
    {
    }

    /** @return metadata with the object alone. */
    static byte[] of(final String letter)
    {
        return ("{" + OPENING + letter + "}").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * @param own    metadata of the event, empty if it has none.
     * @param letter the object to put into it, as JSON.
     * @return both; null if they can't be joined: they are no JSON object, or too long, or give a name twice.
     */
    static byte[] join(final byte[] own, final String letter)
    {
        // An object without a member is as good as none.
        final byte[] kept = own.length == EMPTY_LENGTH ? NONE : own;
        final byte[] joined = tryJoin(kept, letter);
        final boolean isSafe = joined != null && joined.length <= EventField.METADATA.maxLength() && isUtf8(joined) &&
            Arrays.equals(kept, split(joined));
        return isSafe ? joined : null;
    }

    /**
     * @param joined what {@link #join} gave.
     * @return the metadata of the event alone; null if there is no {@code deadLetter} in it.
     */
    static byte[] split(final byte[] joined)
    {
        final Place place = find(joined);
        if (place == null || place.nameAt < 0)
        {
            return null;
        }
        final ByteArrayOutputStream out = new ByteArrayOutputStream(joined.length);
        if (place.previousAt >= 0)
        {
            out.write(joined, 0, place.valueAt);
            out.write(joined, place.previousAt, place.previousEnd - place.previousAt);
        }
        else
        {
            out.write(joined, 0, joined[place.nameAt - 1] == ',' ? place.nameAt - 1 : place.nameAt);
        }
        out.write(joined, place.valueEnd, joined.length - place.valueEnd);
        final byte[] own = out.toByteArray();
        return own.length == EMPTY_LENGTH ? NONE : own;
    }

    private static byte[] tryJoin(final byte[] own, final String letter)
    {
        if (own.length == 0)
        {
            return of(letter);
        }
        final byte[] object = letter.getBytes(StandardCharsets.UTF_8);
        final ByteArrayOutputStream out = new ByteArrayOutputStream(own.length + object.length + 64);
        final Place place = find(own);
        if (place == null)
        {
            return null;
        }
        if (place.nameAt >= 0)
        {
            out.write(own, 0, place.valueAt);
            out.write(object, 0, object.length - 1);
            write(out, ",\"" + PREVIOUS + "\":");
            out.write(own, place.valueAt, place.valueEnd - place.valueAt);
            write(out, "}");
            out.write(own, place.valueEnd, own.length - place.valueEnd);
            return out.toByteArray();
        }
        final int brace = place.objectEnd - 1;
        out.write(own, 0, brace);
        write(out, (place.hasMembers ? "," : "") + OPENING);
        out.write(object, 0, object.length);
        out.write(own, brace, own.length - brace);
        return out.toByteArray();
    }

    /** @return where the member lies; null if the bytes are no object, or hold the name twice. */
    private static Place find(final byte[] json)
    {
        final Place place = new Place();
        try (JsonParser parser = LetterRecord.JSON.createParser(json))
        {
            if (parser.nextToken() != JsonToken.START_OBJECT)
            {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME)
            {
                place.hasMembers = true;
                if (!MEMBER.equals(parser.currentName()))
                {
                    parser.nextToken();
                    parser.skipChildren();
                    continue;
                }
                if (place.nameAt >= 0)
                {
                    return null;
                }
                place.nameAt = startOf(parser);
                parser.nextToken();
                place.valueAt = startOf(parser);
                findPrevious(parser, place);
                place.valueEnd = endOf(parser);
            }
            place.objectEnd = endOf(parser);
            return parser.nextToken() == null ? place : null;
        }
        catch (final IOException ex)
        {
            return null;
        }
    }

    private static void findPrevious(final JsonParser parser, final Place place) throws IOException
    {
        if (parser.currentToken() != JsonToken.START_OBJECT)
        {
            return;
        }
        while (parser.nextToken() == JsonToken.FIELD_NAME)
        {
            final boolean isPrevious = PREVIOUS.equals(parser.currentName());
            parser.nextToken();
            final int start = startOf(parser);
            parser.skipChildren();
            if (isPrevious)
            {
                place.previousAt = start;
                place.previousEnd = endOf(parser);
            }
        }
    }

    private static int startOf(final JsonParser parser)
    {
        return (int)parser.currentTokenLocation().getByteOffset();
    }

    private static int endOf(final JsonParser parser) throws IOException
    {
        parser.finishToken();
        return (int)parser.currentLocation().getByteOffset();
    }

    private static boolean isUtf8(final byte[] bytes)
    {
        try
        {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        }
        catch (final CharacterCodingException ex)
        {
            return false;
        }
    }

    private static void write(final ByteArrayOutputStream out, final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.write(bytes, 0, bytes.length);
    }
}
