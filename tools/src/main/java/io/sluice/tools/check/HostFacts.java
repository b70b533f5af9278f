package io.sluice.tools.check;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the kernel says about a machine, read from files below a root. Reads only. Linux; elsewhere nothing is known.
 */
public final class HostFacts
{
    /** Value of what is not known. */
    public static final long UNKNOWN = -1;

    private static final int MAX_LENGTH = 1 << 16;

    private final Path root;

    /**
     * @param root {@code /}, or a copy of what is needed of it.
     */
    public HostFacts(final Path root)
    {
        this.root = root;
    }

    /**
     * @param file below the root.
     * @return its text without white space at the ends, empty if it can't be read.
     */
    String text(final String file)
    {
        try
        {
            return read(root.resolve(file));
        }
        catch (final IOException ex)
        {
            return "";
        }
    }

    /**
     * @param file below the root.
     * @return the number in it, or {@link #UNKNOWN}.
     */
    long number(final String file)
    {
        return parse(text(file));
    }

    /** @return files that this process may have open, {@link Long#MAX_VALUE} for no limit, or {@link #UNKNOWN}. */
    long openFilesLimit()
    {
        for (final String line : text("proc/self/limits").split("\n", -1))
        {
            if (line.startsWith("Max open files"))
            {
                final String soft = line.substring("Max open files".length()).trim().split("\\s+", 2)[0];
                return "unlimited".equals(soft) ? Long.MAX_VALUE : parse(soft);
            }
        }
        return UNKNOWN;
    }

    /** @return version of the kernel, as in {@code 6.18.44}, or empty. */
    String kernel()
    {
        return text("proc/sys/kernel/osrelease");
    }

    /** @return true if the kernel is this one or later. */
    boolean isKernelAtLeast(final int major, final int minor)
    {
        final String[] parts = kernel().split("[^0-9]+", 3);
        return parts.length >= 2 && !parts[0].isEmpty() && !parts[1].isEmpty() &&
            parse(parts[0]) * 1000 + parse(parts[1]) >= major * 1000L + minor;
    }

    /**
     * @param path that exists.
     * @return KB that the device below it reads ahead, or {@link #UNKNOWN} where no device is behind it.
     */
    long readAheadKb(final Path path)
    {
        final long device = deviceOf(path);
        if (device == UNKNOWN)
        {
            return UNKNOWN;
        }
        // As the C library packs them: 12 and 20 bits, each in two pieces.
        final long major = device >>> 8 & 0xFFF | device >>> 32 & ~0xFFFL;
        final long minor = device & 0xFF | device >>> 12 & ~0xFFL;
        final String directory = "sys/dev/block/" + major + ":" + minor;
        final long own = number(directory + "/queue/read_ahead_kb");
        return own != UNKNOWN ? own : ofWholeDevice(directory);
    }

    // A partition has no queue of its own: its device is the directory above, once the link is followed.
    private long ofWholeDevice(final String directory)
    {
        try
        {
            final Path parent = root.resolve(directory).toRealPath().getParent();
            return parent == null ? UNKNOWN : parse(read(parent.resolve("queue/read_ahead_kb")));
        }
        catch (final IOException ex)
        {
            return UNKNOWN;
        }
    }

    // Some files of the kernel give everything to the first read and nothing to a second one: it has to be large
    // enough.
    private static String read(final Path file) throws IOException
    {
        try (InputStream in = Files.newInputStream(file))
        {
            return new String(in.readNBytes(MAX_LENGTH), StandardCharsets.UTF_8).trim();
        }
    }

    private static long deviceOf(final Path path)
    {
        try
        {
            final Map<String, Object> attributes = Files.readAttributes(path, "unix:dev");
            return ((Number)attributes.get("dev")).longValue();
        }
        catch (final IOException | UnsupportedOperationException | IllegalArgumentException ex)
        {
            return UNKNOWN;
        }
    }

    private static long parse(final String text)
    {
        try
        {
            return Long.parseLong(text);
        }
        catch (final NumberFormatException ex)
        {
            return UNKNOWN;
        }
    }
}
