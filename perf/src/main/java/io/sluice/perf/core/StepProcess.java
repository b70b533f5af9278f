package io.sluice.perf.core;

import io.sluice.perf.report.RawOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Runs steps as processes, each in a directory of its own below that of the whole run. Blocks until a step has ended or
 * was ended; leaves no process behind, not even where this JVM is told to stop. One thread.
 */
final class StepProcess
{
    private static final long KILL_TIMEOUT_S = 30;
    private static final double NS_PER_S = 1e9;
    private static final int MAX_WORD = 200;

    private final List<String> program;
    private final Path directory;

    /**
     * @param program   and its first arguments; those of a step follow.
     * @param directory of the whole run.
     */
    StepProcess(final List<String> program, final Path directory)
    {
        this.program = List.copyOf(program);
        this.directory = directory;
    }

    /**
     * Take a step.
     *
     * @param step           to take.
     * @param timeoutSeconds after which it is ended by force.
     * @return what came of it.
     */
    StepResult run(final Step step, final double timeoutSeconds)
    {
        final RawOutput output = new RawOutput(directory.resolve(step.command()), System.currentTimeMillis());
        final Path answer = output.directory().resolve("answer.tmp");
        final Path words = words(step);
        final List<String> line = new ArrayList<>(program);
        line.addAll(step.words());
        line.addAll(List.of("--json", "--out", output.directory().toString()));
        final long startNs = System.nanoTime();
        try
        {
            final Process process = new ProcessBuilder(line)
                .redirectOutput(answer.toFile())
                .redirectError(words.toFile())
                .start();
            final int exitCode = await(process, timeoutSeconds);
            if (exitCode == StepResult.TIMED_OUT)
            {
                discardScratch(output);
            }
            final double seconds = (System.nanoTime() - startNs) / NS_PER_S;
            final StepResult result = StepResult.of(
                step, exitCode, Files.readString(answer, StandardCharsets.UTF_8), seconds, lastLine(words));
            Files.delete(answer);
            return result;
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't run " + step.command() + ": " + e.getMessage(), e);
        }
    }

    /**
     * @param step to take.
     * @return the file with what it says to people while it runs.
     */
    Path words(final Step step)
    {
        return directory.resolve(step.command()).resolve("progress.txt");
    }

    private static int await(final Process process, final double timeoutSeconds)
    {
        final Thread hook = new Thread(() -> kill(process), "perf-step-hook");
        Runtime.getRuntime().addShutdownHook(hook);
        try
        {
            return process.waitFor((long)(timeoutSeconds * 1000), TimeUnit.MILLISECONDS) ?
                process.exitValue() : StepResult.TIMED_OUT;
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            return StepResult.TIMED_OUT;
        }
        finally
        {
            kill(process);
            release(hook);
        }
    }

    private static void release(final Thread hook)
    {
        try
        {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        catch (final IllegalStateException e)
        {
            // This JVM is stopping, and the hook is running: nothing is left to do here.
        }
    }

    // Its own children first: once it is gone nobody can tell whose they were.
    private static void kill(final Process process)
    {
        if (!process.isAlive())
        {
            return;
        }
        final List<ProcessHandle> all = process.descendants().collect(Collectors.toList());
        process.destroyForcibly();
        all.forEach(ProcessHandle::destroyForcibly);
        try
        {
            if (!process.waitFor(KILL_TIMEOUT_S, TimeUnit.SECONDS))
            {
                throw new IllegalStateException(
                    "process " + process.pid() + " is alive " + KILL_TIMEOUT_S + " s after it was killed");
            }
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
        }
    }

    private static void discardScratch(final RawOutput output) throws IOException
    {
        try (Stream<Path> files = Files.list(output.directory()))
        {
            files.filter((file) -> file.getFileName().toString().startsWith("scratch-"))
                .collect(Collectors.toList())
                .forEach(output::discard);
        }
    }

    // Lines with a blank in front are the frames of a stack, which say little without what stands above them.
    private static String lastLine(final Path file) throws IOException
    {
        final String line = new String(Files.readAllBytes(file), StandardCharsets.UTF_8).lines()
            .filter((word) -> !word.isEmpty() && !Character.isWhitespace(word.charAt(0)))
            .reduce("", (before, word) -> word);
        return line.length() > MAX_WORD ? line.substring(0, MAX_WORD) + "…" : line;
    }
}
