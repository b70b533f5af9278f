package io.sluice.handlers.source;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.event.EventBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes a flat JSON object as the payload of an event. Not thread-safe. */
final class PayloadWriter
{
    private static final JsonFactory FACTORY = new JsonFactory();

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
    private JsonGenerator json;

    PayloadWriter start()
    {
        bytes.reset();
        return write(() ->
        {
            json = FACTORY.createGenerator(bytes);
            json.writeStartObject();
        });
    }

    PayloadWriter text(final String name, final String value)
    {
        return write(() -> json.writeStringField(name, value));
    }

    PayloadWriter texts(final String name, final List<String> values)
    {
        return write(() ->
        {
            json.writeArrayFieldStart(name);
            for (final String value : values)
            {
                json.writeString(value);
            }
            json.writeEndArray();
        });
    }

    PayloadWriter number(final String name, final long value)
    {
        return write(() -> json.writeNumberField(name, value));
    }

    PayloadWriter flag(final String name, final boolean value)
    {
        return write(() -> json.writeBooleanField(name, value));
    }

    void end(final EventBuilder event)
    {
        write(() -> json.close());
        event.payload(bytes.toByteArray());
    }

    private PayloadWriter write(final Step step)
    {
        try
        {
            step.run();
            return this;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("writing to memory failed", ex);
        }
    }

    @FunctionalInterface
    private interface Step
    {
        void run() throws IOException;
    }
}
