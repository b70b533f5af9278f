package io.sluice.perf.soak;

import io.sluice.perf.PerfMain;
import io.sluice.perf.child.ChildFlags;
import io.sluice.perf.measure.ThreadEnd;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Runs the same command in a JVM with a small heap. In a large one the old generation is not collected for hours, and
 * what waits there to be collected can't be told from a leak.
 */
final class SoakProcess
{
    private static final String MARK = "sluice.perf.soak.child";
    private static final int FAILED = 1;

    private SoakProcess()
    {
    }

    /** @return whether this JVM was started here. */
    static boolean isChild()
    {
        return Boolean.getBoolean(MARK);
    }

    /**
     * Run it; what it says is passed on.
     *
     * @param heapMb    of the JVM, 2^20 bytes.
     * @param arguments with the name of the command.
     * @return its exit code.
     */
    static int run(final int heapMb, final List<String> arguments)
    {
        final List<String> line = new ArrayList<>(ChildFlags.commandLine(
            PerfMain.class, "-Xms" + heapMb + "m", "-Xmx" + heapMb + "m", "-D" + MARK + "=true"));
        line.addAll(arguments);
        try
        {
            final Process process = new ProcessBuilder(line).redirectInput(ProcessBuilder.Redirect.INHERIT).start();
            final Thread end = new Thread(process::destroy, "perf-soak-end");
            Runtime.getRuntime().addShutdownHook(end);
            final Thread errors =
                new Thread(() -> pass(process.getErrorStream(), System.err), "perf-soak-stderr");
            errors.start();
            pass(process.getInputStream(), System.out);
            ThreadEnd.await(errors);
            final int exitCode = process.waitFor();
            Runtime.getRuntime().removeShutdownHook(end);
            return exitCode;
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't start a JVM: " + e.getMessage(), e);
        }
        catch (final InterruptedException e)
        {
            Thread.currentThread().interrupt();
            return FAILED;
        }
    }

    private static void pass(final InputStream from, final PrintStream to)
    {
        try
        {
            from.transferTo(to);
            to.flush();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
