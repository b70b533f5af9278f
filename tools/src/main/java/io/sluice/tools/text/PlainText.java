package io.sluice.tools.text;

/** Makes foreign text harmless and short, so that a terminal shows it and does nothing else. */
public final class PlainText
{
    private static final int CONTINUATION_MASK = 0xC0;
    private static final int CONTINUATION = 0x80;
    private static final int LONGEST_CHARACTER = 4;

    private PlainText()
    {
    }

    /**
     * @param text of any origin.
     * @return it with control characters, and those that turn the direction of writing, as {@code \\uHHHH}.
     */
    public static String printable(final String text)
    {
        if (text == null)
        {
            return "";
        }
        final StringBuilder out = new StringBuilder(text.length());
        appendPrintable(out, text);
        return out.toString();
    }

    /**
     * @param out  to append to.
     * @param text as for {@link #printable}.
     */
    public static void appendPrintable(final StringBuilder out, final String text)
    {
        for (int i = 0; i < text.length(); i++)
        {
            final char c = text.charAt(i);
            if (c == '\n')
            {
                out.append("\\n");
            }
            else if (c == '\t')
            {
                out.append("\\t");
            }
            else if (c == '\r')
            {
                out.append("\\r");
            }
            else if (isHarmful(text, i))
            {
                out.append(String.format("\\u%04x", (int)c));
            }
            else
            {
                out.append(c);
            }
        }
    }

    /**
     * @param text          of any length.
     * @param maxCharacters to keep, at least 1.
     * @return it, or its beginning and an ellipsis.
     */
    public static String shorten(final String text, final int maxCharacters)
    {
        if (text.length() <= maxCharacters)
        {
            return text;
        }
        final int end = maxCharacters - 1;
        return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end) + "…";
    }

    /**
     * @param utf8       bytes at the beginning of a text.
     * @param fullLength of the text in bytes.
     * @return how many of them form whole characters.
     */
    public static int wholeCharacters(final byte[] utf8, final int fullLength)
    {
        if (utf8.length == fullLength)
        {
            return fullLength;
        }
        int start = utf8.length;
        while (start > 0 && utf8.length - start < LONGEST_CHARACTER)
        {
            start--;
            if ((utf8[start] & CONTINUATION_MASK) != CONTINUATION)
            {
                final int lead = utf8[start] & 0xFF;
                final int length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : LONGEST_CHARACTER;
                return start + length <= utf8.length ? utf8.length : start;
            }
        }
        return utf8.length;
    }

    private static boolean isHarmful(final String text, final int index)
    {
        final char c = text.charAt(index);
        if (Character.isISOControl(c))
        {
            return true;
        }
        if (Character.isSurrogate(c))
        {
            final boolean isPaired = Character.isHighSurrogate(c) ?
                index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1)) :
                index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
            return !isPaired;
        }
        final int type = Character.getType(c);
        return type == Character.FORMAT || type == Character.LINE_SEPARATOR || type == Character.PARAGRAPH_SEPARATOR;
    }
}
