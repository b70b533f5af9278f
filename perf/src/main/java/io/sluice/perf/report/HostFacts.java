package io.sluice.perf.report;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a reader must know of the machine to judge a figure. Immutable. */
public final class HostFacts
{
    private final Map<String, Object> facts;
    private final List<String> warnings;

    private HostFacts(final Map<String, Object> facts, final List<String> warnings)
    {
        this.facts = facts;
        this.warnings = warnings;
    }

    /**
     * Look around.
     *
     * @param directory     where the journals of the run lie.
     * @param busyThreads   that the measurement keeps busy at once; fewer cores than that earn a warning.
     * @param idleStrategy  of the engine, in words.
     * @param threadingMode of the engine, in words.
     * @return the facts.
     */
    public static HostFacts gather(
        final Path directory, final int busyThreads, final String idleStrategy, final String threadingMode)
    {
        final int cores = Runtime.getRuntime().availableProcessors();
        final double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        final Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("cpu", cpuModel());
        facts.put("cores", cores);
        facts.put("loadAverage", load);
        facts.put("memoryMb", memoryMb());
        facts.put("kernel", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("fileSystem", fileSystem(directory));
        facts.put("directory", directory.toString());
        facts.put("jvm", System.getProperty("java.vm.name") + " " + System.getProperty("java.vm.version"));
        facts.put("flags", flags());
        facts.put("threadingMode", threadingMode);
        facts.put("idleStrategy", idleStrategy);
        final List<String> warnings = new ArrayList<>();
        if (cores < busyThreads)
        {
            warnings.add(cores + " cores for " + busyThreads +
                " busy threads: they take turns, so expect lower rates and longer tails than on a larger machine");
        }
        if (load > 0.5 * cores)
        {
            warnings.add(
                "load average " + Figure.plain(load) + " before the start: something else is using this machine");
        }
        facts.put("warnings", warnings);
        return new HostFacts(facts, warnings);
    }

    Map<String, Object> facts()
    {
        return facts;
    }

    /**
     * Print the facts for people.
     *
     * @param out to print to.
     */
    public void print(final PrintStream out)
    {
        for (final Map.Entry<String, Object> fact : facts.entrySet())
        {
            if (!"warnings".equals(fact.getKey()))
            {
                out.println(fact.getKey() + ": " + fact.getValue());
            }
        }
        for (final String warning : warnings)
        {
            out.println("WARNING: " + warning);
        }
    }

    private static String cpuModel()
    {
        try
        {
            for (final String line : Files.readAllLines(Path.of("/proc/cpuinfo")))
            {
                if (line.startsWith("model name") || line.startsWith("Model"))
                {
                    return line.substring(line.indexOf(':') + 1).trim();
                }
            }
        }
        catch (final IOException e)
        {
            return System.getProperty("os.arch") + " (no /proc/cpuinfo)";
        }
        return System.getProperty("os.arch");
    }

    private static long memoryMb()
    {
        return ((com.sun.management.OperatingSystemMXBean)ManagementFactory.getOperatingSystemMXBean())
            .getTotalMemorySize() >> 20;
    }

    private static String fileSystem(final Path directory)
    {
        try
        {
            final FileStore store = Files.getFileStore(directory);
            return store.type() + " on " + store.name();
        }
        catch (final IOException e)
        {
            return "unknown: " + e.getMessage();
        }
    }

    // The opened packages are the same everywhere and would drown the rest.
    private static List<String> flags()
    {
        final List<String> flags = new ArrayList<>(ManagementFactory.getRuntimeMXBean().getInputArguments());
        flags.removeIf((flag) -> flag.startsWith("--add-opens") || flag.startsWith("--add-exports"));
        return flags;
    }
}
