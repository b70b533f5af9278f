package io.sluice.tools;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Whether a standard stream leads to a terminal. Each one is asked on its own, as the console of the JDK knows only
 * about input and output together, and from JDK 22 on not even that. Where the kernel does not tell, it is none.
 */
final class TerminalCheck
{
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private TerminalCheck()
    {
    }

    static boolean isTerminal(final int descriptor)
    {
        try
        {
            final String target = Files.readSymbolicLink(DESCRIPTORS.resolve(Integer.toString(descriptor))).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        }
        catch (final IOException | UnsupportedOperationException ex)
        {
            return false;
        }
    }
}
