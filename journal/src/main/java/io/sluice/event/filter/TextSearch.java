package io.sluice.event.filter;

/**
 * Finds a text in another one, in time proportional to the two of them whatever they are (Knuth, Morris and Pratt: what
 * was matched is never read again). Not thread-safe; free of allocation once its table has grown.
 */
final class TextSearch
{
    private int[] borders = new int[64];

    boolean find(final Value text, final Value part)
    {
        if (part.length == 0)
        {
            return true;
        }
        if (part.length > text.length)
        {
            return false;
        }
        prepare(part);
        int matched = 0;
        for (int i = 0; i < text.length; i++)
        {
            final byte b = text.buffer.getByte(text.offset + i);
            while (matched > 0 && part.buffer.getByte(part.offset + matched) != b)
            {
                matched = borders[matched - 1];
            }
            if (part.buffer.getByte(part.offset + matched) == b)
            {
                matched++;
                if (matched == part.length)
                {
                    return true;
                }
            }
        }
        return false;
    }

    // For each beginning of the part, the length of the longest one that also ends it.
    private void prepare(final Value part)
    {
        if (borders.length < part.length)
        {
            borders = new int[Math.max(part.length, 2 * borders.length)];
        }
        borders[0] = 0;
        int border = 0;
        for (int i = 1; i < part.length; i++)
        {
            final byte b = part.buffer.getByte(part.offset + i);
            while (border > 0 && part.buffer.getByte(part.offset + border) != b)
            {
                border = borders[border - 1];
            }
            if (part.buffer.getByte(part.offset + border) == b)
            {
                border++;
            }
            borders[i] = border;
        }
    }
}
