package io.sluice.engine.control;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What tells a process from a later one with the same id.
 *
 * @param pid   of it, in its own space.
 * @param start clock ticks from the start of the machine to that of the process, 0 if unknown.
 * @param space number of the space that its pid belongs to, 0 if unknown: in a container, most are 1.
 */
record ProcessIdentity(long pid, long start, long space)
{
    private static final Pattern SPACE = Pattern.compile("pid:\\[(\\d{1,18})]");
    private static final int FIELDS_TO_START = 19;
    private static final int NO_UID = -1;

    static ProcessIdentity current()
    {
        final long pid = ProcessHandle.current().pid();
        return new ProcessIdentity(pid, Math.max(0, startOf(pid)), ownSpace());
    }

    /** @return true if this process surely is no more; false also where that can't be seen from here. */
    boolean isGone()
    {
        if (space != ownSpace())
        {
            return false;
        }
        final long startNow = startOf(pid);
        return startNow < 0 || start != 0 && startNow != 0 && start != startNow;
    }

    /** @return user id that a process runs under, or -1 if that can't be seen. */
    static int uidOf(final long pid)
    {
        try
        {
            return (Integer)Files.getAttribute(Path.of("/proc", Long.toString(pid)), "unix:uid");
        }
        catch (final IOException | RuntimeException ex)
        {
            return NO_UID;
        }
    }

    private static long startOf(final long pid)
    {
        try
        {
            final String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            // The name of the program stands in parentheses and may hold any character.
            final String[] fields = stat.substring(stat.lastIndexOf(')') + 1).trim().split(" ", -1);
            final boolean isDead = "Z".equals(fields[0]) || "X".equals(fields[0]);
            return isDead ? -1 : Long.parseLong(fields[FIELDS_TO_START]);
        }
        catch (final IOException | RuntimeException ex)
        {
            return ProcessHandle.of(pid).isPresent() ? 0 : -1;
        }
    }

    private static long ownSpace()
    {
        try
        {
            final Matcher matcher = SPACE.matcher(Files.readSymbolicLink(Path.of("/proc/self/ns/pid")).toString());
            return matcher.matches() ? Long.parseLong(matcher.group(1)) : 0;
        }
        catch (final IOException | RuntimeException ex)
        {
            return 0;
        }
    }
}
