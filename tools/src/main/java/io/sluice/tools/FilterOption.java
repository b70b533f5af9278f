package io.sluice.tools;

import io.sluice.event.EventFilterException;
import io.sluice.event.filter.EventFilter;
import picocli.CommandLine;

/** The option that picks events. */
final class FilterOption
{
    private static final int WIDEST = 100;

    @CommandLine.Option(
        names = "--where",
        paramLabel = "EXPR",
        description = "Only events for which this is true, for example " +
            "\"type LIKE 'order.*' AND payload.total > 100\"; the language is described in docs/filters.md.")
    private String text;

    /** @return the filter; all events pass where none was given. */
    EventFilter filter()
    {
        return parse("--where", text == null ? "TRUE" : text);
    }

    /**
     * @param option as it is written on the command line.
     * @param text   of the filter.
     * @return the filter.
     * @throws UsageException if it is not valid; points at the fault.
     */
    static EventFilter parse(final String option, final String text)
    {
        try
        {
            return EventFilter.of(text);
        }
        catch (final EventFilterException ex)
        {
            throw new UsageException(option + ": " + ex.getMessage(), pointer(text, ex.column()));
        }
    }

    // The filter again, with a mark below the fault, where that fits on a line.
    private static String pointer(final String text, final int column)
    {
        final boolean isLine = text.length() <= WIDEST && text.chars().noneMatch(Character::isISOControl);
        return column > 0 && isLine ? "  " + text + "\n  " + " ".repeat(column - 1) + "^" : "";
    }
}
