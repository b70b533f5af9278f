package io.sluice.perf.chaos;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import org.agrona.concurrent.UnsafeBuffer;

/** The events of a run. All that matters of one follows from its number, in any process. Has no state. */
final class ChaosEvent
{
    /** Different types. */
    static final int TYPES = 3;
    /** Different keys. */
    static final int KEYS = 8;

    private static final int PAYLOAD_LENGTH = 48;
    private static final Priority[] PRIORITIES = Priority.values();
    // CRITICAL is rare, as it should be.
    private static final int[] PRIORITY_MIX = {0, 1, 1, 2, 2, 2, 3, 3};
    private static final String[] TYPE_NAMES = {"chaos.a", "chaos.b", "chaos.c"};
    private static final String[] KEY_NAMES = {"k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7"};

    private ChaosEvent()
    {
    }

    /** @return index of the type of an event. */
    static int typeOf(final long number)
    {
        return (int)(hash(number, 1) % TYPES);
    }

    /** @return code of the priority of an event. */
    static int priorityOf(final long number)
    {
        return PRIORITY_MIX[(int)(hash(number, 2) % PRIORITY_MIX.length)];
    }

    /** @return index of the key of an event. */
    static int keyOf(final long number)
    {
        return (int)(hash(number, 3) % KEYS);
    }

    /** @return more than 0 and as good as random, the same for the same arguments. */
    static long hash(final long number, final long salt)
    {
        long mixed = number * 0x9E3779B97F4A7C15L + salt * 0xC2B2AE3D27D4EB4FL;
        mixed = (mixed ^ mixed >>> 30) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94D049BB133111EBL;
        return (mixed ^ mixed >>> 31) >>> 1;
    }

    /** Put an event into a builder. */
    static void build(final EventBuilder builder, final long number)
    {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_LENGTH]);
        payload.putLong(0, number);
        builder.clear()
            .type(TYPE_NAMES[typeOf(number)])
            .source("chaos")
            .priority(PRIORITIES[priorityOf(number)])
            .aggregate("chaos", KEY_NAMES[keyOf(number)], 0)
            .payload(payload, 0, PAYLOAD_LENGTH);
    }

    /** @return the number in an event. */
    static long numberOf(final EventFlyweight event)
    {
        return event.buffer().getLong(event.fieldOffset(EventField.PAYLOAD));
    }
}
