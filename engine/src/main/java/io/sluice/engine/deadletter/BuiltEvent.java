package io.sluice.engine.deadletter;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.IdGenerator;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An event that is no copy: a repaired one, or one that stands for an event whose copy can't be read any more. Not
 * thread-safe; allocates a buffer for each event.
 */
final class BuiltEvent
{
    /** Type of an event of which nothing is known but that it has a letter. */
    static final String LOST_TYPE = "sluice.deadletter.lost";

    private final EventEncoder encoder = new EventEncoder();
    private final EventFlyweight view = new EventFlyweight();
    private final int room;

    /**
     * @param letterRoom bytes that what is said of the letter takes at most.
     */
    BuiltEvent(final int letterRoom)
    {
        room = EventDescriptor.MIN_RECORD_LENGTH + EventField.METADATA.maxLength() + letterRoom;
    }

    /**
     * @param builder  of the repaired event.
     * @param original event, whose time and source it has where it has none itself.
     * @return the repaired event, flagged as a correction, valid until the next call.
     */
    EventFlyweight repaired(final EventBuilder builder, final EventFlyweight original)
    {
        final int flags = builder.flags();
        builder.flags(flags | EventDescriptor.FLAG_CORRECTION);
        try
        {
            return encode(builder, original::eventTime, original.source());
        }
        finally
        {
            builder.flags(flags);
        }
    }

    /** @return stands for the event of a letter of which no copy can be read, valid until the next call. */
    EventFlyweight lost(final LetterStatus letter, final EpochNanoClock clock)
    {
        return encode(new EventBuilder().id("dead-letter-" + letter.letter()).type(LOST_TYPE), clock, "");
    }

    private EventFlyweight encode(final EventBuilder event, final EpochNanoClock clock, final String source)
    {
        final EventDefaults defaults = new EventDefaults(clock, new IdGenerator(0)).source(source);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[room + event.payload().length]);
        event.encode(encoder, buffer, 0, buffer.capacity(), defaults);
        return view.wrap(buffer, 0);
    }
}
