package io.sluice.engine.control;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Builds a JSON object for the control channel, member by member in the order of the calls: the arguments of a command,
 * an item or a result. Half a surrogate pair, which UTF-8 can't hold, becomes U+FFFD.
 *
 * <p>Not thread-safe. Allocates.
 */
public final class ControlJson
{
    private static final JsonFactory FACTORY = new JsonFactory();

    private final StringWriter text = new StringWriter();
    private final JsonGenerator generator;

    /** An object without members. */
    public ControlJson()
    {
        try
        {
            generator = FACTORY.createGenerator(text);
            generator.writeStartObject();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }

    /**
     * @param name  of the member, given once.
     * @param value of it; null becomes {@code null}.
     * @return this.
     */
    public ControlJson add(final String name, final String value)
    {
        return write(name, () -> generator.writeString(value == null ? null : wellFormed(value)));
    }

    /**
     * @param name  of the member, given once.
     * @param value of it.
     * @return this.
     */
    public ControlJson add(final String name, final long value)
    {
        return write(name, () -> generator.writeNumber(value));
    }

    /**
     * @param name  of the member, given once.
     * @param value of it.
     * @return this.
     */
    public ControlJson add(final String name, final boolean value)
    {
        return write(name, () -> generator.writeBoolean(value));
    }

    /**
     * @param name  of the member, given once.
     * @param value of it; ended by this call.
     * @return this.
     */
    public ControlJson add(final String name, final ControlJson value)
    {
        return write(name, () -> generator.writeRawValue(value.toString()));
    }

    /**
     * @param name   of the member, given once.
     * @param values of it.
     * @return this.
     */
    public ControlJson add(final String name, final List<String> values)
    {
        return write(name, () ->
        {
            generator.writeStartArray();
            for (final String value : values)
            {
                generator.writeString(wellFormed(value));
            }
            generator.writeEndArray();
        });
    }

    /**
     * A member whose value is JSON already, for example an event as {@link io.sluice.event.EventJsonWriter} writes it.
     *
     * @param name of the member, given once.
     * @param json one value.
     * @return this.
     * @throws IllegalArgumentException if it is not.
     */
    public ControlJson addJson(final String name, final String json)
    {
        ControlObject.checkValue(json);
        return addRaw(name, json);
    }

    ControlJson addRaw(final String name, final String json)
    {
        return write(name, () -> generator.writeRawValue(json));
    }

    /** @return the object in one line; from now on it takes no more members. */
    @Override
    public String toString()
    {
        try
        {
            // Ends the object where it is still open.
            generator.close();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return text.toString();
    }

    /** Something that writes a value. */
    @FunctionalInterface
    private interface ValueWriter
    {
        void write() throws IOException;
    }

    private ControlJson write(final String name, final ValueWriter value)
    {
        if (generator.isClosed())
        {
            throw new IllegalStateException("member '" + name + "' comes too late: the object has been written");
        }
        try
        {
            generator.writeFieldName(wellFormed(name));
            value.write();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
        return this;
    }

    private static String wellFormed(final String text)
    {
        StringBuilder repaired = null;
        for (int i = 0; i < text.length(); i++)
        {
            final char c = text.charAt(i);
            if (!Character.isSurrogate(c))
            {
                continue;
            }
            if (Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1)))
            {
                i++;
                continue;
            }
            repaired = repaired == null ? new StringBuilder(text) : repaired;
            repaired.setCharAt(i, '\uFFFD');
        }
        return repaired == null ? text : repaired.toString();
    }
}
