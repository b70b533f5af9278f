package io.sluice.journal;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;

/**
 * Can what is written to a directory be forced to a device? Looks at the mount that it lies on, and forces the
 * directory once to see whether that is possible. What a device does with a force that it confirms, nobody can tell
 * from here.
 *
 * @param directory      that was asked about, or the nearest one above it that exists.
 * @param mountPoint     of its file system; empty if that could not be found out.
 * @param fileSystem     type of it, {@code ext4} for example; {@code unknown} if that could not be found out.
 * @param canForceNames  true if the names in the directory can be forced.
 * @param problem        why {@code SYNCED} can't be honoured there; empty if it can.
 */
public record SyncSupport(
    Path directory, String mountPoint, String fileSystem, boolean canForceNames, String problem)
{
    private static final Path MOUNTS = Path.of("/proc/self/mountinfo");
    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs", "devtmpfs", "hugetlbfs", "rootfs");
    private static final Set<String> WITHOUT_FLUSH = Set.of("nobarrier", "barrier=0", "barrier=none");
    private static final String UNKNOWN = "unknown";

    /**
     * Look.
     *
     * @param directory to look at; it need not exist yet.
     * @return what was found.
     */
    public static SyncSupport of(final Path directory)
    {
        return of(directory, readMounts());
    }

    /** @return true if {@code SYNCED} can be honoured. */
    public boolean isHonoured()
    {
        return problem.isEmpty();
    }

    /**
     * Do nothing where {@code SYNCED} can be honoured.
     *
     * @throws DataDirectoryException where it can't; the message says why and what to do.
     */
    public void require()
    {
        if (!isHonoured())
        {
            throw new DataDirectoryException(
                DirectoryState.NOT_DURABLE, "SYNCED can't be honoured: " + report() + "; or ask for JOURNALED");
        }
    }

    /** @return one line for people. */
    public String report()
    {
        return directory + " lies on " + fileSystem + (mountPoint.isEmpty() ? "" : " mounted at " + mountPoint) + ": " +
            (isHonoured() ? "what is forced survives a power loss" : problem);
    }

    static SyncSupport of(final Path directory, final List<String> mounts)
    {
        final Path existing = nearestExisting(directory.toAbsolutePath().normalize());
        Mount mount = new Mount("", UNKNOWN, "");
        for (final String line : mounts)
        {
            final Mount candidate = Mount.parse(line);
            // Of several at one place the last one is seen.
            if (candidate != null && existing.startsWith(Path.of(candidate.point())) &&
                candidate.point().length() >= mount.point().length())
            {
                mount = candidate;
            }
        }
        final String notForced = tryForce(existing);
        final String problem = mount.problem();
        return new SyncSupport(
            existing, mount.point(), mount.type(), notForced.isEmpty(), problem.isEmpty() ? notForced : problem);
    }

    private static Path nearestExisting(final Path directory)
    {
        Path at = directory;
        while (!Files.isDirectory(at) && at.getParent() != null)
        {
            at = at.getParent();
        }
        try
        {
            return at.toRealPath();
        }
        catch (final IOException ex)
        {
            return at;
        }
    }

    private static String tryForce(final Path directory)
    {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ))
        {
            channel.force(true);
            return "";
        }
        catch (final IOException ex)
        {
            return "the names in it can't be forced to the device (" + ex +
                "); use a directory on a local file system such as ext4 or xfs";
        }
    }

    private static List<String> readMounts()
    {
        try
        {
            return Files.readAllLines(MOUNTS, StandardCharsets.ISO_8859_1);
        }
        catch (final IOException ex)
        {
            // Another operating system, or no proc file system here: only the force is left to go by.
            return List.of();
        }
    }

    /**
     * A line of mountinfo.
     *
     * <pre>
     *   36 35 98:0 /root /point rw,noatime shared:1 - ext4 /dev/sda1 rw,barrier=0
     * </pre>
     */
    private record Mount(String point, String type, String options)
    {
        private static final int POINT = 4;
        private static final int OPTIONS = 5;

        static Mount parse(final String line)
        {
            final int separator = line.indexOf(" - ");
            final String[] before = separator < 0 ? new String[0] : line.substring(0, separator).split(" ", -1);
            final String[] after = separator < 0 ? new String[0] : line.substring(separator + 3).split(" ", -1);
            if (before.length <= OPTIONS || after.length < 3)
            {
                return null;
            }
            return new Mount(unescape(before[POINT]), after[0], before[OPTIONS] + "," + after[2]);
        }

        String problem()
        {
            if (IN_MEMORY.contains(type))
            {
                return type + " keeps its files in memory, a power loss takes them; use a directory on a disk";
            }
            for (final String option : options.split(",", -1))
            {
                if (WITHOUT_FLUSH.contains(option))
                {
                    return "it is mounted with " + option +
                        ", so a force does not empty the cache of the device; mount it without";
                }
                if (option.equals("volatile") && type.equals("overlay"))
                {
                    return "the overlay is mounted with volatile, so forces are ignored; " +
                        "mount it without, or use a directory on a volume";
                }
            }
            return "";
        }

        // Blanks and the like stand as a backslash and three octal digits.
        private static String unescape(final String text)
        {
            final StringBuilder plain = new StringBuilder();
            int at = 0;
            while (at < text.length())
            {
                if (text.charAt(at) == '\\' && at + 4 <= text.length())
                {
                    plain.append((char)Integer.parseInt(text.substring(at + 1, at + 4), 8));
                    at += 4;
                }
                else
                {
                    plain.append(text.charAt(at));
                    at++;
                }
            }
            return new String(plain.toString().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
    }
}
