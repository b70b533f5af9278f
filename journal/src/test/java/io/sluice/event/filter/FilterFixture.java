package io.sluice.event.filter;

import io.sluice.event.CloudEventsJson;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventJson;
import io.sluice.event.EventStamp;
import io.sluice.event.IdGenerator;
import io.sluice.event.Timestamps;
import io.sluice.event.Verdict;
import org.agrona.concurrent.UnsafeBuffer;

/** Events as the journal holds them, and filters evaluated on them. One per test. */
final class FilterFixture
{
    static final long NOW_NS = 1_705_746_600_123_456_789L;
    /** A value in every field. */
    static final String SAMPLE = """
        {"id":"evt_1234567890","timestamp":"2024-01-20T10:30:00Z","type":"pipeline.stage.completed",
         "source":"synthesis_pipeline","subject":"Extraktion ä€😀","correlation_id":"pipe_abc123",
         "causation_id":"evt_0","session_id":"s-1","workflow_id":"w-1","priority":"high","category":"integration",
         "aggregate":{"type":"Order","id":"o-7","version":3},"version":"1.2","flags":["replayed"],
         "payload":{"stage":"extraction","duration_ms":1250,"ratio":0.75,"big":12345678901234567890,"ok":true,
           "status":"error","message":"a timeout occurred","due":"2024-02-01","none":null,"list":["a",2,true,{"x":1}],
           "deep":{"a":[10,{"b":"found"}]},"odd key":1,"in":5,"text5":"5"},
         "metadata":{"host":"worker-01","tags":["x","y"],"myext":"custom","MyCase":"A","hops":7}}""";

    final EventBuilder builder = new EventBuilder();
    final FilterInput input = new FilterInput();
    final Value result = new Value();
    private final EventEncoder encoder = new EventEncoder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1 << 20]);
    private final EventDefaults defaults = new EventDefaults(() -> NOW_NS, new IdGenerator(42));

    EventFlyweight sample()
    {
        return json(SAMPLE);
    }

    EventFlyweight json(final String json)
    {
        return json(json, 42);
    }

    EventFlyweight json(final String json, final long sequence)
    {
        new EventJson().read(json, builder);
        return encode(sequence);
    }

    EventFlyweight cloudEvent(final String json, final boolean hasTime, final long sequence)
    {
        new CloudEventsJson().read(json, builder);
        if (!hasTime)
        {
            builder.eventTimeNs(EventDescriptor.NO_EVENT_TIME);
        }
        return encode(sequence);
    }

    EventFlyweight encode(final long sequence)
    {
        unsequenced();
        EventStamp.stamp(buffer, 0, 7, sequence, NOW_NS, Verdict.ACCEPTED, 0);
        return new EventFlyweight().wrap(buffer, 0);
    }

    /** The event of the builder, as it is before the journal has it. */
    EventFlyweight unsequenced()
    {
        builder.encode(encoder, buffer, 0, buffer.capacity(), defaults);
        return new EventFlyweight().wrap(buffer, 0);
    }

    /** Any expression, also one that is no condition. */
    Value evaluate(final String expression, final EventFlyweight event)
    {
        new NodeFactory(input).compile(FilterReader.read(expression)).evaluate(input.wrap(event), result);
        return result;
    }

    static String text(final Value value)
    {
        return switch (value.kind)
        {
            case BOOLEAN -> Boolean.toString(value.isTrue());
            case INTEGER -> Long.toString(value.number);
            case DECIMAL -> Double.toString(value.decimal);
            case TEXT, JSON -> value.string();
            case TIME -> Timestamps.text(value.number);
        };
    }
}
