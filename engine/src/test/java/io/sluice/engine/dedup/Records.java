package io.sluice.engine.dedup;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStamp;
import io.sluice.event.IdGenerator;
import io.sluice.event.Verdict;
import org.agrona.concurrent.UnsafeBuffer;

/** Makes records as sequencing and journal see them. */
final class Records
{
    private static final long RUN_ID = 1;

    private final EventEncoder encoder = new EventEncoder();
    private final EventDefaults defaults = new EventDefaults(() -> 1L, new IdGenerator(1));
    private final EventBuilder builder = new EventBuilder();

    /** A completed record in a buffer of its own. */
    EventFlyweight event(final String id, final String type, final String payload)
    {
        return event(id, type, payload, 0);
    }

    /** A completed record with flags, in a buffer of its own. */
    EventFlyweight event(final String id, final String type, final String payload, final int flags)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
        builder.clear().id(id).type(type).payloadText(payload).flags(flags).encode(encoder, buffer, 0, 1024, defaults);
        return new EventFlyweight().wrap(buffer, 0);
    }

    /** The record as the journal holds it after that verdict. */
    static EventFlyweight journaled(
        final EventFlyweight event,
        final long sequence,
        final long timeNs,
        final Verdict verdict,
        final long originalSequence)
    {
        final UnsafeBuffer copy = new UnsafeBuffer(new byte[event.recordLength()]);
        event.copyTo(copy, 0);
        EventStamp.stamp(copy, 0, RUN_ID, sequence, timeNs, verdict, originalSequence);
        return new EventFlyweight().wrap(copy, 0);
    }
}
