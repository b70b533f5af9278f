package io.sluice.event.filter;

import io.sluice.event.EventFilterException;
import io.sluice.event.Timestamps;
import java.util.Random;

/**
 * Seeded filters that are valid, over the vocabularies of {@link RandomEvents}: half of them such as people write, by
 * id, correlation, session, aggregate, type or time; the others such as nobody would.
 */
public final class RandomFilters
{
    private final long seed;
    private final int events;
    private final Random random;

    /**
     * @param seed   of everything.
     * @param events that there will be.
     */
    public RandomFilters(final long seed, final int events)
    {
        this.seed = seed;
        this.events = events;
        random = new Random(~seed);
    }

    /** @return the next filter. */
    public String next()
    {
        while (true)
        {
            final String filter = random.nextBoolean() ? usual(2) : condition(3);
            if (isValid(filter))
            {
                return filter;
            }
        }
    }

    // A literal that is no priority or time makes a filter that is refused.
    private static boolean isValid(final String filter)
    {
        try
        {
            EventFilter.of(filter);
            return true;
        }
        catch (final EventFilterException ex)
        {
            return false;
        }
    }

    private String usual(final int depth)
    {
        final int kind = random.nextInt(depth > 0 ? 10 : 6);
        return switch (kind)
        {
            case 6 -> "(" + usual(depth - 1) + ") OR (" + usual(depth - 1) + ")";
            case 7 -> "NOT (" + usual(depth - 1) + ")";
            case 8 -> "(" + usual(depth - 1) + ") AND NOT (" + usual(depth - 1) + ")";
            case 9 -> "((" + attribute() + ") OR (" + attribute() + ") OR (" + attribute() + ")) AND (" +
                usual(depth - 1) + ")";
            default -> conjunction(1 + random.nextInt(3), kind < 2);
        };
    }

    private String conjunction(final int attributes, final boolean hasMore)
    {
        final StringBuilder text = new StringBuilder(attribute());
        for (int i = 1; i < attributes; i++)
        {
            text.append(" AND ").append(attribute());
        }
        return hasMore ? text.append(" AND (").append(condition(1)).append(")").toString() : text.toString();
    }

    private String attribute()
    {
        return switch (random.nextInt(16))
        {
            case 0 -> equal("id", id());
            case 1, 2 -> equal(pick("correlationid", "correlation_id", "correlationId"), correlation());
            case 3 -> equal(pick("sessionid", "session_id"), session());
            case 4 -> equal("workflowid", quoted("w-" + random.nextInt(25)));
            case 5 -> equal("causationid", id());
            case 6, 7 -> aggregate();
            case 8 -> equal("type", type());
            case 9 -> "type LIKE " + pick("'order.*'", "'order%'", "'pipeline.stage.%'", "'%.failed'", "'order.c_*'");
            case 10 -> "type MATCHES '" + pick("order.*", "*", "**.failed", "order.*.added", "*.stage.*", "order.**") +
                "'";
            case 11 -> equal("source", quoted(pick(pick(RandomEvents.SOURCES), "nobody")));
            case 12 -> "priority " + comparison() + " '" + pick("HIGH", "low", "Critical", "normal") + "'";
            case 13 -> equal("category", quoted(pick(pick(RandomEvents.CATEGORIES), "UI")));
            case 14 -> range(pick("time", "timestamp", "recorded"));
            default -> sequences();
        };
    }

    private String equal(final String name, final String value)
    {
        return switch (random.nextInt(12))
        {
            case 0 -> name + " != " + value;
            case 1 -> value + " = " + name;
            case 2, 3 -> name + pick(" IN (", " IN (", " NOT IN (") + value + ", " + same(name) + ", " + value + ")";
            default -> name + " = " + value;
        };
    }

    private String same(final String name)
    {
        return name.startsWith("c") && name.contains("orr") ? correlation() : name.startsWith("s") &&
            name.contains("ess") ? session() : "category".equals(name) ? "'domain'" :
                "type".equals(name) ? type() : "'w-3'";
    }

    private String aggregate()
    {
        final String text = equal(pick("aggregate.id", "aggregateid"), quoted(
            RandomEvents.aggregateId(skewed(Math.max(10, events / 50) + 2)))) +
            (random.nextInt(4) == 0 ? "" : " AND aggregate.type = '" + pick("Order", "Payment", "Größe", "order") +
                "'");
        return random.nextBoolean() ? text :
            text + " AND aggregate.version " + comparison() + " " + random.nextInt(10);
    }

    private String range(final String name)
    {
        return switch (random.nextInt(5))
        {
            case 0 -> name + " " + comparison() + " '" + time() + "'";
            case 1 -> "'" + time() + "' " + comparison() + " " + name;
            default -> name + pick(" >= '", " > '") + time() + "' AND " + name + pick(" < '", " <= '") + time() + "'";
        };
    }

    private String time()
    {
        final long ns = RandomEvents.START_NS + (long)(random.nextDouble() * 1.2 * RandomEvents.SPAN_NS);
        return switch (random.nextInt(6))
        {
            case 0 -> "2024-01-19T22:33:" + (10 + random.nextInt(50)) + "+01:00";
            case 1 -> "2024-01-" + (19 + random.nextInt(2));
            case 2 -> Timestamps.text(ns / 1_000_000_000L * 1_000_000_000L);
            case 3 -> "2024-01-19 21:3" + random.nextInt(8) + ":00";
            default -> Timestamps.text(ns);
        };
    }

