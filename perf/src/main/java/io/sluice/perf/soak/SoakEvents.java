package io.sluice.perf.soak;

import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import io.sluice.perf.baseline.RecordTemplate;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The events of a soak: type and fate follow from the number, so that anybody can say what must have become of the
 * first so many. Not thread-safe; the rules are.
 */
final class SoakEvents
{
    /** Type of those that fail now and then. */
    static final String FRAIL = "soak.t0";

    private static final int PAYLOAD_LENGTH = 256;
    private static final int TYPES = 16;
    // Priorities change from event to event, so types change more slowly: each has all of them.
    private static final int RUN = 16;
    private static final int FRAIL_EVERY = TYPES * RUN;
    private static final int TWICE_EVERY = 4 * FRAIL_EVERY;
    private static final int DEAD_EVERY = 256 * FRAIL_EVERY;

    private final String[] types = new String[TYPES];
    private final UnsafeBuffer payload = RecordTemplate.payload(PAYLOAD_LENGTH);

    SoakEvents()
    {
        for (int i = 0; i < TYPES; i++)
        {
            types[i] = "soak.t" + i;
        }
    }

    void build(final EventBuilder builder, final long number, final Priority priority)
    {
        payload.putLong(0, number);
        builder.clear().type(types[(int)(number / RUN % TYPES)]).source("soak").priority(priority)
            .payload(payload, 0, PAYLOAD_LENGTH);
    }

    /** @return whether it is of the type that fails now and then. */
    static boolean isFrail(final long number)
    {
        return number / RUN % TYPES == 0;
    }

    /** @return whether its handler fails however often it is tried. */
    static boolean isDead(final long number)
    {
        return number % DEAD_EVERY == 0;
    }

    /** @return whether its handler fails the first time. */
    static boolean isTwice(final long number)
    {
        return number % TWICE_EVERY == 0;
    }
}
