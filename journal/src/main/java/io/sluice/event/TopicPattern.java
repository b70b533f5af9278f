package io.sluice.event;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;

/**
 * A pattern over event types, compiled once.
 *
 * <pre>
 *   agent.started    this type only
 *   pipeline.*       a trailing * is one or more segments: pipeline.started, pipeline.stage.started
 *   build.*.failed   an inner * is exactly one segment: build.unit.failed
 *   build.**.failed  ** is zero or more segments, anywhere: build.failed, build.unit.slow.failed
 *   *                everything
 * </pre>
 *
 * <p>Immutable, safe to share between threads. Matching allocates nothing and takes at most time proportional to the
 * segments of the type times those of the pattern. Two patterns are equal if their texts are.
 */
public final class TopicPattern
{
    private enum Kind
    {
        LITERAL, ONE, ANY
    }

    private final String text;
    private final Kind[] kinds;
    private final String[] literals;
    private final byte[][] literalBytes;

    private TopicPattern(final String text, final List<Kind> kinds, final List<String> literals)
    {
        this.text = text;
        this.kinds = kinds.toArray(new Kind[0]);
        this.literals = literals.toArray(new String[0]);
        literalBytes = new byte[this.literals.length][];
        for (int i = 0; i < literalBytes.length; i++)
        {
            literalBytes[i] = this.literals[i].getBytes(StandardCharsets.UTF_8);
        }
    }

    /**
     * Compile a pattern.
     *
     * @param pattern to compile.
     * @return the pattern.
     * @throws EventFilterException with the column of the fault, if it is malformed.
     */
    public static TopicPattern of(final String pattern)
    {
        final List<Kind> kinds = new ArrayList<>();
        final List<String> literals = new ArrayList<>();
        int start = 0;
        while (start <= pattern.length())
        {
            final int dot = pattern.indexOf('.', start);
            final int end = dot < 0 ? pattern.length() : dot;
            final String segment = pattern.substring(start, end);
            final boolean isLast = dot < 0;
            if (segment.equals("**"))
            {
                // Two in a row mean the same as one.
                if (kinds.isEmpty() || kinds.get(kinds.size() - 1) != Kind.ANY)
                {
                    add(kinds, literals, Kind.ANY, "");
                }
            }
            else if (segment.equals("*"))
            {
                add(kinds, literals, Kind.ONE, "");
                if (isLast)
                {
                    add(kinds, literals, Kind.ANY, "");
                }
            }
            else
            {
                validateLiteral(pattern, segment, start);
                add(kinds, literals, Kind.LITERAL, segment);
            }
            start = end + 1;
        }
        return new TopicPattern(pattern, kinds, literals);
    }

    /** @return the pattern as it was given. */
    public String text()
    {
        return text;
    }

    /** @return true if the pattern has no {@code *}: it matches the type that it spells and no other. */
    public boolean isLiteral()
    {
        for (final Kind kind : kinds)
        {
            if (kind != Kind.LITERAL)
            {
                return false;
            }
        }
        return true;
    }

    /**
     * @param type of an event.
     * @return true if the pattern matches it.
     */
    public boolean matches(final CharSequence type)
    {
        return matches(type, null, 0, type.length());
    }

    /**
     * @param buffer holds a type in UTF-8.
     * @param offset of its first byte.
     * @param length in bytes.
     * @return true if the pattern matches it.
     */
    public boolean matches(final DirectBuffer buffer, final int offset, final int length)
    {
        buffer.boundsCheck(offset, length);
        return matches(null, buffer, offset, offset + length);
    }

    @Override
    public boolean equals(final Object other)
    {
        return other instanceof TopicPattern && text.equals(((TopicPattern)other).text);
    }

    @Override
    public int hashCode()
    {
        return text.hashCode();
    }

    @Override
    public String toString()
    {
        return text;
    }

    // On a mismatch only the last ANY needs to take one segment more: what an earlier ANY could take, the last one can
    // too.
    private boolean matches(final CharSequence type, final DirectBuffer buffer, final int start, final int end)
    {
        int at = start;
        int step = 0;
        int anyStep = -1;
        int anyAt = 0;
        while (at <= end)
        {
            if (step < kinds.length && kinds[step] == Kind.ANY)
            {
                anyStep = step++;
                anyAt = at;
                if (step == kinds.length)
                {
                    return true;
                }
                continue;
            }
            final int segmentEnd = endOfSegment(type, buffer, at, end);
            if (step < kinds.length && matchesSegment(step, type, buffer, at, segmentEnd))
            {
                step++;
                at = segmentEnd + 1;
            }
            else if (anyStep >= 0)
            {
                step = anyStep + 1;
                anyAt = endOfSegment(type, buffer, anyAt, end) + 1;
                at = anyAt;
            }
            else
            {
                return false;
            }
        }
        while (step < kinds.length && kinds[step] == Kind.ANY)
        {
            step++;
        }
        return step == kinds.length;
    }

    private boolean matchesSegment(
        final int step, final CharSequence type, final DirectBuffer buffer, final int start, final int end)
    {
        if (kinds[step] == Kind.ONE)
        {
            return true;
        }
        final int length = type != null ? literals[step].length() : literalBytes[step].length;
        if (end - start != length)
        {
            return false;
        }
        for (int i = 0; i < length; i++)
        {
            if (type != null ?
                type.charAt(start + i) != literals[step].charAt(i) :
                buffer.getByte(start + i) != literalBytes[step][i])
            {
                return false;
            }
        }
        return true;
    }

    private static int endOfSegment(final CharSequence type, final DirectBuffer buffer, final int start, final int end)
    {
        int at = start;
        while (at < end && (type != null ? type.charAt(at) : buffer.getByte(at)) != '.')
        {
            at++;
        }
        return at;
    }

    private static void add(final List<Kind> kinds, final List<String> literals, final Kind kind, final String literal)
    {
        kinds.add(kind);
        literals.add(literal);
    }

    private static void validateLiteral(final String pattern, final String segment, final int start)
    {
        if (segment.isEmpty())
        {
            throw malformed(pattern, start, "a segment is empty, write names between dots, for example pipeline.*");
        }
        for (int i = 0; i < segment.length(); i++)
        {
            final char c = segment.charAt(i);
            if (c == '*')
            {
                throw malformed(
                    pattern,
                    start + i,
                    "'*' and '**' stand alone between dots, write for example pipeline.* or **.failed");
            }
            if (Character.isWhitespace(c) || Character.isISOControl(c))
            {
                throw malformed(pattern, start + i, "no type has white space or control characters, remove them");
            }
        }
    }

    private static EventFilterException malformed(final String pattern, final int index, final String reason)
    {
        return new EventFilterException(
            "topic pattern '" + pattern + "' is not valid at column " + (index + 1) + ": " + reason);
    }
}
