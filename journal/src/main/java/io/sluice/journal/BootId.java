package io.sluice.journal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells one start of the machine from another, by the id that the kernel draws at each. */
public final class BootId
{
    /** Where the kernel does not say. */
    public static final String UNKNOWN = "unknown";

    private static final Path SOURCE = Path.of("/proc/sys/kernel/random/boot_id");

    private BootId()
    {
    }

    /** @return id of the present start of this machine, {@link #UNKNOWN} where the kernel does not say. */
    public static String read()
    {
        return read(SOURCE);
    }

    static String read(final Path source)
    {
        try
        {
            final String text = Files.readString(source).trim();
            return text.matches("[0-9A-Za-z-]{1,64}") ? text : UNKNOWN;
        }
        catch (final IOException ex)
        {
            return UNKNOWN;
        }
    }

    /** @return true if both are known and the same; what is not known may be another. */
    static boolean isSame(final String first, final String second)
    {
        return first.equals(second) && !UNKNOWN.equals(first);
    }
}
