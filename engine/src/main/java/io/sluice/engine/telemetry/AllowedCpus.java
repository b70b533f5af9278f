package io.sluice.engine.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads from the kernel on which CPUs a thread may run. */
public final class AllowedCpus
{
    private static final String LABEL = "Cpus_allowed_list:";

    private AllowedCpus()
    {
    }

    /**
     * CPUs of the calling thread.
     *
     * @return list as the kernel writes it, for example {@code 0-1}; empty where the kernel does not tell.
     */
    public static String ofThisThread()
    {
        try
        {
            return of(Path.of("/proc/thread-self/status"));
        }
        catch (final IOException ex)
        {
            return "";
        }
    }

    static String of(final Path status) throws IOException
    {
        for (final String line : Files.readAllLines(status))
        {
            if (line.startsWith(LABEL))
            {
                return line.substring(LABEL.length()).trim();
            }
        }
        return "";
    }
}
