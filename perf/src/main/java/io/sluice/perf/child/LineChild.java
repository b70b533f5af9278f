package io.sluice.perf.child;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A child JVM that is told what to do, and answers, in lines. Used by one thread; ends with {@link #close} at the
 * latest.
 */
public final class LineChild implements AutoCloseable
{
    private static final long EXIT_TIMEOUT_S = 60;

    private final Process process;
    private final BufferedReader in;
    private final OutputStream out;
    private final Path errors;

    private LineChild(final Process process, final Path errors)
    {
        this.process = process;
        this.errors = errors;
        in = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        out = process.getOutputStream();
    }

    /**
     * Start a child.
     *
     * @param main      class to run.
     * @param flags     of the JVM, besides those that every child gets.
     * @param arguments of the class.
     * @param errors    file for its stderr; deleted at the end.
     * @return the child.
     */
    public static LineChild start(
        final Class<?> main, final List<String> flags, final List<String> arguments, final Path errors)
    {
        final List<String> line = new ArrayList<>(ChildFlags.commandLine(main, flags.toArray(new String[0])));
        line.addAll(arguments);
        try
        {
            return new LineChild(new ProcessBuilder(line).redirectError(errors.toFile()).start(), errors);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't start a child JVM: " + e.getMessage(), e);
        }
    }

    /**
     * Tell it something.
     *
     * @param line without a line feed.
     */
    public void send(final String line)
    {
        try
        {
            out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            out.flush();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("the child does not listen: " + errorText(), e);
        }
    }

    /**
     * Wait for an answer.
     *
     * @param word that it must begin with.
     * @return what follows the word, without blanks around it.
     * @throws IllegalStateException if the child ends or says something else.
     */
    public String await(final String word)
    {
        try
        {
            final String line = in.readLine();
            if (line == null || !line.startsWith(word))
            {
                throw new IllegalStateException("the child said " + (line == null ? "nothing" : "'" + line + "'") +
                    " instead of '" + word + "': " + errorText());
            }
            return line.substring(word.length()).strip();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /** Wait until it ends by itself, in order. */
    public void awaitEnd()
    {
        final int exitCode = exitCode();
        if (exitCode != 0)
        {
            throw new IllegalStateException("the child ended with exit code " + exitCode + ": " + errorText());
        }
    }

    /** @return false once it has ended, for whatever reason. */
    public boolean isAlive()
    {
        return process.isAlive();
    }

    /** @return what it wrote to stderr so far. */
    public String errorOutput()
    {
        return errorText();
    }

    /** SIGKILL, and wait until it is gone. */
    public void kill()
    {
        process.toHandle().destroyForcibly();
        exitCode();
    }

    /** Make sure that it is gone. */
    @Override
    public void close()
    {
        kill();
        try
        {
            in.close();
            out.close();
        }
        catch (final IOException e)
        {
            // What was not yet sent to a dead child fails again here.
            process.destroy();
        }
        try
        {
            Files.deleteIfExists(errors);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private int exitCode()
    {
        try
        {
            if (!process.waitFor(EXIT_TIMEOUT_S, TimeUnit.SECONDS))
            {
                throw new IllegalStateException(
                    "process " + process.pid() + " is alive " + EXIT_TIMEOUT_S + " s after its end");
            }
            return process.exitValue();
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a child ended", e);
        }
    }

    private String errorText()
    {
        try
        {
            return Files.exists(errors) ? Files.readString(errors).strip() : "";
        }
        catch (final IOException e)
        {
            return "(" + errors + " can't be read: " + e.getMessage() + ")";
        }
    }
}
