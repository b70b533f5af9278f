package io.sluice.perf.tailers;

import io.sluice.event.ContentType;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The events of a run: type, source and payload follow from the number alone, so that anybody can say without a journal
 * what a filter must pick. Not thread-safe.
 */
final class PerfEvents
{
    static final int TYPES = 20;
    static final int SOURCES = 20;

    private static final int PAYLOAD_LENGTH = 256;
    private static final String NUMBER = "0000000000";

    private final String[] types = new String[TYPES];
    private final String[] sources = new String[SOURCES];
    private final UnsafeBuffer payload;
    private final int numberAt;
    private final int evenAt;

    PerfEvents()
    {
        Arrays.setAll(types, PerfEvents::typeName);
        Arrays.setAll(sources, PerfEvents::sourceName);
        // A number must not start with zeros, so one goes before it.
        final String head = "{\"status\":\"ok\",\"n\":1";
        final String middle = ",\"even\":\"";
        final String text = head + NUMBER + middle + "0\",\"items\":[1,2,3],\"rest\":\"";
        final byte[] bytes = Arrays.copyOf(text.getBytes(StandardCharsets.US_ASCII), PAYLOAD_LENGTH);
        Arrays.fill(bytes, text.length(), PAYLOAD_LENGTH - 2, (byte)'x');
        bytes[PAYLOAD_LENGTH - 2] = '"';
        bytes[PAYLOAD_LENGTH - 1] = '}';
        payload = new UnsafeBuffer(bytes);
        numberAt = head.length();
        evenAt = numberAt + NUMBER.length() + middle.length();
    }

    static String typeName(final int index)
    {
        return "perf.t" + index + ".done";
    }

    static String sourceName(final int index)
    {
        return "desk-" + index;
    }

    static int typeOf(final long number)
    {
        return (int)((number * 7 + number / TYPES) % TYPES);
    }

    static int sourceOf(final long number)
    {
        return (int)(number / 3 % SOURCES);
    }

    /** What {@code payload.n} of an event is. */
    static long payloadNumber(final long number)
    {
        return 10_000_000_000L + number;
    }

    /** Put an event into a builder. */
    void build(final EventBuilder builder, final long number, final Priority priority, final long eventTimeNs)
    {
        long rest = number;
        for (int i = NUMBER.length() - 1; i >= 0; i--)
        {
            payload.putByte(numberAt + i, (byte)('0' + rest % 10));
            rest /= 10;
        }
        payload.putByte(evenAt, (byte)(number % 2 == 0 ? 'y' : 'n'));
        builder.clear()
            .type(types[typeOf(number)])
            .source(sources[sourceOf(number)])
            .priority(priority)
            .eventTimeNs(eventTimeNs)
            .payload(payload, 0, PAYLOAD_LENGTH)
            .contentType(ContentType.JSON);
    }
}
