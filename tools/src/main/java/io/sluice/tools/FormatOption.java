package io.sluice.tools;

import io.sluice.tools.tail.OutputFormat;
import picocli.CommandLine;

/** The option that says how an event is printed. */
final class FormatOption
{
    @CommandLine.Option(
        names = "--format",
        paramLabel = "FORMAT",
        defaultValue = "text",
        description = "text, json or cloudevents; the last two print one JSON object a line " +
            "(default: ${DEFAULT-VALUE}).")
    private String text;

    /**
     * @return the format.
     * @throws UsageException if there is none of that name.
     */
    OutputFormat format()
    {
        return OutputFormat.parse(text);
    }
}
