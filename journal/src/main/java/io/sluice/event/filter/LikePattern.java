package io.sluice.event.filter;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.DirectBuffer;

/**
 * A pattern of {@code LIKE}: {@code %} and {@code *} are any run of characters, {@code _} is one character, a backslash
 * before one of them takes its meaning away. Matches bytes of UTF-8 without allocation, in time proportional to the
 * text times the pattern at most. Immutable.
 */
final class LikePattern
{
    private static final int ONE = -1;
    private static final int RUN = -2;

    private final int[] steps;

    private LikePattern(final int[] steps)
    {
        this.steps = steps;
    }

    static LikePattern of(final String text)
    {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final int[] steps = new int[bytes.length];
        int count = 0;
        for (int i = 0; i < bytes.length; i++)
        {
            final byte b = bytes[i];
            if (b == '\\' && i + 1 < bytes.length && isWild(bytes[i + 1]))
            {
                steps[count++] = bytes[++i] & 0xFF;
            }
            else if (b == '_')
            {
                steps[count++] = ONE;
            }
            else if (!isWild(b))
            {
                steps[count++] = b & 0xFF;
            }
            else if (count == 0 || steps[count - 1] != RUN)
            {
                steps[count++] = RUN;
            }
        }
        return new LikePattern(Arrays.copyOf(steps, count));
    }

    /** @return what every match starts with, as far as the pattern spells it. */
    String prefix()
    {
        int length = 0;
        while (length < steps.length && steps[length] >= 0)
        {
            length++;
        }
        final byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++)
        {
            bytes[i] = (byte)steps[i];
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    boolean matches(final DirectBuffer buffer, final int offset, final int length)
    {
        final int end = offset + length;
        int at = offset;
        int step = 0;
        int runStep = -1;
        int runAt = offset;
        // On a mismatch only the last run takes one byte more: what an earlier one could take, the last can too.
        while (at < end)
        {
            if (step < steps.length && steps[step] == RUN)
            {
                runStep = step++;
                runAt = at;
            }
            else if (step < steps.length && steps[step] == ONE && !isContinuation(buffer.getByte(at)))
            {
                at = endOfCharacter(buffer, at, end);
                step++;
            }
            else if (step < steps.length && steps[step] == (buffer.getByte(at) & 0xFF))
            {
                at++;
                step++;
            }
            else if (runStep >= 0)
            {
                step = runStep + 1;
                at = ++runAt;
            }
            else
            {
                return false;
            }
        }
        while (step < steps.length && steps[step] == RUN)
        {
            step++;
        }
        return step == steps.length;
    }

    private static int endOfCharacter(final DirectBuffer buffer, final int start, final int end)
    {
        int at = start + 1;
        while (at < end && isContinuation(buffer.getByte(at)))
        {
            at++;
        }
        return at;
    }

    private static boolean isContinuation(final byte b)
    {
        return (b & 0xC0) == 0x80;
    }

    private static boolean isWild(final byte b)
    {
        return b == '%' || b == '*' || b == '_';
    }
}
