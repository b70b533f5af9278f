package io.sluice.event;

import com.fasterxml.jackson.core.JsonToken;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * A JSON object in canonical form (see {@link JsonInput#copy}), which makes its members easy to find: equal names are
 * equal bytes. Empty is absent. Not thread-safe.
 */
final class Metadata
{
    /** Deeper than people nest, shallower than a stack overflows; a map that contains itself ends here. */
    static final int MAX_DEPTH = 100;

    private static final String LABEL = EventField.METADATA.label();
    private static final int INITIAL_CAPACITY = 256;

    private final JsonBuffer json = new JsonBuffer(INITIAL_CAPACITY);
    private final JsonBuffer scratch = new JsonBuffer(INITIAL_CAPACITY);
    private boolean isObject = true;

    /** A visitor of members. */
    @FunctionalInterface
    interface MemberVisitor
    {
        void onMember(DirectBuffer buffer, int nameIndex, int valueIndex, int endIndex);
    }

    void clear()
    {
        json.clear();
        isObject = true;
    }

    boolean isEmpty()
    {
        return json.length() == 0;
    }

    /** @return false for bytes of a record that are no JSON object. */
    boolean isObject()
    {
        return isObject;
    }

    int length()
    {
        return json.length();
    }

    DirectBuffer buffer()
    {
        return json.buffer();
    }

    String text()
    {
        return json.toString();
    }

    /** Replace everything by a map; null is absent. */
    void set(final Map<?, ?> map)
    {
        scratch.clear();
        if (map != null)
        {
            writeMap(map, 1);
        }
        takeScratch();
    }

    /** Replace everything by the bytes of a JSON object. */
    void set(final byte[] bytes, final int offset, final int length)
    {
        scratch.clear();
        try
        {
            JsonInput.read(bytes, offset, length, (parser) ->
            {
                if (parser.currentToken() != JsonToken.START_OBJECT)
                {
                    throw new EventException("it is no JSON object");
                }
                JsonInput.copy(parser, scratch, LABEL);
            });
        }
        catch (final EventValidationException ex)
        {
            throw ex;
        }
        catch (final EventException ex)
        {
            throw new EventValidationException(
                LABEL,
                new String(bytes, offset, length, StandardCharsets.UTF_8),
                ex.getMessage() + "; use a JSON object, for example {\"host\":\"worker-01\"}");
        }
        takeScratch();
    }

    /**
     * Replace everything by what a record holds, which may be anything: a hurried publisher's bytes are not checked.
     */
    void setFromRecord(final byte[] bytes)
    {
        try
        {
            clear();
            if (bytes.length > 0)
            {
                set(bytes, 0, bytes.length);
            }
        }
        catch (final EventException ex)
        {
            json.clear();
            json.raw(new UnsafeBuffer(bytes), 0, bytes.length);
            isObject = false;
        }
    }

    /** Put one member; an older value of that name goes. */
    void put(final String name, final Object value)
    {
        scratch.clear();
        writeName(name);
        writeValue(value, 1);
        putScratch();
    }

    /** Put one member whose value is canonical JSON and whose name is known to be new. */
    void append(final String name, final JsonBuffer value)
    {
        scratch.clear();
        writeName(name);
        scratch.raw(value.buffer(), 0, value.length());
        EventField.METADATA.validateLength(json.length() + scratch.length() + (isEmpty() ? 2 : 1), null);
        appendScratch();
    }

    /** Replace everything by a canonical object. */
    void setCanonical(final JsonBuffer object)
    {
        scratch.clear();
        scratch.raw(object.buffer(), 0, object.length());
        takeScratch();
    }

    /** Replace everything by what another one holds. */
    void setCanonical(final Metadata other)
    {
        setCanonical(other.json);
    }

    /** Put one member in canonical form, {@code "name":value}. */
    void putMember(final DirectBuffer member, final int index, final int length)
    {
        scratch.clear();
        scratch.raw(member, index, length);
        putScratch();
    }

    /**
     * Find a member.
     *
     * @param name  the canonical bytes of the name, its quotes and its colon.
     * @param index of the first byte.
     * @param count of bytes.
     * @return index of the member in {@link #buffer()}, or -1.
     */
    int find(final DirectBuffer name, final int index, final int count)
    {
        if (isEmpty() || !isObject)
        {
            return -1;
        }
        final byte[] bytes = json.bytes();
        int at = 1;
        while (bytes[at] != '}')
        {
            if (startsWith(at, name, index, count))
            {
                return at;
            }
            at = endOfValue(endOfString(at) + 1);
            if (bytes[at] == ',')
            {
                at++;
            }
        }
        return -1;
    }

    /** @return index after the member that starts there. */
    int endOfMember(final int index)
    {
        return endOfValue(endOfString(index) + 1);
    }

    /** Visit the members in order; does nothing for bytes that are no object. */
    void forEach(final MemberVisitor visitor)
    {
        if (isEmpty() || !isObject)
        {
            return;
        }
        int at = 1;
        while (json.byteAt(at) != '}')
        {
            final int value = endOfString(at) + 1;
            final int end = endOfValue(value);
            visitor.onMember(json.buffer(), at, value, end);
            at = json.byteAt(end) == ',' ? end + 1 : end;
        }
    }

    /**
     * Join this object and the members of another one that this one lacks. Allocates nothing once it has grown.
     *
     * @param other  the defaults.
     * @param target gets the joined object.
     */
    void joinAbsent(final Metadata other, final JsonBuffer target)
    {
        target.clear();
        if (!isObject)
        {
            target.raw(json.buffer(), 0, json.length());
            return;
        }
        if (isEmpty())
        {
            target.raw('{');
        }
        else
        {
            target.raw(json.buffer(), 0, json.length() - 1);
        }
        int at = 1;
        while (!other.isEmpty() && other.json.byteAt(at) != '}')
        {
            final int value = other.endOfString(at) + 1;
            final int end = other.endOfValue(value);
            if (find(other.json.buffer(), at, value - at) < 0)
            {
                target.separator().raw(other.json.buffer(), at, end - at);
            }
            at = other.json.byteAt(end) == ',' ? end + 1 : end;
        }
        target.raw('}');
    }

    private void takeScratch()
    {
        EventField.METADATA.validateLength(scratch.length(), null);
        json.clear();
        isObject = true;
        if (scratch.length() > 2)
        {
            json.raw(scratch.buffer(), 0, scratch.length());
        }
    }

    private void putScratch()
    {
        if (!isObject)
        {
            throw new EventValidationException(LABEL, json.toString(), "it is no JSON object, replace it as a whole");
        }
        int nameLength = 1;
        while (scratch.byteAt(nameLength) != '"' || isEscaped(scratch, nameLength))
        {
            nameLength++;
        }
        final int found = find(scratch.buffer(), 0, nameLength + 2);
        final int replaced = found < 0 ? 0 : endOfMember(found) - found;
        final int punctuation = found >= 0 ? 0 : isEmpty() ? 2 : 1;
        EventField.METADATA.validateLength(json.length() + scratch.length() + punctuation - replaced, null);
        if (found >= 0)
        {
            final int end = found + replaced;
            final boolean last = json.byteAt(end) == '}';
            json.remove(last && found > 1 ? found - 1 : found, last ? end : end + 1);
        }
        appendScratch();
    }

    private void appendScratch()
    {
        if (isEmpty())
        {
            json.raw('{');
        }
        else
        {
            json.truncate(json.length() - 1);
        }
        json.separator().raw(scratch.buffer(), 0, scratch.length()).raw('}');
    }

    private boolean startsWith(final int at, final DirectBuffer name, final int index, final int count)
    {
        if (at + count > json.length())
        {
            return false;
        }
        for (int i = 0; i < count; i++)
        {
            if (json.byteAt(at + i) != name.getByte(index + i))
            {
                return false;
            }
        }
        return true;
    }

    /** @return index of the byte after the string that starts there. */
    private int endOfString(final int start)
    {
        int at = start + 1;
        while (json.byteAt(at) != '"')
        {
            at += json.byteAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }

    private int endOfValue(final int start)
    {
        int at = start;
        int depth = 0;
        while (true)
        {
            final byte b = json.byteAt(at);
            if (b == '"')
            {
                at = endOfString(at);
                continue;
            }
            if (b == '{' || b == '[')
            {
                depth++;
            }
            else if (depth == 0 && (b == ',' || b == '}'))
            {
                return at;
            }
            else if (b == '}' || b == ']')
            {
                depth--;
            }
            at++;
        }
    }

    private static boolean isEscaped(final JsonBuffer text, final int index)
    {
        int backslashes = 0;
        while (text.byteAt(index - 1 - backslashes) == '\\')
        {
            backslashes++;
        }
        return (backslashes & 1) == 1;
    }

    private void writeName(final Object name)
    {
        if (!(name instanceof String))
        {
            throw new EventValidationException(LABEL, String.valueOf(name), "a name must be a String");
        }
        scratch.separator().string((String)name, LABEL).raw(':');
    }

    private void writeMap(final Map<?, ?> map, final int depth)
    {
        if (depth > MAX_DEPTH)
        {
            throw tooDeep();
        }
        scratch.separator().raw('{');
        for (final Map.Entry<?, ?> entry : map.entrySet())
        {
            writeName(entry.getKey());
            writeValue(entry.getValue(), depth);
        }
        scratch.raw('}');
    }

    private void writeValue(final Object value, final int depth)
    {
        if (scratch.length() > 2L * EventField.METADATA.maxLength())
        {
            EventField.METADATA.validateLength(scratch.length(), null);
        }
        if (value == null || value instanceof Boolean)
        {
            scratch.separator().raw(String.valueOf(value));
        }
        else if (value instanceof CharSequence)
        {
            scratch.separator().string((CharSequence)value, LABEL);
        }
        else if (value instanceof Number)
        {
            scratch.separator().raw(number((Number)value));
        }
        else if (value instanceof Map)
        {
            writeMap((Map<?, ?>)value, depth + 1);
        }
        else if (value instanceof List)
        {
            if (depth >= MAX_DEPTH)
            {
                throw tooDeep();
            }
            scratch.separator().raw('[');
            for (final Object element : (List<?>)value)
            {
                writeValue(element, depth + 1);
            }
            scratch.raw(']');
        }
        else
        {
            throw new EventValidationException(
                LABEL, value.getClass().getName(), "use String, Number, Boolean, null, List or Map as a value");
        }
    }

    private static String number(final Number value)
    {
        if (value instanceof Double || value instanceof Float)
        {
            if (!Double.isFinite(value.doubleValue()))
            {
                throw new EventValidationException(
                    LABEL, value.toString(), "JSON has no such number, use a finite one");
            }
            return value.toString();
        }
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte ||
            value instanceof BigInteger || value instanceof BigDecimal ||
            value instanceof AtomicInteger || value instanceof AtomicLong)
        {
            return value.toString();
        }
        throw new EventValidationException(
            LABEL, value.getClass().getName(), "use a number of java.lang, java.math or an AtomicLong");
    }

    private static EventValidationException tooDeep()
    {
        return new EventValidationException(LABEL, MAX_DEPTH + " levels", "nest at most " + MAX_DEPTH + " levels deep");
    }
}
