package io.sluice.handlers.source;

import java.nio.charset.StandardCharsets;

/** Cuts texts to what a field of an event can hold, always between characters. */
final class ShortText
{
    private static final String ELLIPSIS = "…";
    private static final int ELLIPSIS_LENGTH = 3;

    private ShortText()
    {
    }

    /** @return the text, or its beginning and an ellipsis, in at most so many bytes of UTF-8. */
    static String ofBytes(final String text, final int maxBytes)
    {
        if (text.length() * 3L <= maxBytes || text.getBytes(StandardCharsets.UTF_8).length <= maxBytes)
        {
            return text;
        }
        int bytes = 0;
        int end = 0;
        while (end < text.length())
        {
            final int codePoint = text.codePointAt(end);
            final int length = codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
            if (bytes + length > maxBytes - ELLIPSIS_LENGTH)
            {
                break;
            }
            bytes += length;
            end += Character.charCount(codePoint);
        }
        return text.substring(0, end) + ELLIPSIS;
    }
}
