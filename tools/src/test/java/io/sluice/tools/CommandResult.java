package io.sluice.tools;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What a command did, run in this process.
 *
 * @param exitCode of the command.
 * @param out      its standard output.
 * @param err      its standard error.
 */
public record CommandResult(int exitCode, String out, String err)
{
    /** Run a command with nothing on its standard input. */
    public static CommandResult run(final String... args)
    {
        return runWithInput("", args);
    }

    /** Run a command with a text on its standard input. */
    public static CommandResult runWithInput(final String input, final String... args)
    {
        final ByteArrayOutputStream out = new ByteArrayOutputStream();
        final ByteArrayOutputStream err = new ByteArrayOutputStream();
        final ByteArrayInputStream in = new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8));
        final int exitCode = SluiceMain.run(CommandIo.plain(in, print(out), print(err)), args);
        return new CommandResult(exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    /** Lines of the standard output. */
    public List<String> lines()
    {
        return out.lines().toList();
    }

    /** The last line of the standard output: with {@code --json} the summary. */
    public String lastLine()
    {
        return lines().get(lines().size() - 1);
    }

    private static PrintStream print(final ByteArrayOutputStream stream)
    {
        return new PrintStream(stream, false, StandardCharsets.UTF_8);
    }
}