    private String sequences()
    {
        final int from = random.nextInt(events + 1);
        return switch (random.nextInt(5))
        {
            case 0 -> "sequence " + comparison() + " " + from;
            case 1 -> "NOT EXISTS originalsequence";
            case 2 -> "originalsequence >= " + from;
            case 3 -> pick("flags CONTAINS 'duplicate'", "EXISTS correlationid", "NOT EXISTS sessionid",
                "contenttype = 'text/plain'", "version LIKE '1%'", "flags = 'replayed'");
            default -> "sequence > " + from + " AND sequence <= " + (from + random.nextInt(1 + events / 3));
        };
    }

    private String id()
    {
        return quoted(RandomEvents.id(seed, 1 + random.nextInt(events + events / 5 + 1)));
    }

    private String correlation()
    {
        final int kind = random.nextInt(20);
        return quoted(kind == 0 ? "" : kind == 1 ? "nobody" :
            RandomEvents.correlation(skewed(Math.max(10, events / 20) + 2)));
    }

    private String session()
    {
        return quoted(random.nextInt(20) == 0 ? "" : RandomEvents.session(skewed(55)));
    }

    private String type()
    {
        return quoted(pick(pick(RandomEvents.TYPES), pick(RandomEvents.TYPES), "order.c"));
    }

    private int skewed(final int bound)
    {
        final double part = random.nextDouble();
        return (int)(bound * part * part);
    }

    private String condition(final int depth)
    {
        if (depth > 0 && random.nextInt(2) == 0)
        {
            return switch (random.nextInt(5))
            {
                case 0 -> "NOT (" + condition(depth - 1) + ")";
                case 1 -> "(" + condition(depth - 1) + ") XOR (" + condition(depth - 1) + ")";
                case 2 -> attribute() + " AND (" + condition(depth - 1) + ")";
                default -> "(" + condition(depth - 1) + pick(") AND (", ") OR (") + condition(depth - 1) + ")";
            };
        }
        return switch (random.nextInt(12))
        {
            case 0 -> attribute();
            case 1 -> "priority " + comparison() + " '" + pick("HIGH", "low", "Critical") + "'";
            case 2 -> range("timestamp");
            case 3 -> text() + pick(" LIKE ", " NOT LIKE ") + "'" + like() + "'";
            case 4 -> text() + pick(" CONTAINS ", " NOT CONTAINS ") + quoted(pick("e", "ok", "rr", "x*", "", "\""));
            case 5 -> text() + " REGEXP '" + pick("^o", "e.*r", "[0-9]+", "(error|ok)$", "😀", "l{3,5}$", "(?i)ERR",
                "[^a-z.]") + "'";
            case 6 -> pick("EXISTS ", "NOT EXISTS ") + reference();
            case 7 -> value(depth) + pick(" IN (", " NOT IN (") + value(0) + ", " + value(0) + ")";
            case 8 -> value(0) + pick(" CONTAINS ", " NOT CONTAINS ") + literal();
            case 9 -> pick("payload.ok", "NOT payload.ok", "BOOL(payload.status)", "payload.ok = TRUE");
            default -> value(depth) + " " + comparison() + " " + value(depth);
        };
    }

    private String value(final int depth)
    {
        if (depth > 0 && random.nextInt(3) == 0)
        {
            return switch (random.nextInt(6))
            {
                case 0 -> "(" + value(depth - 1) + pick(" + ", " - ", " * ", " / ", " % ") + value(depth - 1) + ")";
                case 1 -> "-" + pick("payload.n", "payload.d", "(payload.n)");
                case 2 -> pick("LEFT(", "RIGHT(", "SUBSTRING(") + value(0) + ", " +
                    pick("2", "0", "-1", "-3", "100", "payload.n") + ")";
                case 3 -> pick("CONCAT(", "CONCAT_WS('-', ") + value(0) + ", " + value(depth - 1) + ")";
                default -> pick("LENGTH(", "UPPER(", "LOWER(", "STRING(", "INT(", "ABS(", "TRIM(", "TIME(") +
                    value(depth - 1) + ")";
            };
        }
        return random.nextInt(3) == 0 ? literal() : reference();
    }

    private String reference()
    {
        return pick("id", "type", "source", "subject", "sequence", "correlationid", "aggregate.type", "aggregate.id",
            "aggregate.version", "payload.status", "payload.message", "payload.n", "payload.d", "payload.ok",
            "payload.list", "payload.list[0]", "payload.list[2]", "payload.deep", "payload.deep.n",
            "payload.deep.deep", "payload.deep.deep.status", "payload.missing", "metadata.host", "host", "hops",
            "nobody", "timestamp", "recorded", "originalsequence", "Zone", "zone", "payload[1]", "payload",
            "priority", "category", "flags", "version", "specversion", "payload.list[1].status");
    }

    private String literal()
    {
        return random.nextInt(2) == 0 ?
            pick("0", "1", "5", "-3", "2.5", "0.125", "9223372036854775807", "TRUE", "FALSE") :
            quoted(pick(pick(RandomEvents.WORDS), pick(RandomEvents.SOURCES), "id-7", "c-3", "2024-01-19T21:33:00Z"));
    }

    private String text()
    {
        return pick("type", "source", "id", "subject", "payload.status", "payload.message", "payload.n", "payload.d",
            "payload.list", "timestamp", "payload", "correlationid");
    }

    private String like()
    {
        return pick("order.%", "%e%", "_r%", "a\\%b", "%\\_2", "*er*", "w_rker-_", "na_ve_", "", "%", "5", "2024%",
            "[%]", "the same%", "BB*Aa%");
    }

    private String comparison()
    {
        return pick("=", "!=", "<", "<=", ">", ">=");
    }

    private static String quoted(final String text)
    {
        return "'" + text.replace("'", "''") + "'";
    }

    private String pick(final String... choices)
    {
        return choices[random.nextInt(choices.length)];
    }
}
