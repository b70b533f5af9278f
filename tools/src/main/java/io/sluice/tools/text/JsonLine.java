package io.sluice.tools.text;

import java.util.List;

/** One compact JSON object, built member by member in the order of the calls. Not thread-safe. */
public final class JsonLine
{
    private final StringBuilder json = new StringBuilder(128).append('{');

    /**
     * @param name  of the member.
     * @param value of it; null becomes {@code null}.
     * @return this.
     */
    public JsonLine add(final String name, final String value)
    {
        name(name);
        appendText(value);
        return this;
    }

    /**
     * @param name  of the member.
     * @param value of it.
     * @return this.
     */
    public JsonLine add(final String name, final long value)
    {
        name(name).json.append(value);
        return this;
    }

    /**
     * @param name  of the member.
     * @param value of it.
     * @return this.
     */
    public JsonLine add(final String name, final boolean value)
    {
        name(name).json.append(value);
        return this;
    }

    /**
     * @param name   of the member.
     * @param tenths value of it, ten times; one decimal is written unless it is 0.
     * @return this.
     */
    public JsonLine addTenths(final String name, final long tenths)
    {
        name(name).json.append(tenths / 10);
        if (tenths % 10 != 0)
        {
            json.append('.').append(Math.abs(tenths % 10));
        }
        return this;
    }

    /**
     * @param name  of the member.
     * @param value an object.
     * @return this.
     */
    public JsonLine add(final String name, final JsonLine value)
    {
        name(name).json.append(value);
        return this;
    }

    /**
     * @param name   of the member.
     * @param values texts.
     * @return this.
     */
    public JsonLine add(final String name, final List<String> values)
    {
        name(name).json.append('[');
        String separator = "";
        for (final String value : values)
        {
            json.append(separator);
            appendText(value);
            separator = ",";
        }
        json.append(']');
        return this;
    }

    @Override
    public String toString()
    {
        return json + "}";
    }

    private JsonLine name(final String name)
    {
        if (json.length() > 1)
        {
            json.append(',');
        }
        appendText(name);
        json.append(':');
        return this;
    }

    private void appendText(final String text)
    {
        if (text == null)
        {
            json.append("null");
            return;
        }
        json.append('"');
        for (int i = 0; i < text.length(); i++)
        {
            final char c = text.charAt(i);
            if (c == '"' || c == '\\')
            {
                json.append('\\').append(c);
            }
            else if (Character.isISOControl(c) || Character.isSurrogate(c) && !isPaired(text, i))
            {
                json.append(String.format("\\u%04x", (int)c));
            }
            else
            {
                json.append(c);
            }
        }
        json.append('"');
    }

    private static boolean isPaired(final String text, final int index)
    {
        return Character.isHighSurrogate(text.charAt(index)) ?
            index + 1 < text.length() && Character.isLowSurrogate(text.charAt(index + 1)) :
            index > 0 && Character.isHighSurrogate(text.charAt(index - 1));
    }
}
