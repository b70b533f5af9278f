package io.sluice.event.filter;

import java.util.Random;

/** Seeded filters that are valid, over the vocabularies of {@link RandomEventMaps}. */
final class RandomFilters
{
    private final Random random;

    RandomFilters(final long seed)
    {
        random = new Random(seed);
    }

    String next()
    {
        return condition(3);
    }

    private String condition(final int depth)
    {
        if (depth > 0 && random.nextInt(2) == 0)
        {
            return switch (random.nextInt(4))
            {
                case 0 -> "NOT (" + condition(depth - 1) + ")";
                case 1 -> "(" + condition(depth - 1) + ") XOR (" + condition(depth - 1) + ")";
                default -> "(" + condition(depth - 1) + pick(") AND (", ") OR (") + condition(depth - 1) + ")";
            };
        }
        return switch (random.nextInt(12))
        {
            case 0 -> "type = '" + pick(RandomEventMaps.TYPES) + "'";
            case 1 -> "priority " + comparison() + " '" + pick("HIGH", "low", "Critical") + "'";
            case 2 -> "timestamp " + comparison() + " '2024-01-19T21:3" + random.nextInt(10) + ":00Z'";
            case 3 -> text() + pick(" LIKE ", " NOT LIKE ") + "'" + like() + "'";
            case 4 -> "type MATCHES '" + pick("order.*", "*", "**.failed", "order.*.added", "*.stage.*") + "'";
            case 5 -> text() + " REGEXP '" + pick("^o", "e.*r", "[0-9]+", "(error|ok)$", "😀") + "'";
            case 6 -> "EXISTS " + reference();
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
            return switch (random.nextInt(4))
            {
                case 0 -> "(" + value(depth - 1) + pick(" + ", " - ", " * ", " / ", " % ") + value(depth - 1) + ")";
                case 1 -> "-" + pick("payload.n", "payload.d", "(payload.n)");
                default -> pick("LENGTH(", "UPPER(", "LOWER(", "STRING(", "INT(") + value(depth - 1) + ")";
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
            "nobody", "timestamp");
    }

    private String literal()
    {
        return random.nextInt(2) == 0 ?
            pick("0", "1", "5", "-3", "2.5", "0.125", "9223372036854775807", "TRUE", "FALSE") :
            "'" + pick(pick(RandomEventMaps.WORDS), pick(RandomEventMaps.SOURCES), "id-7", "c-3",
                "2024-01-19T21:33:00Z") + "'";
    }

    private String text()
    {
        return pick("type", "source", "id", "subject", "payload.status", "payload.message", "payload.n", "payload.d",
            "payload.list", "timestamp");
    }

    private String like()
    {
        return pick("order.%", "%e%", "_r%", "a\\%b", "%\\_2", "*er*", "w_rker-_", "na_ve_", "", "%", "5", "2024%",
            "[%]");
    }

    private String comparison()
    {
        return pick("=", "!=", "<", "<=", ">", ">=");
    }

    private String pick(final String... choices)
    {
        return choices[random.nextInt(choices.length)];
    }
}
