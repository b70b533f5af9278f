package io.sluice.perf.plot;

import java.io.StringWriter;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * Writes elements of HTML and SVG. Whatever is given as text or as the value of an attribute is escaped. Not
 * thread-safe.
 */
public final class Markup
{
    private static final char REPLACEMENT = '\uFFFD';

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter xml;

    /** Empty. */
    public Markup()
    {
        try
        {
            xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
        }
        catch (final XMLStreamException e)
        {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Begin an element.
     *
     * @param name       of it.
     * @param attributes names and values in turn.
     * @return this.
     */
    public Markup begin(final String name, final String... attributes)
    {
        try
        {
            xml.writeStartElement(name);
            writeAttributes(attributes);
            return this;
        }
        catch (final XMLStreamException e)
        {
            throw new IllegalStateException(e);
        }
    }

    /**
     * End the element that was begun last.
     *
     * @return this.
     */
    public Markup end()
    {
        try
        {
            xml.writeEndElement();
            return this;
        }
        catch (final XMLStreamException e)
        {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Write text.
     *
     * @param words as they are to be read; characters that no document may have are replaced.
     * @return this.
     */
    public Markup text(final String words)
    {
        try
        {
            xml.writeCharacters(legal(words));
            return this;
        }
        catch (final XMLStreamException e)
        {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Write an element with text in it.
     *
     * @param name       of it.
     * @param words      in it.
     * @param attributes names and values in turn.
     * @return this.
     */
    public Markup element(final String name, final String words, final String... attributes)
    {
        return begin(name, attributes).text(words).end();
    }

    /**
     * Write an element with nothing in it, which needs no end.
     *
     * @param name       of it.
     * @param attributes names and values in turn.
     * @return this.
     */
    public Markup empty(final String name, final String... attributes)
    {
        try
        {
            xml.writeEmptyElement(name);
            writeAttributes(attributes);
            return this;
        }
        catch (final XMLStreamException e)
        {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Write a coordinate.
     *
     * @param value in units of the picture.
     * @return it with one digit behind the point.
     */
    public static String number(final double value)
    {
        return String.format(Locale.ROOT, "%.1f", value);
    }

    /** @return what was written so far. */
    @Override
    public String toString()
    {
        try
        {
            // The end of an empty element is written with what follows it.
            xml.writeCharacters("");
            xml.flush();
            return text.toString();
        }
        catch (final XMLStreamException e)
        {
            throw new IllegalStateException(e);
        }
    }

    private void writeAttributes(final String... attributes) throws XMLStreamException
    {
        if (attributes.length % 2 != 0)
        {
            throw new IllegalArgumentException("attribute without a value: " + String.join(" ", attributes));
        }
        for (int i = 0; i < attributes.length; i += 2)
        {
            xml.writeAttribute(attributes[i], legal(attributes[i + 1]));
        }
    }

    private static String legal(final String words)
    {
        final StringBuilder legal = new StringBuilder(words.length());
        words.codePoints().forEach((point) -> legal.appendCodePoint(isLegal(point) ? point : REPLACEMENT));
        return legal.toString();
    }

    private static boolean isLegal(final int point)
    {
        return point == '\n' || point == '\t' || point >= ' ' && point < 0x7F || point > 0x9F &&
            !(point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) && (point & 0xFFFE) != 0xFFFE;
    }
}
