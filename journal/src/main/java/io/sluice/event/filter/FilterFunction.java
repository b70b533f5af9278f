package io.sluice.event.filter;

import java.util.Locale;

/** The functions of CloudEvents SQL (section 3.5), the casts, and {@code TIME}. */
enum FilterFunction
{
    INT(1, 1, ValueKind.INTEGER),
    BOOL(1, 1, ValueKind.BOOLEAN),
    STRING(1, 1, ValueKind.TEXT),
    /** Not of CloudEvents: a text in ISO-8601, or milliseconds since 1970. */
    TIME(1, 1, ValueKind.TIME),
    ABS(1, 1, ValueKind.INTEGER),
    LENGTH(1, 1, ValueKind.INTEGER),
    CONCAT(0, Integer.MAX_VALUE, ValueKind.TEXT),
    CONCAT_WS(1, Integer.MAX_VALUE, ValueKind.TEXT),
    LOWER(1, 1, ValueKind.TEXT),
    UPPER(1, 1, ValueKind.TEXT),
    TRIM(1, 1, ValueKind.TEXT),
    LEFT(2, 2, ValueKind.TEXT),
    RIGHT(2, 2, ValueKind.TEXT),
    SUBSTRING(2, 3, ValueKind.TEXT);

    private final int minArguments;
    private final int maxArguments;
    private final ValueKind result;

    FilterFunction(final int minArguments, final int maxArguments, final ValueKind result)
    {
        this.minArguments = minArguments;
        this.maxArguments = maxArguments;
        this.result = result;
    }

    /** @return the function of a name, in any case, or null. */
    static FilterFunction of(final String name)
    {
        final String wanted = name.toUpperCase(Locale.ROOT);
        for (final FilterFunction function : values())
        {
            if (function.name().equals(wanted))
            {
                return function;
            }
        }
        return null;
    }

    boolean takes(final int arguments)
    {
        return arguments >= minArguments && arguments <= maxArguments;
    }

    /** @return how many arguments it takes, in words. */
    String arity()
    {
        if (maxArguments == Integer.MAX_VALUE)
        {
            return minArguments == 0 ? "any number of arguments" : minArguments + " arguments or more";
        }
        final String count = minArguments == maxArguments ? "" + minArguments : minArguments + " or " + maxArguments;
        return count + (maxArguments == 1 ? " argument" : " arguments");
    }

    ValueKind result()
    {
        return result;
    }
}
