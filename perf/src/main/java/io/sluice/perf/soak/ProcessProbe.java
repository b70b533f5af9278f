package io.sluice.perf.soak;

import com.sun.management.UnixOperatingSystemMXBean;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.OperatingSystemMXBean;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What this process holds. Forces no collection: a soak that does so every few seconds measures another program. Where
 * the system does not say something, that is NaN.
 */
final class ProcessProbe
{
    private static final Path MAPS = Path.of("/proc/self/maps");
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final double BYTES_PER_MB = 1e6;
    private static final double BYTES_PER_KB = 1024;
    private static final int HEXADECIMAL = 16;
    private static final Pattern OLD = Pattern.compile("Old|Tenured");

    private final String directory;
    private final List<MemoryPoolMXBean> heapPools = new ArrayList<>();

    /**
     * @param directory whose mapped files are counted.
     */
    ProcessProbe(final Path directory)
    {
        this.directory = directory.toString();
        for (final MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans())
        {
            if (pool.getType() == MemoryType.HEAP)
            {
                heapPools.add(pool);
            }
        }
    }

    /** @return values in the order of {@link Series#ofProcess()}. */
    double[] sample()
    {
        final double[] maps = maps();
        return new double[] {
            heapAfterCollection(),
            ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / BYTES_PER_MB,
            direct(),
            status("RssAnon:"),
            status("VmRSS:"),
            maps[1],
            handles(),
            maps[0],
            ManagementFactory.getThreadMXBean().getThreadCount()};
    }

    // Each pool as its own last collection left it: of the old generation what is alive, without what waits there for
    // the next. Nothing to tell before the first collection of the old generation.
    private double heapAfterCollection()
    {
        double used = 0;
        for (final MemoryPoolMXBean pool : heapPools)
        {
            final MemoryUsage left = pool.getCollectionUsage();
            if (left == null || left.getUsed() == 0 && OLD.matcher(pool.getName()).find())
            {
                return Double.NaN;
            }
            used += left.getUsed();
        }
        return used / BYTES_PER_MB;
    }

    private static double direct()
    {
        for (final BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class))
        {
            if ("direct".equals(pool.getName()))
            {
                return pool.getMemoryUsed() / BYTES_PER_MB;
            }
        }
        return Double.NaN;
    }

    private static double handles()
    {
        final OperatingSystemMXBean system = ManagementFactory.getOperatingSystemMXBean();
        return system instanceof UnixOperatingSystemMXBean ?
            ((UnixOperatingSystemMXBean)system).getOpenFileDescriptorCount() : Double.NaN;
    }

    /** Lines, and megabytes of files below the directory. */
    private double[] maps()
    {
        if (!Files.isReadable(MAPS))
        {
            return new double[] {Double.NaN, Double.NaN};
        }
        double lines = 0;
        double bytes = 0;
        try (BufferedReader reader = Files.newBufferedReader(MAPS))
        {
            String line = reader.readLine();
            while (line != null)
            {
                lines++;
                bytes += line.contains(directory) ? length(line) : 0;
                line = reader.readLine();
            }
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
        return new double[] {lines, bytes / BYTES_PER_MB};
    }

    /** Bytes of {@code 7f00-7f80 rw-s …}. */
    static double length(final String line)
    {
        final int dash = line.indexOf('-');
        return Long.parseUnsignedLong(line.substring(dash + 1, line.indexOf(' ')), HEXADECIMAL) -
            Long.parseUnsignedLong(line.substring(0, dash), HEXADECIMAL);
    }

    private static double status(final String name)
    {
        if (!Files.isReadable(STATUS))
        {
            return Double.NaN;
        }
        try
        {
            for (final String line : Files.readAllLines(STATUS))
            {
                if (line.startsWith(name))
                {
                    return Double.parseDouble(line.replaceAll("\\D", "")) * BYTES_PER_KB / BYTES_PER_MB;
                }
            }
            return Double.NaN;
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
