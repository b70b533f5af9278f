package io.sluice.event;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;

/** Builder, encoder, buffer, clock and seed for the tests of this package; one per test. */
final class EventFixture
{
    static final long NOW_NS = 1_705_746_600_123_456_789L;
    static final int CAPACITY = 1 << 20;
    static final int OFFSET = 64;

    final EventBuilder builder = new EventBuilder();
    final EventEncoder encoder = new EventEncoder();
    final UnsafeBuffer buffer = new UnsafeBuffer(new byte[OFFSET + CAPACITY]);
    final EventDefaults defaults = new EventDefaults(() -> NOW_NS, new IdGenerator(42));
    final EventHash hash = new EventHash();

    /** Encode what the builder holds. */
    EventFlyweight encode()
    {
        builder.encode(encoder, buffer, OFFSET, CAPACITY, defaults);
        return new EventFlyweight().wrap(buffer, OFFSET);
    }

    /** Encode and stamp what the builder holds. */
    EventFlyweight encodeStamped(final long sequence)
    {
        final EventFlyweight event = encode();
        EventStamp.stamp(buffer, OFFSET, 7, sequence, NOW_NS + sequence, Verdict.ACCEPTED, 0);
        return event;
    }

    /** A builder with a value in every field. */
    EventBuilder full()
    {
        return builder.clear()
            .id("evt_1234567890")
            .type("pipeline.stage.completed")
            .source("synthesis_pipeline")
            .subject("Extraktion \u00e4\u20ac\ud83d\ude00")
            .eventTimeNs(NOW_NS)
            .priority(Priority.HIGH)
            .category(Category.INTEGRATION)
            .correlationId("pipe_abc123")
            .causationId("evt_0987654321")
            .sessionId("session_abc")
            .workflowId("wf-1")
            .aggregate("Analysis", "a-17", 3)
            .version("1.2.0")
            .contentType("application/vnd.acme+json")
            .flags(EventDescriptor.FLAG_REPLAYED | EventDescriptor.FLAG_CORRECTION)
            .metadata("host", "worker-01")
            .metadata("tags", List.of("a", "b"))
            .payload("{\"stage\":\"extraction\"}".getBytes(StandardCharsets.UTF_8));
    }

    static byte[] utf8(final String text)
    {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** JSON as maps, lists and scalars; numbers as their text. */
    static Object parse(final String json)
    {
        try (JsonParser parser = new JsonFactory().createParser(json))
        {
            parser.nextToken();
            final Object value = value(parser);
            if (parser.nextToken() != null)
            {
                throw new AssertionError("more than one value: " + json);
            }
            return value;
        }
        catch (final IOException ex)
        {
            throw new AssertionError("no JSON: " + json, ex);
        }
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> parseObject(final String json)
    {
        return (Map<String, Object>)parse(json);
    }

    private static Object value(final JsonParser parser) throws IOException
    {
        switch (parser.currentToken())
        {
            case START_OBJECT:
                final Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT)
                {
                    final String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, value(parser));
                }
                return map;
            case START_ARRAY:
                final List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY)
                {
                    list.add(value(parser));
                }
                return list;
            case VALUE_NULL:
                return null;
            case VALUE_TRUE:
                return true;
            case VALUE_FALSE:
                return false;
            case VALUE_STRING:
                return parser.getText();
            default:
                return new WrittenNumber(parser.getText());
        }
    }

    /** A number as it was written. */
    record WrittenNumber(String text)
    {
    }
}
