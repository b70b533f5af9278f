package io.sluice.engine.rule;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The bytes of a JSON document while rules change it. What is not touched stays as it was written; of a name that
 * stands twice in an object the last one counts, as in filters. Empty is an object without members.
 *
 * <p>Not thread-safe; reused, and free of allocation once it has grown.
 */
final class JsonText
{
    private static final int INITIAL_CAPACITY = 256;
    private static final int ABSENT = -1;
    private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
    private static final int CONTROL_ESCAPE = 6;

    private final UnsafeBuffer view = new UnsafeBuffer(0, 0);
    private byte[] bytes = new byte[INITIAL_CAPACITY];
    private byte[] spare = new byte[INITIAL_CAPACITY];
    private int length;
    private int spareLength;
    private int foundStart;
    private int foundEnd;
    private boolean hasRemoved;

    void clear()
    {
        length = 0;
    }

    int length()
    {
        return length;
    }

    /** @return view of the bytes, until the next change. */
    DirectBuffer buffer()
    {
        view.wrap(bytes, 0, length);
        return view;
    }

    /**
     * Take a document.
     *
     * @return false if it is malformed.
     */
    boolean load(final DirectBuffer source, final int index, final int count)
    {
        clear();
        ensureRoom(count);
        source.getBytes(index, bytes, 0, count);
        length = count;
        return count == 0 || JsonScan.isValue(bytes, length);
    }

    /** @return true if members can be put into it. */
    boolean isObject()
    {
        return length == 0 || bytes[root()] == '{';
    }

    /** @return true if it is empty, or an object without members. */
    boolean isEmptyObject()
    {
        return length == 0 || bytes[root()] == '{' && bytes[JsonScan.skipBlanks(bytes, root() + 1, length)] == '}';
    }

    /** @return true if there is a value, see {@link #isFoundNull} and {@link #copyFound}. */
    boolean find(final RulePath path)
    {
        if (length == 0)
        {
            return false;
        }
        int at = root();
        for (int i = 0; i < path.length(); i++)
        {
            final PathStep step = path.step(i);
            at = step.isMember() ? lastMember(at, step) : element(at, step.index());
            if (at == ABSENT)
            {
                return false;
            }
        }
        foundStart = at;
        foundEnd = endOfValue(at);
        return true;
    }

    boolean isFoundNull()
    {
        return JsonScan.isNull(bytes, foundStart);
    }

    /** Replace another document by the value that was found. */
    void copyFound(final JsonText target)
    {
        target.clear();
        target.raw(bytes, foundStart, foundEnd - foundStart);
    }

    /**
     * Take a member out, wherever its path leads: also from below a name that stands twice.
     *
     * @return false if there is none.
     */
    boolean remove(final RulePath path)
    {
        if (length == 0 || !isObject())
        {
            return false;
        }
        spareLength = 0;
        hasRemoved = false;
        copyWithout(root(), path, 0);
        if (hasRemoved)
        {
            swap();
        }
        return hasRemoved;
    }

    /**
     * Put a member, in the place of an older one. Objects on the way that are missing are made.
     *
     * @return false if something that is no object is in the way, or the document would be nested deeper than {@link
     *         JsonScan#MAX_DEPTH}; then nothing has changed.
     */
    boolean put(final RulePath path, final byte[] value, final int valueLength)
    {
        if (!isObject())
        {
            return false;
        }
        spareLength = 0;
        if (length == 0)
        {
            appendNested(path, 0, value, valueLength);
        }
        else if (!copyWith(root(), path, 0, value, valueLength))
        {
            return false;
        }
        // What is put may be deep itself.
        if (!JsonScan.isValue(spare, spareLength))
        {
            return false;
        }
        swap();
        return true;
    }

    /** As {@link #put(RulePath, byte[], int)}, with all of another document. */
    boolean put(final RulePath path, final JsonText value)
    {
        return put(path, value.bytes, value.length);
    }

    JsonText raw(final byte[] source, final int index, final int count)
    {
        ensureRoom(count);
        System.arraycopy(source, index, bytes, length, count);
        length += count;
        return this;
    }

    JsonText raw(final String ascii)
    {
        final int count = ascii.length();
        ensureRoom(count);
        view.wrap(bytes);
        length += view.putStringWithoutLengthAscii(length, ascii);
        return this;
    }

    JsonText number(final long value)
    {
        ensureRoom(20);
        view.wrap(bytes);
        length += view.putLongAscii(length, value);
        return this;
    }

    /** Append a text of UTF-8 bytes as a string. */
    JsonText string(final DirectBuffer source, final int index, final int count)
    {
        ensureRoom(CONTROL_ESCAPE * (long)count + 2);
        bytes[length++] = '"';
        for (int i = index; i < index + count; i++)
        {
            final byte b = source.getByte(i);
            if (b >= 0 && b < ' ')
            {
                raw("\\u00");
                bytes[length++] = HEX[b >> 4];
                bytes[length++] = HEX[b & 15];
                continue;
            }
            if (b == '"' || b == '\\')
            {
                bytes[length++] = '\\';
            }
            bytes[length++] = b;
        }
        bytes[length++] = '"';
        return this;
    }

