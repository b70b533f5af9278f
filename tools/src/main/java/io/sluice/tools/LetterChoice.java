package io.sluice.tools;

import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.FailureKind;
import io.sluice.event.filter.EventFilter;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;

/** The options that say which dead letters are meant. */
final class LetterChoice
{
    @CommandLine.Option(
        names = "--where",
        paramLabel = "EXPR",
        description = "Only letters for which this is true, for example " +
            "\"type LIKE 'order.*' AND metadata.deadLetter.kind = 'FIXABLE'\"; the language is described in " +
            "docs/filters.md, the members of metadata.deadLetter are those that 'show --json' prints.")
    private String where;

    @CommandLine.Option(
        names = "--subscription", paramLabel = "NAME", description = "Only letters of this subscription.")
    private String subscription;

    @CommandLine.Option(
        names = "--cause",
        paramLabel = "CAUSE",
        description = "Only letters that failed last because the handler threw, timed_out, or was not called because " +
            "its breaker was breaker_open or the event undecodable.")
    private String cause;

    @CommandLine.Option(
        names = "--kind",
        paramLabel = "KIND",
        description = "Only letters of this kind: transient, fixable or manual.")
    private String kind;

    /** @return the filter, or null. */
    EventFilter where()
    {
        return where == null ? null : FilterOption.parse("--where", where);
    }

    /** @return name of the subscription, or null. */
    String subscription()
    {
        return subscription;
    }

    /** @return the cause, or null. */
    FailureCause cause()
    {
        return oneOf(FailureCause.class, "--cause", cause);
    }

    /** @return the kind, or null. */
    FailureKind kind()
    {
        return oneOf(FailureKind.class, "--kind", kind);
    }

    boolean isAnyGiven()
    {
        return where != null || subscription != null || cause != null || kind != null;
    }

    static boolean isNewestFirst(final String order)
    {
        return switch (order.toLowerCase(Locale.ROOT))
        {
            case "letter" -> false;
            case "-letter" -> true;
            default -> throw new UsageException("--order '" + order + "' is not known: use letter or -letter");
        };
    }

    private static <E extends Enum<E>> E oneOf(final Class<E> type, final String option, final String text)
    {
        if (text == null)
        {
            return null;
        }
        for (final E value : type.getEnumConstants())
        {
            if (value.name().equalsIgnoreCase(text.strip()))
            {
                return value;
            }
        }
        throw new UsageException(option + " '" + text + "' is not known: use " + Arrays.stream(type.getEnumConstants())
            .map(value -> value.name().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", ")));
    }
}
