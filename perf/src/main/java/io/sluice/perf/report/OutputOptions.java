package io.sluice.perf.report;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options that every command of the harness has, and where its words go. */
public final class OutputOptions
{
    private static final List<String> PROGRAM = List.of("./sluice", "perf");
    // What a shell leaves alone; other words get quotes.
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:,=+@%-]+");

    @Spec(Spec.Target.MIXEE)
    private CommandSpec mixee;

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
        return finish(command, report, output, (figure) -> true);
    }

    /**
     * Print a part of a report and keep the JSON of all of it.
     *
     * @param command that ran.
     * @param report  of it.
     * @param output  of it.
     * @param picked  the figures to print for people.
     * @return exit code: 0 if all is well, otherwise 1.
     */
    public int finish(
        final String command, final FigureReport report, final RawOutput output, final Predicate<Figure> picked)
    {
        final String text = report.repeatedBy(commandLine()).toJson();
        output.writeText(command + ".json", text);
        report.print(progress(), picked);
        if (json)
        {
            System.out.println(text);
            System.out.flush();
        }
        return report.isOk() ? 0 : 1;
    }

    /**
     * Write words so that a shell reads them as they are.
     *
     * @param words of a command, without the program.
     * @return a line to paste into a shell.
     */
    public static String commandLine(final List<String> words)
    {
        return Stream.concat(PROGRAM.stream(), words.stream())
            .map((word) -> PLAIN.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    }

    // Without what only says where the answer goes.
    private String commandLine()
    {
        final List<String> words = new ArrayList<>(mixee.commandLine().getParseResult().originalArgs());
        final int out = words.indexOf("--out");
        if (out >= 0)
        {
            words.subList(out, out + 2).clear();
        }
        words.removeIf((word) -> "--json".equals(word) || word.startsWith("--out="));
        return commandLine(words);
    }
}
