package io.sluice.engine.stream;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStamp;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import org.agrona.concurrent.UnsafeBuffer;

/** Records as a handler sees them. */
final class TestEvents
{
    private static final int CAPACITY = 1 << 17;

    private final EventDefaults defaults = new EventDefaults(() -> 1, new IdGenerator(42));
    private final EventEncoder encoder = new EventEncoder();
    private final EventBuilder builder = new EventBuilder();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[CAPACITY]);
    private final EventFlyweight event = new EventFlyweight();

    EventFlyweight next(final long sequence)
    {
        return next(sequence, "a.b", Priority.NORMAL, 100);
    }

    EventFlyweight next(final long sequence, final String type)
    {
        return next(sequence, type, Priority.NORMAL, 100);
    }

    EventFlyweight next(final long sequence, final String type, final Priority priority, final int payloadLength)
    {
        builder.clear().type(type).priority(priority).payload(new byte[payloadLength]);
        builder.encode(encoder, buffer, 0, CAPACITY, defaults);
        return again(sequence);
    }

    /** The same record under another sequence. */
    EventFlyweight again(final long sequence)
    {
        EventStamp.stamp(buffer, 0, 1, sequence, 1, Verdict.ACCEPTED, 0);
        return event.wrap(buffer, 0);
    }
}
