package io.sluice.handlers.source;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Starts {@code git} so that it can only read: no pager, no prompt, no hook, no program named in a configuration, no
 * network, no lock, and messages in English.
 */
final class GitCommand
{
    private static final int MAX_MESSAGE_LENGTH = 4096;
    private static final Path NULL_FILE = Path.of("/dev/null");
    private static final List<String> FIXED_ARGUMENTS = List.of(
        "--no-pager",
        "--no-replace-objects",
        "-c", "core.fsmonitor=false",
        "-c", "core.hooksPath=/dev/null",
        "-c", "core.quotepath=off",
        "-c", "protocol.allow=never",
        "-c", "log.showSignature=false",
        "-c", "log.mailmap=false",
        "-c", "log.showRoot=true",
        "-c", "log.diffMerges=off",
        "-c", "diff.external=",
        "-c", "diff.relative=false",
        "-c", "diff.algorithm=myers");

    private GitCommand()
    {
    }

    static Process start(final Path directory, final List<String> arguments)
    {
        final List<String> command = new ArrayList<>();
        command.add("git");
        command.add("-C");
        command.add(directory.toString());
        command.addAll(FIXED_ARGUMENTS);
        command.addAll(arguments);
        final ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectInput(NULL_FILE.toFile());
        makeSafe(builder.environment());
        try
        {
            return builder.start();
        }
        catch (final IOException ex)
        {
            throw new EventSourceException(
                "git can't be started (" + ex.getMessage() + "): install git and put it on the PATH", ex);
        }
    }

    /** Run to the end; for commands with a short answer. */
    static Result run(final Path directory, final String... arguments)
    {
        final Process process = start(directory, List.of(arguments));
        final ErrorText errors = new ErrorText(process.getErrorStream());
        try (InputStream in = process.getInputStream())
        {
            final String output = new String(in.readAllBytes(), StandardCharsets.UTF_8).trim();
            final int exitCode = process.waitFor();
            return new Result(exitCode, output, errors.await());
        }
        catch (final IOException ex)
        {
            throw new EventSourceException("the answer of git can't be read: " + ex.getMessage(), ex);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            throw new EventSourceException("interrupted while git was running", ex);
        }
        finally
        {
            process.destroy();
        }
    }

    // Variables of a surrounding git (a hook, an alias) would point it to another repository; those of its
    // configuration stay, as they may be what makes a repository trusted.
    private static void makeSafe(final Map<String, String> environment)
    {
        environment.keySet().removeIf(
            name -> name.startsWith("GIT_") && !name.startsWith("GIT_CONFIG") && !"GIT_EXEC_PATH".equals(name));
        environment.put("GIT_TERMINAL_PROMPT", "0");
        environment.put("GIT_OPTIONAL_LOCKS", "0");
        environment.put("GIT_NO_LAZY_FETCH", "1");
        environment.put("GIT_ALLOW_PROTOCOL", "none");
        environment.put("GIT_PAGER", "cat");
        environment.put("LC_ALL", "C");
        environment.remove("LANGUAGE");
    }

    /** What a finished command said. */
    record Result(int exitCode, String output, String errors)
    {
    }

    /** The beginning of what a process says on its error stream; the rest is read and dropped: it never waits. */
    static final class ErrorText
    {
        private final ByteArrayOutputStream text = new ByteArrayOutputStream();
        private final Thread thread;

        ErrorText(final InputStream in)
        {
            thread = new Thread(() -> drain(in), "sluice-git-err");
            thread.setDaemon(true);
            thread.start();
        }

        private void drain(final InputStream in)
        {
            final byte[] chunk = new byte[1024];
            try (in)
            {
                for (int length = in.read(chunk); length >= 0; length = in.read(chunk))
                {
                    text.write(chunk, 0, Math.min(length, MAX_MESSAGE_LENGTH - text.size()));
                }
            }
            catch (final IOException ex)
            {
                text.writeBytes((" (" + ex.getMessage() + ")").getBytes(StandardCharsets.UTF_8));
            }
        }

        String await()
        {
            try
            {
                thread.join();
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
            }
            return text.toString(StandardCharsets.UTF_8).trim();
        }
    }

    static Path existingDirectory(final String spec, final String path)
    {
        final Path directory = Path.of(path.isEmpty() ? "." : path);
        if (!Files.isDirectory(directory))
        {
            throw new EventSourceException(
                spec + ": " + directory.toAbsolutePath().normalize() + (Files.exists(directory) ?
                    " is not a directory: name the directory of a repository" :
                    " does not exist: name the directory of a repository"));
        }
        return directory;
    }
}
