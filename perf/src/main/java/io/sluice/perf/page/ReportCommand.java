package io.sluice.perf.page;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code perf report}: a page of what other commands left. */
@Command(
    name = "report",
    mixinStandardHelpOptions = true,
    description = "Makes one HTML page of the results below a directory: targets, percentile curves, throughput, " +
        "growth, stalls, each with its numbers and the command that repeats it. Needs nothing else to be looked at.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {"0:done", "1:done, but a file could not be read", "2:wrong usage, or no results there",
        "3:the page can't be written"})
public final class ReportCommand implements Callable<Integer>
{
    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "DIR", description = "What a command was given as --out, or a directory above several.")
    private Path directory;

    @Option(names = "--out", paramLabel = "FILE", description = "The page. Default: report.html in DIR.")
    private Path page;

    /** For picocli. */
    public ReportCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (!Files.isDirectory(directory))
        {
            throw new ParameterException(spec.commandLine(), directory + " is not a directory: name the one that a " +
                "command of the harness got as --out");
        }
        final Results results = ResultDirectory.read(directory);
        if (results.isEmpty())
        {
            throw new ParameterException(spec.commandLine(), "no results of the harness below " + directory +
                ": run, for example, ./sluice perf quick --out DIR" +
                (results.problems().isEmpty() ? "" : "; not read: " + String.join("; ", results.problems())));
        }
        final Path file = page == null ? directory.resolve("report.html") : page;
        try
        {
            Files.writeString(file, new ReportPage(results).write("Sluice, measured"));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't write " + file + ": " + e.getMessage(), e);
        }
        results.problems().forEach((problem) -> System.err.println("not read: " + problem));
        System.out.println("page: " + file.toAbsolutePath());
        return results.problems().isEmpty() ? 0 : 1;
    }
}
