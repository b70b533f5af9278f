package io.sluice.event.filter;

import java.util.ArrayList;
import java.util.List;

/**
 * An object or an array: Boolean, Long, Double, {@link NaiveText}, null or again one of these. Filled first, read then.
 */
final class NaiveJson
{
    // Null in an array.
    private final List<String> names;
    private final List<Object> values = new ArrayList<>(4);
    private NaiveText text;

    private NaiveJson(final List<String> names)
    {
        this.names = names;
    }

    static NaiveJson object()
    {
        return new NaiveJson(new ArrayList<>(4));
    }

    static NaiveJson array()
    {
        return new NaiveJson(null);
    }

    NaiveJson add(final Object value)
    {
        values.add(value);
        return this;
    }

    NaiveJson put(final String name, final Object value)
    {
        names.add(name);
        values.add(value);
        return this;
    }

    boolean isArray()
    {
        return names == null;
    }

    boolean isEmpty()
    {
        return values.isEmpty();
    }

    boolean has(final String name)
    {
        return names.contains(name);
    }

    /** @return null if it is {@code null}, or there is none, or this is an array. */
    Object get(final String name)
    {
        // A few names: looking at all of them is as good as a map.
        final int at = isArray() ? -1 : names.indexOf(name);
        return at < 0 ? null : values.get(at);
    }

    /** @return null if it is {@code null}, or there is none, or this is an object. */
    Object get(final int index)
    {
        return isArray() && index < values.size() ? values.get(index) : null;
    }

    List<Object> elements()
    {
        return values;
    }

    NaiveText text()
    {
        text = text == null ? NaiveText.made(write(this)) : text;
        return text;
    }

    static String write(final Object value)
    {
        final StringBuilder json = new StringBuilder();
        write(json, value);
        return json.toString();
    }

    private static void write(final StringBuilder json, final Object value)
    {
        if (value instanceof NaiveJson container)
        {
            json.append(container.isArray() ? '[' : '{');
            for (int i = 0; i < container.values.size(); i++)
            {
                json.append(i == 0 ? "" : ",");
                if (!container.isArray())
                {
                    quote(json, container.names.get(i));
                    json.append(':');
                }
                write(json, container.values.get(i));
            }
            json.append(container.isArray() ? ']' : '}');
        }
        else if (value instanceof NaiveText text)
        {
            quote(json, text.string());
        }
        else
        {
            json.append(value);
        }
    }

    private static void quote(final StringBuilder json, final String text)
    {
        json.append('"').append(text.replace("\\", "\\\\").replace("\"", "\\\"")).append('"');
    }
}
