package io.sluice.perf.query;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import io.sluice.event.Timestamps;
import java.time.Instant;
import java.util.UUID;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * The events that are asked for: event {@code n}, from 0, is the same for all sides. 2,000,000 correlations, 50,000
 * sessions, 100,000 workflows, 8 types of aggregates with a million ids, 40 types of events, 20 sources; what belongs
 * together lies far apart. Not thread-safe.
 */
final class QueryTraffic
{
    static final long START_NS = 1_700_000_000_000_000_000L;
    static final long DISTANCE_NS = 1_000_000L;
    static final int TYPES = 40;
    static final int RECORD_LENGTH = 4096;

    private static final int SOURCES = 20;
    private static final long JITTER_NS = 50_000_000L;
    private static final int CORRELATIONS = 2_000_000;
    private static final int SESSIONS = 50_000;
    private static final int WORKFLOWS = 100_000;
    private static final int AGGREGATES = 1_000_000;
    private static final String[] AGGREGATE_TYPES = {
        "Order", "Customer", "Invoice", "Shipment", "Product", "Cart", "Payment", "Return"};
    private static final String[] STATUSES = {
        "ok", "ok", "ok", "ok", "ok", "ok", "ok", "pending", "retry", "error"};
    private static final String FILLER =
        "the quick brown fox jumps over the lazy dog while the five boxing wizards jump quickly and pack my box with " +
        "five dozen liquor jugs, which is how vexingly quick daft zebras jump when sphinxes of black quartz judge vows";
    private static final int PAYLOAD_LENGTH = 256;

    private final EventBuilder builder = new EventBuilder();
    private final EventEncoder encoder = new EventEncoder();
    private final EventDefaults defaults = new EventDefaults(() -> START_NS, new IdGenerator(1));
    private final int keys;

    /**
     * @param events of the journal: of fewer than ten million, there are fewer keys of each kind.
     */
    QueryTraffic(final int events)
    {
        keys = Math.max(1, 10_000_000 / events);
    }

    /** @return length of the record of an event. */
    int encode(final int n, final UnsafeBuffer buffer)
    {
        builder.clear()
            .id(new UUID(mix(n), mix(~n)))
            .type(type(n))
            .source(source(n))
            .timestamp(Instant.ofEpochSecond(0, timeNs(n)))
            .priority(Priority.of((int)(mix(n * 7L) & 3)))
            .correlationId(correlation(n))
            .sessionId("s-" + n % (SESSIONS / keys))
            .workflowId("w-" + n % (WORKFLOWS / keys))
            .aggregate(aggregateType(n), aggregateId(n), aggregateVersion(n))
            .payloadJson(payload(n));
        return builder.encode(encoder, buffer, 0, RECORD_LENGTH, defaults);
    }

    String id(final int n)
    {
        return new UUID(mix(n), mix(~n)).toString();
    }

    static String typeName(final int type)
    {
        return "shop.area" + type % 5 + ".happened" + type;
    }

    String type(final int n)
    {
        return typeName((int)Math.floorMod(mix(n * 3L), (long)TYPES));
    }

    String source(final int n)
    {
        return "service-" + Math.floorMod(mix(n * 5L), (long)SOURCES);
    }

    /** @return when it happened: some lie before the ones ahead of them. */
    long timeNs(final int n)
    {
        return START_NS + n * DISTANCE_NS + Math.floorMod(mix(n * 11L), JITTER_NS);
    }

    long recordedNs(final int n)
    {
        return START_NS + JITTER_NS + n * DISTANCE_NS;
    }

    int priority(final int n)
    {
        return (int)(mix(n * 7L) & 3);
    }

    String correlation(final int n)
    {
        return "c-" + n % (CORRELATIONS / keys);
    }

    String session(final int n)
    {
        return "s-" + n % (SESSIONS / keys);
    }

    String workflow(final int n)
    {
        return "w-" + n % (WORKFLOWS / keys);
    }

    String aggregateType(final int n)
    {
        return AGGREGATE_TYPES[n % (AGGREGATES / keys) % AGGREGATE_TYPES.length];
    }

    String aggregateId(final int n)
    {
        return "a-" + n % (AGGREGATES / keys);
    }

    long aggregateVersion(final int n)
    {
        return 1L + n / (AGGREGATES / keys);
    }

    /** @return events of a correlation, of so many in all. */
    int correlated(final int n, final int events)
    {
        return sharing(n, events, CORRELATIONS / keys);
    }

    /** @return events of an aggregate, of so many in all. */
    int aggregated(final int n, final int events)
    {
        return sharing(n, events, AGGREGATES / keys);
    }

    static String status(final int n)
    {
        return STATUSES[(int)Math.floorMod(mix(n * 13L), (long)STATUSES.length)];
    }

    String payload(final int n)
    {
        final StringBuilder json = new StringBuilder(PAYLOAD_LENGTH + 16)
            .append("{\"n\":").append(n)
            .append(",\"status\":\"").append(status(n))
            .append("\",\"total\":").append(Math.floorMod(mix(n * 17L), 100_000L) / 100.0)
            .append(",\"customer\":{\"id\":").append(Math.floorMod(mix(n * 19L), 1_000_000L))
            .append("},\"note\":\"");
        return json.append(FILLER, 0, Math.max(0, PAYLOAD_LENGTH - 2 - json.length())).append("\"}").toString();
    }

    static String time(final long timeNs)
    {
        return Timestamps.text(timeNs);
    }

    private static int sharing(final int n, final int events, final int distance)
    {
        final int first = n % distance;
        return (events - first + distance - 1) / distance;
    }

    private static long mix(final long value)
    {
        long z = value + 0x9E37_79B9_7F4A_7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D0_49BB_1331_11EBL;
        return z ^ (z >>> 31);
    }
}
