package io.sluice.perf.recovery;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What a JVM holds, in bytes.
 *
 * @param heap     used after a collection.
 * @param direct   buffers, by the JVM's own count.
 * @param offHeap  all memory that Java code took outside the heap, direct buffers included, as tracked by the JVM;
 *                 -1 where tracking is off.
 * @param mapped   files, by the JVM's count of its own mappings.
 * @param resident of the process, anonymous pages only; -1 where the system does not say.
 */
record Footprint(long heap, long direct, long offHeap, long mapped, long resident)
{
    /** Flag of a JVM that can tell {@link #offHeap}. */
    static final String TRACKING = "-XX:NativeMemoryTracking=summary";

    private static final String SEPARATOR = " ";
    private static final Pattern OTHER = Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB");
    private static final Pattern ANONYMOUS = Pattern.compile("RssAnon:\\s+(\\d+) kB");
    private static final long KB = 1024;

    /** @return of this JVM. */
    static Footprint here()
    {
        System.gc();
        return new Footprint(
            liveHeap(),
            pool("direct"),
            find(OTHER, nativeMemory()),
            pool("mapped"),
            find(ANONYMOUS, status()));
    }

    String toLine()
    {
        return String.join(
            SEPARATOR,
            Long.toString(heap),
            Long.toString(direct),
            Long.toString(offHeap),
            Long.toString(mapped),
            Long.toString(resident));
    }

    static Footprint parse(final String line)
    {
        final String[] words = line.split(SEPARATOR, -1);
        if (words.length != 5)
        {
            throw new IllegalArgumentException("not a footprint: " + line);
        }
        return new Footprint(
            Long.parseLong(words[0]),
            Long.parseLong(words[1]),
            Long.parseLong(words[2]),
            Long.parseLong(words[3]),
            Long.parseLong(words[4]));
    }

    /** @return heap and everything outside it but mapped files. */
    long total()
    {
        return heap + Math.max(direct, offHeap);
    }

    /**
     * Find a number of kilobytes.
     *
     * @param pattern with the number as its group.
     * @param text    to look in.
     * @return bytes, -1 if there is none.
     */
    static long find(final Pattern pattern, final String text)
    {
        final Matcher matcher = pattern.matcher(text);
        return matcher.find() ? Long.parseLong(matcher.group(1)) * KB : -1;
    }

    // What is used by now counts whole buffers of threads, which are megabytes each.
    private static long liveHeap()
    {
        long bytes = 0;
        for (final MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans())
        {
            final MemoryUsage afterCollection = pool.getCollectionUsage();
            if (pool.getType() == MemoryType.HEAP && afterCollection != null)
            {
                bytes += afterCollection.getUsed();
            }
        }
        return bytes;
    }

    private static long pool(final String name)
    {
        for (final BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class))
        {
            if (pool.getName().equals(name))
            {
                return pool.getMemoryUsed();
            }
        }
        return 0;
    }

    private static String nativeMemory()
    {
        try
        {
            return (String)ManagementFactory.getPlatformMBeanServer().invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "vmNativeMemory",
                new Object[]{new String[]{"summary", "scale=KB"}},
                new String[]{String[].class.getName()});
        }
        catch (final JMException e)
        {
            return "";
        }
    }

    private static String status()
    {
        final Path file = Path.of("/proc/self/status");
        try
        {
            return Files.exists(file) ? Files.readString(file) : "";
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
