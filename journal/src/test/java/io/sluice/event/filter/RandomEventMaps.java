package io.sluice.event.filter;

import io.sluice.event.Timestamps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Seeded events over small vocabularies, so that filters meet them, as maps and as JSON. */
final class RandomEventMaps
{
    static final String[] TYPES = {
        "order.created", "order.changed", "order.item.added", "payment.failed", "hook.executed", "pipeline.stage.done"};
    static final String[] SOURCES = {"desk", "api", "critical", "wörker-1", "worker_2"};
    static final String[] WORDS = {
        "error", "ok", "timeout", "a%b", "5", "1.5", "TRUE", "2024-01-20", "", "naïve😀", "x*y"};

    private final Random random;

    RandomEventMaps(final long seed)
    {
        random = new Random(seed);
    }

    /** An event by the names of {@link FilterField}. */
    Map<String, Object> next()
    {
        final Map<String, Object> event = new LinkedHashMap<>();
        event.put("ID", "id-" + random.nextInt(500));
        event.put("TYPE", pick(TYPES));
        event.put("SPECVERSION", "1.0");
        maybe(event, "SOURCE", () -> pick(SOURCES));
        maybe(event, "SUBJECT", () -> "subject " + random.nextInt(5));
        event.put("TIMESTAMP", new NaiveFilter.Time(1_705_700_000_000_000_000L + random.nextInt(100) * 1_000_000_000L));
        event.put("PRIORITY", pick("critical", "high", "normal", "low"));
        maybe(event, "CORRELATION_ID", () -> "c-" + random.nextInt(20));
        maybe(event, "AGGREGATE_TYPE", () -> pick("Order", "Payment"));
        if (event.containsKey("AGGREGATE_TYPE"))
        {
            event.put("AGGREGATE_ID", "a-" + random.nextInt(9));
            event.put("AGGREGATE_VERSION", (long)random.nextInt(9));
        }
        maybe(event, "PAYLOAD", () -> object(2));
        maybe(event, "METADATA", () -> metadata());
        if (event.get("METADATA") instanceof Map<?, ?> map && map.isEmpty())
        {
            event.remove("METADATA");
        }
        return event;
    }

    /** The event as {@link io.sluice.event.EventJson} reads it. */
    static String eventJson(final Map<String, Object> event)
    {
        final Map<String, Object> json = new LinkedHashMap<>();
        event.forEach((name, value) ->
        {
            final FilterField field = FilterField.valueOf(name);
            if (field != FilterField.SPECVERSION)
            {
                json.put(field == FilterField.AGGREGATE_TYPE || field == FilterField.AGGREGATE_ID ||
                    field == FilterField.AGGREGATE_VERSION ? field.label().replace("aggregate", "aggregate_") :
                    field == FilterField.CORRELATION_ID ? "correlation_id" : field.label(), value);
            }
        });
        return json(json);
    }

    static String json(final Object value)
    {
        if (value instanceof Map<?, ?> map)
        {
            return map.entrySet().stream()
                .map((entry) -> "\"" + entry.getKey() + "\":" + json(entry.getValue()))
                .collect(Collectors.joining(",", "{", "}"));
        }
        if (value instanceof List<?> list)
        {
            return list.stream().map(RandomEventMaps::json).collect(Collectors.joining(",", "[", "]"));
        }
        if (value instanceof NaiveFilter.Time time)
        {
            return "\"" + Timestamps.text(time.epochNs()) + "\"";
        }
        return value instanceof String ? "\"" + value + "\"" : NaiveFilter.text(value);
    }

    private Map<String, Object> metadata()
    {
        final Map<String, Object> metadata = new LinkedHashMap<>();
        maybe(metadata, "host", () -> pick("w1", "w2"));
        maybe(metadata, "hops", () -> (long)random.nextInt(5));
        return metadata;
    }

    private Map<String, Object> object(final int depth)
    {
        final Map<String, Object> object = new LinkedHashMap<>();
        for (final String name : new String[]{"status", "message", "n", "d", "ok", "list", "deep"})
        {
            maybe(object, name, () -> value(name, depth));
        }
        return object;
    }

    private Object value(final String name, final int depth)
    {
        return switch (name)
        {
            case "n" -> random.nextInt(20) == 0 ? random.nextLong() : Long.valueOf(random.nextInt(12));
            case "d" -> new NaiveFilter.Decimal(random.nextInt(40) / 8.0);
            case "ok" -> random.nextBoolean();
            case "list" -> list();
            case "deep" -> depth == 0 ? (Object)"bottom" : object(depth - 1);
            default -> pick(WORDS);
        };
    }

    private List<Object> list()
    {
        final List<Object> list = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--)
        {
            list.add(value(pick("status", "n", "ok", "d"), 0));
        }
        return list;
    }

    private void maybe(
        final Map<String, Object> target, final String name, final Supplier<Object> value)
    {
        if (random.nextInt(5) > 0)
        {
            target.put(name, value.get());
        }
    }

    private String pick(final String... choices)
    {
        return choices[random.nextInt(choices.length)];
    }
}
