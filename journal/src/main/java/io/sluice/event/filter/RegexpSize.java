package io.sluice.event.filter;

/**
 * An upper bound for the number of instructions that a regular expression is compiled to. Repetitions are written out:
 * {@code ((a{100}){100}){100}} is a million. The engine is linear in the text and in this.
 */
final class RegexpSize
{
    private static final long TOO_MANY = Integer.MAX_VALUE;

    private final String text;
    private int at;

    private RegexpSize(final String text)
    {
        this.text = text;
    }

    static long of(final String regexp)
    {
        return new RegexpSize(regexp).sequence();
    }

    // Iterative, because groups may nest as deep as the text is long.
    private long sequence()
    {
        final long[] sums = new long[text.length() + 1];
        int depth = 0;
        long atom = 0;
        while (at < text.length())
        {
            final char c = text.charAt(at++);
            if (c == '(')
            {
                sums[depth] = Math.min(TOO_MANY, sums[depth] + atom);
                atom = 0;
                sums[++depth] = 2;
            }
            else if (c == ')' && depth > 0)
            {
                atom = Math.min(TOO_MANY, sums[depth--] + atom);
            }
            else if (c == '{' && atom > 0 && repetitions() >= 0)
            {
                atom = Math.min(TOO_MANY, atom * Math.max(1, repetitionsAndSkip()));
            }
            else
            {
                sums[depth] = Math.min(TOO_MANY, sums[depth] + atom);
                atom = atom(c);
            }
        }
        long total = atom;
        for (int i = 0; i <= depth; i++)
        {
            total += sums[i];
        }
        return Math.min(TOO_MANY, total);
    }

    private long atom(final char c)
    {
        if (c == '\\' && at < text.length())
        {
            at++;
        }
        else if (c == '[')
        {
            skipClass();
        }
        // A class may become some ranges of UTF-8.
        return c == '[' || c == '\\' || c == '.' ? 4 : 1;
    }

    private void skipClass()
    {
        final int end = text.indexOf(']', Math.min(text.length(), at + 1));
        at = end < 0 ? text.length() : end + 1;
    }

    private long repetitionsAndSkip()
    {
        final long count = repetitions();
        at = text.indexOf('}', at) + 1;
        return count;
    }

    // Of {n}, {n,} or {n,m} after the brace; -1 if it is something else.
    private long repetitions()
    {
        final int end = text.indexOf('}', at);
        if (end < 0 || end - at > 9 || end == at)
        {
            return -1;
        }
        long first = 0;
        long last = -1;
        for (int i = at; i < end; i++)
        {
            final char c = text.charAt(i);
            if (c == ',' && last < 0)
            {
                last = 0;
            }
            else if (c < '0' || c > '9')
            {
                return -1;
            }
            else if (last < 0)
            {
                first = first * 10 + c - '0';
            }
            else
            {
                last = last * 10 + c - '0';
            }
        }
        return last < 0 ? first : Math.max(first + 1, last);
    }
}
