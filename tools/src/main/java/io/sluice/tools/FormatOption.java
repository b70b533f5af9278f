package io.sluice.tools;

import io.sluice.tools.tail.OutputFormat;
import picocli.CommandLine;

/** The option that says how an event is printed. */
final class FormatOption
{
    private static final String DEFAULT = "text";

    @CommandLine.Option(
        names = "--format",
        paramLabel = "FORMAT",
        description = "text, json or cloudevents; the last two print one JSON object a line " +
            "(default: " + DEFAULT + ").")
    private String text;

    boolean isGiven()
    {
        return text != null;
    }

    /**
     * @return the format.
     * @throws UsageException if there is none of that name.
     */
    OutputFormat format()
    {
        return OutputFormat.parse(text == null ? DEFAULT : text);
    }
}
