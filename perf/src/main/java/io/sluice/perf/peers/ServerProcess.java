package io.sluice.perf.peers;

import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A server that the harness starts on loopback and stops by its handle, also where this JVM is told to end; its
 * directory is deleted with it. Used by one thread.
 */
final class ServerProcess implements AutoCloseable
{
    private static final long STOP_TIMEOUT_S = 20;
    private static final int LOG_CHARS = 2000;
    private static final long START_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Process process;
    private final Path directory;
    private final Path log;
    private final Thread hook;

    private ServerProcess(final Process process, final Path directory, final Path log)
    {
        this.process = process;
        this.directory = directory;
        this.log = log;
        hook = new Thread(this::stop, "perf-server-hook");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /**
     * Look for a program as a shell would, and where Debian keeps servers.
     *
     * @param name of it.
     * @return its path, or null.
     */
    static Path find(final String name)
    {
        final String path = System.getenv().getOrDefault("PATH", "");
        for (final String directory : (path + File.pathSeparator + "/usr/sbin").split(File.pathSeparator, -1))
        {
            final Path candidate = Path.of(directory, name);
            if (!directory.isEmpty() && Files.isExecutable(candidate) && !Files.isDirectory(candidate))
            {
                return candidate;
            }
        }
        return null;
    }

    /**
     * @return a port of the loopback interface that nobody uses now; somebody may before the server does, which then
     * fails to start.
     */
    static int freePort()
    {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress()))
        {
            return socket.getLocalPort();
        }
        catch (final IOException e)
        {
            throw new MeasurementException("no free port", e);
        }
    }

    /**
     * Run a program to its end.
     *
     * @param command and arguments.
     * @return what it wrote.
     * @throws MeasurementException if it fails.
     */
    static String output(final List<String> command)
    {
        try
        {
            final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            final String text = new String(process.getInputStream().readAllBytes(),
                StandardCharsets.UTF_8);
            if (process.waitFor() != 0)
            {
                throw new MeasurementException(command.get(0) + " failed: " + text);
            }
            return text.strip();
        }
        catch (final IOException e)
        {
            throw new MeasurementException("can't run " + command.get(0) + ": " + e.getMessage(), e);
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new MeasurementException("interrupted while " + command.get(0) + " ran", e);
        }
    }

    /**
     * Start a server.
     *
     * @param command   and arguments.
     * @param directory that exists; its working directory, for all that it writes.
     * @return the running server.
     */
    static ServerProcess start(final List<String> command, final Path directory)
    {
        final Path log = directory.resolve("server.log");
        try
        {
            return new ServerProcess(
                new ProcessBuilder(command)
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile())
                    .start(),
                directory,
                log);
        }
        catch (final IOException e)
        {
            throw new MeasurementException("can't start " + command.get(0) + ": " + e.getMessage(), e);
        }
    }

    /** @return handle of the server. */
    ProcessHandle handle()
    {
        return process.toHandle();
    }

    /**
     * @throws MeasurementException if the server has ended, with the end of its log.
     */
    void requireAlive()
    {
        if (!process.isAlive())
        {
            throw new MeasurementException("the server ended with " + process.exitValue() + ": " + logEnd());
        }
    }

    /**
     * Try until the server answers.
     *
     * @param attempt to reach it; what it throws means not yet.
     * @return what the attempt came back with.
     * @throws MeasurementException if the server ends, or does not answer in time.
     */
    <T> T await(final Callable<T> attempt)
    {
        final long deadlineNs = System.nanoTime() + START_TIMEOUT_NS;
        while (true)
        {
            try
            {
                return attempt.call();
            }
            catch (final InterruptedException e)
            {
                Thread.currentThread().interrupt();
                throw new MeasurementException("interrupted while a server started", e);
            }
            catch (final Exception e)
            {
                requireAlive();
                if (System.nanoTime() - deadlineNs > 0)
                {
                    throw new MeasurementException("the server does not answer: " + e + "; its log: " + logEnd(), e);
                }
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
    }

    /** @return the last lines that it wrote. */
    String logEnd()
    {
        try
        {
            final String text = Files.exists(log) ? Files.readString(log) : "";
            return text.substring(Math.max(text.length() - LOG_CHARS, 0)).strip();
        }
        catch (final IOException e)
        {
            return "(no log: " + e.getMessage() + ")";
        }
    }

    /** Stop the server, by force if it does not want to, and delete its directory. Idempotent. */
    @Override
    public void close()
    {
        stop();
        try
        {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
        catch (final IllegalStateException e)
        {
            // This JVM is ending, and the hook does the same as this.
            process.destroy();
        }
    }

    private void stop()
    {
        process.destroy();
        boolean isInterrupted = false;
        boolean hasEnded = false;
        for (int i = 0; i < 2 && !hasEnded; i++)
        {
            try
            {
                hasEnded = process.waitFor(STOP_TIMEOUT_S, TimeUnit.SECONDS);
            }
            catch (final InterruptedException e)
            {
                isInterrupted = true;
            }
            if (!hasEnded)
            {
                process.destroyForcibly();
            }
        }
        RawOutput.deleteTree(directory);
        if (isInterrupted)
        {
            Thread.currentThread().interrupt();
        }
    }
}
