package io.sluice.perf.crash;

import io.sluice.perf.child.ChildFlags;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The parent's hand on one child. Not thread-safe, but for {@link #abort()}. */
final class ChildProcess implements AutoCloseable
{
    // The JVM reports 128 plus the signal; SIGKILL is 9.
    private static final int EXIT_OF_SIGKILL = 137;
    private static final int BUFFER_LENGTH = 1 << 16;
    private static final long POLL_NS = 20_000L;
    private static final long EXIT_TIMEOUT_S = 30;

    private final Process process;
    private final InputStream in;
    private final OutputStream out;
    private final Path errors;
    private final byte[] scratch = new byte[Frame.LENGTH];
    private volatile boolean isAborted;

    private ChildProcess(final Process process, final Path errors)
    {
        this.process = process;
        this.errors = errors;
        in = new BufferedInputStream(process.getInputStream(), BUFFER_LENGTH);
        out = process.getOutputStream();
    }

    /**
     * Start a JVM that waits for a command.
     *
     * @param errors file for its stderr.
     * @return the child.
     */
    static ChildProcess start(final Path errors)
    {
        try
        {
            final Process process = new ProcessBuilder(ChildFlags.commandLine(CrashChild.class, ChildFlags.QUICK))
                .redirectError(errors.toFile())
                .start();
            return new ChildProcess(process, errors);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't start a child JVM: " + e.getMessage(), e);
        }
    }

    void send(final String line)
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
     * Wait for the next frame.
     *
     * @return the frame, or null if the child is dead and all it said was read.
     */
    Frame read()
    {
        try
        {
            return Frame.read(in, scratch);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Wait for the next frame until a deadline.
     *
     * @param deadlineNs by {@link System#nanoTime()}.
     * @return true if a frame can be read without waiting.
     */
    boolean hasFrameBefore(final long deadlineNs)
    {
        try
        {
            while (in.available() < Frame.LENGTH)
            {
                final long leftNs = deadlineNs - System.nanoTime();
                if (leftNs <= 0 || !process.isAlive())
                {
                    return false;
                }
                LockSupport.parkNanos(Math.min(leftNs, POLL_NS));
            }
            return true;
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * SIGKILL: nothing in the child runs any more, no hook, no finally. By way of the handle, because {@link
     * Process} itself would close the pipe, with all that was said and not yet read.
     */
    void kill()
    {
        process.toHandle().destroyForcibly();
    }

    /** Kill a child that hangs; from any thread. */
    void abort()
    {
        isAborted = true;
        kill();
    }

    boolean isAborted()
    {
        return isAborted;
    }

    /**
     * Wait for the end of the child.
     *
     * @return true if SIGKILL ended it.
     */
    boolean awaitKilled()
    {
        return exitCode() == EXIT_OF_SIGKILL;
    }

    /** @return its exit code, once it is dead. */
    int exitCode()
    {
        try
        {
            if (!process.waitFor(EXIT_TIMEOUT_S, TimeUnit.SECONDS))
            {
                throw new IllegalStateException("process " + process.pid() + " is alive " + EXIT_TIMEOUT_S +
                    " s after its end");
            }
            return process.exitValue();
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a child ended", e);
        }
    }

    /** @return what it wrote to stderr. */
    String errorText()
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

    /** Make sure that it is gone. */
    @Override
    public void close()
    {
        kill();
        exitCode();
        try
        {
            in.close();
            Files.deleteIfExists(errors);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
