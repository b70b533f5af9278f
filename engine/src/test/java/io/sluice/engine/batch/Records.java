package io.sluice.engine.batch;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStamp;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes records as the handling stage sees them. */
final class Records
{
    static final long RUN_ID = 77;
    static final int CAPACITY = 1 << 18;

    private final EventEncoder encoder = new EventEncoder();
    private final EventDefaults defaults = new EventDefaults(() -> 1L, new IdGenerator(1));
    private final EventBuilder builder = new EventBuilder();
    private final UnsafeBuffer scratch = new UnsafeBuffer(new byte[CAPACITY]);

    /** A record of its own. */
    EventFlyweight event(final long sequence, final String type, final Priority priority)
    {
        return event(sequence, (event) -> event.type(type).priority(priority).payloadText("payload " + sequence));
    }

    /** A record of its own with a payload of some length. */
    EventFlyweight event(final long sequence, final String type, final int payloadLength)
    {
        return event(sequence, (event) -> event.type(type).payload(new byte[payloadLength]));
    }

    /** A record of its own that changes an aggregate. */
    EventFlyweight change(final long sequence, final String type, final String aggregateId, final String json)
    {
        return event(
            sequence, (event) -> event.type(type).aggregate("File", aggregateId, sequence).payloadJson(json));
    }

    /** A record of its own. */
    EventFlyweight event(final long sequence, final Consumer<EventBuilder> fields)
    {
        fields.accept(builder.clear());
        final int length = builder.encode(encoder, scratch, 0, CAPACITY, defaults);
        EventStamp.stamp(scratch, 0, RUN_ID, sequence, 1_000_000L + sequence, Verdict.ACCEPTED, 0);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[length]);
        buffer.putBytes(0, scratch, 0, length);
        return new EventFlyweight().wrap(buffer, 0);
    }
}
