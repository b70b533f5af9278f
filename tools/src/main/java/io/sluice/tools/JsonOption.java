package io.sluice.tools;

import picocli.CommandLine;

/** The option that asks for output that programs read. */
final class JsonOption
{
    @CommandLine.Option(
        names = "--json",
        description = "Print compact JSON objects, one a line, the summary last, and nothing else.")
    private boolean isWanted;

    boolean isWanted()
    {
        return isWanted;
    }
}
