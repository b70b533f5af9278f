package io.sluice.perf.archive;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.event.ContentType;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * An event in the storage format of requirement 004, one line without blanks: id, timestamp, type, source, correlation
 * id, payload and metadata, and nothing else of what an event has. Written apart from the engine's own JSON on purpose.
 * Confined to one thread.
 */
final class RequirementJson
{
    private static final JsonFactory JSON = new JsonFactory();
    private static final long NS_PER_S = 1_000_000_000L;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /**
     * Write an event.
     *
     * @param event to write.
     * @return its bytes, a line feed included.
     */
    int length(final EventFlyweight event)
    {
        return bytes(event).length;
    }

    byte[] bytes(final EventFlyweight event)
    {
        out.reset();
        try (JsonGenerator json = JSON.createGenerator(out))
        {
            json.writeStartObject();
            json.writeStringField("id", event.id());
            json.writeStringField("timestamp", Instant.ofEpochSecond(
                Math.floorDiv(event.eventTime(), NS_PER_S), Math.floorMod(event.eventTime(), NS_PER_S)).toString());
            json.writeStringField("type", event.type());
            json.writeStringField("source", event.source());
            if (event.fieldLength(EventField.CORRELATION_ID) > 0)
            {
                json.writeStringField("correlation_id", event.text(EventField.CORRELATION_ID));
            }
            final byte[] payload = event.payload();
            json.writeFieldName("payload");
            if (event.contentType() == ContentType.JSON && payload.length > 0)
            {
                json.writeRawValue(new String(payload, StandardCharsets.UTF_8));
            }
            else
            {
                json.writeBinary(payload);
            }
            if (event.fieldLength(EventField.METADATA) > 0)
            {
                json.writeFieldName("metadata");
                json.writeRawValue(event.text(EventField.METADATA));
            }
            json.writeEndObject();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
        out.write('\n');
        return out.toByteArray();
    }
}
