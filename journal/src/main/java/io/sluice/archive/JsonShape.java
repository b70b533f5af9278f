package io.sluice.archive;

import java.util.Arrays;

/**
 * Takes a JSON text apart into its shape, which many events share, and its values.
 *
 * <pre>
 *   {"tool":"Edit","ms":12,"ok":true}   ─►   J{"tool":␁,"ms":␂,"ok":␃}   +   Edit   12   true
 * </pre>
 *
 * Control characters that can't stand in a shape mark the places of strings, whole numbers and all other tokens. Text
 * that looks otherwise is left alone; whether it is correct JSON does not matter here, only that it comes together
 * again. Not thread-safe.
 */
final class JsonShape
{
    /** First byte of a value that is a shape. */
    static final int MARK = 'J';
    static final int STRING = 1;
    static final int INTEGER = 2;
    static final int TOKEN = 3;

    private static final int MAX_DIGITS = 18;
    private static final byte[][] WORDS = {
        ArchiveFormat.utf8("true"), ArchiveFormat.utf8("false"), ArchiveFormat.utf8("null")};

    private final ByteSink shape = new ByteSink(1 << 10);
    private final IntColumn offsets = new IntColumn();
    private final IntColumn lengths = new IntColumn();
    private final JsonPath path = new JsonPath();

    /** @return the shape of the last text. */
    ByteSink shape()
    {
        return shape;
    }

    /** @return number of values of the last text. */
    int count()
    {
        return offsets.count();
    }

    int offset(final int value)
    {
        return offsets.get(value);
    }

    int length(final int value)
    {
        return lengths.get(value);
    }

    /** @return false if it can't be taken apart. */
    boolean split(final byte[] text, final int offset, final int length)
    {
        shape.clear();
        shape.put(MARK);
        offsets.clear();
        lengths.clear();
        path.start();
        if (length < 2 || text[offset] != '{' && text[offset] != '[')
        {
            return false;
        }
        final int end = offset + length;
        int at = offset;
        while (at < end)
        {
            final byte next = text[at];
            if (next == '"')
            {
                at = string(text, at, end);
            }
            else if (isStructure(next))
            {
                at = follow(next) ? at + 1 : -1;
            }
            else
            {
                at = token(text, at, end);
            }
            if (at < 0)
            {
                return false;
            }
        }
        return true;
    }

    private boolean follow(final byte next)
    {
        shape.put(next);
        switch (next)
        {
            case '{':
            case '[':
                return path.enter(next == '{');
            case '}':
            case ']':
                return path.leave();
            case ',':
                path.separate();
                return true;
            default:
                return true;
        }
    }

    private int string(final byte[] text, final int from, final int end)
    {
        int at = from + 1;
        boolean isPlain = true;
        while (at < end && text[at] != '"')
        {
            isPlain &= text[at] >= ' ' || text[at] < 0;
            at += text[at] == '\\' ? 2 : 1;
        }
        if (at >= end)
        {
            return -1;
        }
        if (path.nameIsDue())
        {
            if (!isPlain)
            {
                return -1;
            }
            path.name(text, from + 1, at);
            shape.put(text, from, at + 1 - from);
        }
        else
        {
            value(STRING, from + 1, at - from - 1);
        }
        return at + 1;
    }

    private int token(final byte[] text, final int from, final int end)
    {
        for (final byte[] word : WORDS)
        {
            if (end - from >= word.length &&
                Arrays.equals(text, from, from + word.length, word, 0, word.length))
            {
                value(TOKEN, from, word.length);
                return from + word.length;
            }
        }
        int at = from;
        while (at < end && isNumeric(text[at]))
        {
            at++;
        }
        if (at == from)
        {
            return -1;
        }
        value(isInteger(text, from, at) ? INTEGER : TOKEN, from, at - from);
        return at;
    }

    private void value(final int kind, final int offset, final int length)
    {
        shape.put(kind);
        offsets.add(offset);
        lengths.add(length);
    }

    /** @return true if printing the number gives the same digits again. */
    private static boolean isInteger(final byte[] text, final int from, final int to)
    {
        final int first = text[from] == '-' ? from + 1 : from;
        final int digits = to - first;
        if (digits == 0 || digits > MAX_DIGITS || text[first] == '0' && (digits > 1 || first > from))
        {
            return false;
        }
        for (int i = first; i < to; i++)
        {
            if (text[i] < '0' || text[i] > '9')
            {
                return false;
            }
        }
        return true;
    }

    private static boolean isNumeric(final byte b)
    {
        return b >= '0' && b <= '9' || b == '-' || b == '+' || b == '.' || b == 'e' || b == 'E';
    }

    private static boolean isStructure(final byte b)
    {
        switch (b)
        {
            case '{':
            case '}':
            case '[':
            case ']':
            case ',':
            case ':':
            case ' ':
            case '\n':
            case '\r':
            case '\t':
                return true;
            default:
                return false;
        }
    }
}
