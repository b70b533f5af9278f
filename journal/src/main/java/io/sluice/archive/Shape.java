package io.sluice.archive;

import java.util.Arrays;

/**
 * What the first byte of a payload's or metadata's value in its shape column says: nothing there, a JSON shape, a text
 * of its own column, or bytes that lie apart. Of a JSON shape it knows which column holds the value of each place.
 */
final class Shape
{
    static final int EMPTY = 'E';
    static final int TEXT = 'T';
    static final int BYTES = 'B';

    private final int form;
    private final byte[] bytes;
    private final int[] columns;

    private Shape(final int form, final byte[] bytes, final int[] columns)
    {
        this.form = form;
        this.bytes = bytes;
        this.columns = columns;
    }

    /**
     * Read a shape. Columns are made in the order in which the places stand in it.
     *
     * @param source  holds it.
     * @param offset  of its mark.
     * @param length  with the mark.
     * @param isPayload or metadata.
     * @param places  finds columns.
     * @return the shape.
     */
    static Shape read(
        final byte[] source, final int offset, final int length, final boolean isPayload, final PlaceColumns places)
    {
        if (length == 0)
        {
            throw new MalformedException("a shape without a mark");
        }
        final int form = source[offset];
        switch (form)
        {
            case JsonShape.MARK:
                final byte[] bytes = Arrays.copyOfRange(source, offset + 1, offset + length);
                return new Shape(form, bytes, columns(bytes, isPayload, places));
            case TEXT:
                return new Shape(form, null, new int[] {places.column(isPayload, JsonShape.STRING, 0L)});
            case EMPTY:
            case BYTES:
                return new Shape(form, null, new int[0]);
            default:
                throw new MalformedException("a shape with mark " + form);
        }
    }

    /** @return the mark. */
    int form()
    {
        return form;
    }

    /** @return a JSON shape without its mark. */
    byte[] bytes()
    {
        return bytes;
    }

    int places()
    {
        return columns.length;
    }

    int column(final int place)
    {
        return columns[place];
    }

    private static int[] columns(final byte[] shape, final boolean isPayload, final PlaceColumns places)
    {
        final IntColumn found = new IntColumn();
        final JsonPath path = new JsonPath();
        path.start();
        int at = 0;
        while (at < shape.length)
        {
            final byte next = shape[at++];
            switch (next)
            {
                case JsonShape.STRING:
                case JsonShape.INTEGER:
                case JsonShape.TOKEN:
                    found.add(places.column(isPayload, next, path.place()));
                    break;
                case '"':
                    final int from = at;
                    while (at < shape.length && shape[at] != '"')
                    {
                        at += shape[at] == '\\' ? 2 : 1;
                    }
                    if (at >= shape.length)
                    {
                        throw new MalformedException("a name in a shape has no end");
                    }
                    path.name(shape, from, at++);
                    break;
                case ',':
                    path.separate();
                    break;
                case '{':
                case '[':
                case '}':
                case ']':
                    if (!(next == '{' || next == '[' ? path.enter(next == '{') : path.leave()))
                    {
                        throw new MalformedException("a shape has unpaired brackets");
                    }
                    break;
                default:
                    break;
            }
        }
        final int[] columns = new int[found.count()];
        for (int i = 0; i < columns.length; i++)
        {
            columns[i] = found.get(i);
        }
        return columns;
    }
}
