package io.sluice.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Joins JSON merge patches (RFC 7396) into one that does what they do one after the other.
 *
 * <pre>
 *   {"a":1,"b":{"c":2}}  then  {"b":{"d":3},"a":null}   is   {"a":null,"b":{"c":2,"d":3}}
 * </pre>
 *
 * Members of objects are joined at every depth; anything else that comes later replaces what was there. A null stays in
 * the result, for it says that the member goes, which whoever applies the result must be told. Numbers stay as they
 * were written; of a name that stands twice in an object the last counts.
 *
 * <p>Some pairs have no such patch: where the earlier one puts a value that is no object and the later one an object,
 * the two together replace what the target has, while any patch with that object would be joined with it.
 * {@link #add} refuses these.
 *
 * <p>Not thread-safe. Allocates.
 */
public final class JsonMergePatch
{
    private static final String LABEL = "payload";
    private static final int INITIAL_CAPACITY = 256;

    private final JsonBuffer json = new JsonBuffer(INITIAL_CAPACITY);
    /** Null, an object as a map, or any other value as bytes of canonical JSON; members of the map likewise. */
    private Object patch;

    /** A patch that nothing was added to. */
    public JsonMergePatch()
    {
    }

    /**
     * Forget everything that was added.
     *
     * @return this.
     */
    public JsonMergePatch clear()
    {
        patch = null;
        return this;
    }

    /** @return true if nothing was added. */
    public boolean isEmpty()
    {
        return patch == null;
    }

    /**
     * Add what comes next.
     *
     * @param buffer holds JSON in UTF-8.
     * @param offset of its first byte.
     * @param length in bytes.
     * @return false, with nothing changed, if the bytes are not one JSON value, or if no patch does what those so far
     *         and this one do together.
     */
    public boolean add(final DirectBuffer buffer, final int offset, final int length)
    {
        final Object later = parse(buffer, offset, length);
        if (later == null)
        {
            return false;
        }
        if (patch == null || !isObject(later))
        {
            patch = later;
            return true;
        }
        if (!isObject(patch) || !isJoinable(members(patch), members(later)))
        {
            return false;
        }
        join(members(patch), members(later));
        return true;
    }

    /** @return the patch as compact JSON in UTF-8; no byte if nothing was added. */
    public byte[] toBytes()
    {
        json.clear();
        if (patch != null)
        {
            write(patch);
        }
        return Arrays.copyOf(json.bytes(), json.length());
    }

    private Object parse(final DirectBuffer buffer, final int offset, final int length)
    {
        final byte[] bytes = new byte[length];
        buffer.getBytes(offset, bytes);
        final Object[] value = new Object[1];
        try
        {
            JsonInput.read(bytes, 0, length, (parser) -> value[0] = read(parser));
        }
        catch (final EventException ex)
        {
            return null;
        }
        return value[0];
    }

    private Object read(final JsonParser parser) throws IOException
    {
        if (parser.currentToken() != JsonToken.START_OBJECT)
        {
            json.clear();
            JsonInput.copy(parser, json, LABEL);
            return Arrays.copyOf(json.bytes(), json.length());
        }
        final Map<String, Object> members = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT)
        {
            final String name = parser.currentName();
            parser.nextToken();
            members.put(name, read(parser));
        }
        return members;
    }

    private void write(final Object value)
    {
        if (!isObject(value))
        {
            final byte[] bytes = (byte[])value;
            json.raw(new UnsafeBuffer(bytes), 0, bytes.length);
            return;
        }
        json.raw('{');
        members(value).forEach((name, member) ->
        {
            json.separator().string(name, LABEL).raw(':');
            write(member);
        });
        json.raw('}');
    }

    private static boolean isJoinable(final Map<String, Object> earlier, final Map<String, Object> later)
    {
        for (final Map.Entry<String, Object> member : later.entrySet())
        {
            final Object before = earlier.get(member.getKey());
            if (before != null && isObject(member.getValue()) &&
                (!isObject(before) || !isJoinable(members(before), members(member.getValue()))))
            {
                return false;
            }
        }
        return true;
    }

    private static void join(final Map<String, Object> earlier, final Map<String, Object> later)
    {
        later.forEach((name, value) ->
        {
            final Object before = earlier.get(name);
            if (before != null && isObject(value))
            {
                join(members(before), members(value));
            }
            else
            {
                earlier.put(name, value);
            }
        });
    }

    private static boolean isObject(final Object value)
    {
        return value instanceof Map;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> members(final Object value)
    {
        return (Map<String, Object>)value;
    }
}
