package io.sluice.perf.report;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** Options that every command of the harness has, and where its words go. */
public final class OutputOptions
{
    @Option(names = "--out", paramLabel = "DIR",
        description = "Directory for raw histograms, JSON and scratch journals. Default: a new temporary one.")
    private Path directory;

    @Option(names = "--json",
        description = "Print one JSON object on stdout and nothing else; the rest goes to stderr.")
    private boolean json;

    /** For picocli. */
    public OutputOptions()
    {
    }

    /** @return true if stdout gets JSON only. */
    public boolean isJson()
    {
        return json;
    }

    /** @return stream for progress. */
    public PrintStream progress()
    {
        return json ? System.err : System.out;
    }

    /**
     * Open the output directory and name it.
     *
     * @param command that runs.
     * @return the output.
     */
    public RawOutput open(final String command)
    {
        try
        {
            final Path where = directory == null ?
                Files.createTempDirectory("sluice-perf-" + command + "-") : directory;
            final RawOutput output = new RawOutput(where, System.currentTimeMillis());
            progress().println("output: " + output.directory());
            return output;
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't make a temporary directory: " + e.getMessage(), e);
        }
    }

    /**
     * Print a report and keep its JSON.
     *
     * @param command that ran.
     * @param report  of it.
     * @param output  of it.
     * @return exit code: 0 if all is well, otherwise 1.
     */
    public int finish(final String command, final FigureReport report, final RawOutput output)
    {
        final String text = report.toJson();
        output.writeText(command + ".json", text);
        report.print(progress());
        if (json)
        {
            System.out.println(text);
            System.out.flush();
        }
        return report.isOk() ? 0 : 1;
    }
}
