package io.sluice.tools.observe;

import io.sluice.engine.telemetry.ObservedError;
import io.sluice.engine.telemetry.TelemetryReader;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import io.sluice.tools.text.Quantity;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** Shows the distinct errors of the last run of an engine. Reads only. */
public final class ErrorsAction
{
    private final Path directory;
    private final boolean isJson;

    /**
     * @param directory data directory.
     * @param isJson    true for programs.
     */
    public ErrorsAction(final Path directory, final boolean isJson)
    {
        this.directory = directory;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE}, whether or not there are errors.
     * @throws io.sluice.journal.DataDirectoryException if no engine ever ran there.
     */
    public int run(final CommandIo io)
    {
        try (TelemetryReader reader = Telemetry.open(directory))
        {
            final List<ObservedError> errors = reader.errors();
            long total = 0;
            for (final ObservedError error : errors)
            {
                total += error.count();
                if (isJson)
                {
                    io.out().println(new JsonLine()
                        .add("count", error.count())
                        .add("first", Instant.ofEpochMilli(error.firstMs()).toString())
                        .add("last", Instant.ofEpochMilli(error.lastMs()).toString())
                        .add("stackTrace", error.stackTrace()));
                }
                else
                {
                    print(io, error);
                }
            }
            io.out().println(isJson ?
                new JsonLine().add("distinct", errors.size()).add("total", total) :
                Quantity.count(errors.size()) + " distinct errors, " + Quantity.count(total) + " in all");
        }
        return ExitCode.DONE;
    }

    private static void print(final CommandIo io, final ObservedError error)
    {
        io.out().println(Quantity.count(error.count()) + " times, first " + Instant.ofEpochMilli(error.firstMs()) +
            ", last " + Instant.ofEpochMilli(error.lastMs()));
        error.stackTrace().lines()
            .forEach(line -> io.out().println("  " + PlainText.printable(line.replace("\t", "  "))));
        io.out().println();
    }
}