    @Override
    public String toString()
    {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private int root()
    {
        return JsonScan.skipBlanks(bytes, 0, length);
    }

    private int endOfValue(final int at)
    {
        return JsonScan.endOfValue(bytes, at, length, 0);
    }

    private int firstOf(final int start)
    {
        return JsonScan.skipBlanks(bytes, start + 1, length);
    }

    private int nextAfter(final int endOfValue)
    {
        final int at = JsonScan.skipBlanks(bytes, endOfValue, length);
        return bytes[at] == ',' ? JsonScan.skipBlanks(bytes, at + 1, length) : at;
    }

    private int valueOf(final int endOfName)
    {
        return JsonScan.valueOfMember(bytes, endOfName, length);
    }

    private int lastMember(final int object, final PathStep step)
    {
        int found = ABSENT;
        if (bytes[object] == '{')
        {
            int at = firstOf(object);
            while (bytes[at] != '}')
            {
                final int endOfName = JsonScan.endOfString(bytes, at, length);
                final int value = valueOf(endOfName);
                if (step.isName(bytes, at, endOfName))
                {
                    found = value;
                }
                at = nextAfter(endOfValue(value));
            }
        }
        return found;
    }

    private int element(final int array, final int index)
    {
        if (bytes[array] != '[')
        {
            return ABSENT;
        }
        int at = firstOf(array);
        for (int i = 0; bytes[at] != ']'; i++)
        {
            if (i == index)
            {
                return at;
            }
            at = nextAfter(endOfValue(at));
        }
        return ABSENT;
    }

    // Recurses as deep as the path is long.
    private void copyWithout(final int object, final RulePath path, final int depth)
    {
        append('{');
        int at = firstOf(object);
        while (bytes[at] != '}')
        {
            final int endOfName = JsonScan.endOfString(bytes, at, length);
            final int value = valueOf(endOfName);
            final int end = endOfValue(value);
            final boolean isOnPath = path.step(depth).isName(bytes, at, endOfName);
            if (isOnPath && path.isLast(depth))
            {
                hasRemoved = true;
            }
            else
            {
                appendName(bytes, at, endOfName - at);
                if (isOnPath && bytes[value] == '{')
                {
                    copyWithout(value, path, depth + 1);
                }
                else
                {
                    append(bytes, value, end - value);
                }
            }
            at = nextAfter(end);
        }
        append('}');
    }

    private boolean copyWith(
        final int object, final RulePath path, final int depth, final byte[] value, final int valueLength)
    {
        final PathStep step = path.step(depth);
        final int last = lastMember(object, step);
        append('{');
        int at = firstOf(object);
        while (bytes[at] != '}')
        {
            final int endOfName = JsonScan.endOfString(bytes, at, length);
            final int present = valueOf(endOfName);
            final int end = endOfValue(present);
            final boolean isOnPath = step.isName(bytes, at, endOfName);
            // An earlier one of the same name counts for nothing, and would be read by those who take the first.
            if (!isOnPath || present == last)
            {
                appendName(bytes, at, endOfName - at);
                if (!isOnPath)
                {
                    append(bytes, present, end - present);
                }
                else if (!replace(present, path, depth, value, valueLength))
                {
                    return false;
                }
            }
            at = nextAfter(end);
        }
        if (last == ABSENT)
        {
            appendMember(path, depth, value, valueLength);
        }
        append('}');
        return true;
    }

    private boolean replace(
        final int present, final RulePath path, final int depth, final byte[] value, final int valueLength)
    {
        if (path.isLast(depth))
        {
            append(value, 0, valueLength);
            return true;
        }
        if (bytes[present] == '{')
        {
            return copyWith(present, path, depth + 1, value, valueLength);
        }
        if (JsonScan.isNull(bytes, present))
        {
            appendNested(path, depth + 1, value, valueLength);
            return true;
        }
        return false;
    }

    private void appendNested(final RulePath path, final int depth, final byte[] value, final int valueLength)
    {
        append('{');
        appendMember(path, depth, value, valueLength);
        append('}');
    }

    private void appendMember(final RulePath path, final int depth, final byte[] value, final int valueLength)
    {
        final byte[] name = path.step(depth).quoted();
        appendName(name, 0, name.length);
        if (path.isLast(depth))
        {
            append(value, 0, valueLength);
        }
        else
        {
            appendNested(path, depth + 1, value, valueLength);
        }
    }

    private void appendName(final byte[] source, final int index, final int count)
    {
        if (spare[spareLength - 1] != '{')
        {
            append(',');
        }
        append(source, index, count);
        append(':');
    }

    private void append(final char ascii)
    {
        ensureSpareRoom(1);
        spare[spareLength++] = (byte)ascii;
    }

    private void append(final byte[] source, final int index, final int count)
    {
        ensureSpareRoom(count);
        System.arraycopy(source, index, spare, spareLength, count);
        spareLength += count;
    }

    private void swap()
    {
        final byte[] old = bytes;
        bytes = spare;
        spare = old;
        length = spareLength;
    }

    private void ensureRoom(final long count)
    {
        if (length + count > bytes.length)
        {
            bytes = Arrays.copyOf(bytes, Math.toIntExact(Math.max(length + count, 2L * bytes.length)));
        }
    }

    private void ensureSpareRoom(final int count)
    {
        if (spareLength + (long)count > spare.length)
        {
            spare = Arrays.copyOf(spare, Math.toIntExact(Math.max(spareLength + (long)count, 2L * spare.length)));
        }
    }
}
