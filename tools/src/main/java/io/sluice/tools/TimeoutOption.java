package io.sluice.tools;

import io.sluice.tools.text.UnitText;
import picocli.CommandLine;

/** The option that says how long to wait for an engine. */
final class TimeoutOption
{
    private static final String NAME = "--timeout";

    @CommandLine.Option(
        names = NAME,
        paramLabel = "TIME",
        defaultValue = "5s",
        description = "How long to wait for the engine (default: ${DEFAULT-VALUE}).")
    private String text;

    long timeoutNs()
    {
        final long timeoutNs = OptionValue.read(NAME, text, UnitText::durationNs);
        if (timeoutNs == 0)
        {
            throw new UsageException(NAME + " " + text + " is no time to wait: use more than 0");
        }
        return timeoutNs;
    }
}
