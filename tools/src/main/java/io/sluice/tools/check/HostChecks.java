package io.sluice.tools.check;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Checks of the JVM, the kernel and its limits. Changes nothing. */
final class HostChecks
{
    private static final int OLDEST_JAVA = 17;
    private static final long FEW_FILES = 4096;
    private static final long FEW_MAPS = 65_530;
    private static final long GIT_TIMEOUT_S = 10;

    private final HostFacts facts;
    private final List<String> missingFlags;
    private final int cores;

    HostChecks(final HostFacts facts, final List<String> missingFlags, final int cores)
    {
        this.facts = facts;
        this.missingFlags = missingFlags;
        this.cores = cores;
    }

    List<Finding> run()
    {
        return List.of(
            java(Runtime.version().feature()), flags(), cores(), kernel(), files(), maps(), clockSource(), hugePages(),
            git());
    }

    static Finding java(final int feature)
    {
        final String value = Runtime.version() + ", " + System.getProperty("java.vm.name");
        return feature < OLDEST_JAVA ?
            Finding.fail("java", value, "use a JDK from " + OLDEST_JAVA + " on") : Finding.ok("java", value);
    }

    private Finding flags()
    {
        return missingFlags.isEmpty() ?
            Finding.ok("jvm-flags", "all there") :
            Finding.fail(
                "jvm-flags", missingFlags.size() + " missing", "start java with " + String.join(" ", missingFlags));
    }

    private Finding cores()
    {
        if (cores == 1)
        {
            return Finding.warn("cores", "1", "engine and publishers share it: expect latencies of milliseconds");
        }
        return Finding.ok(
            "cores", cores + (cores == 2 ? " (threading SHARED by default)" : " (threading PAIRED by default)"));
    }

    private Finding kernel()
    {
        final String kernel = facts.kernel();
        if (kernel.isEmpty())
        {
            return Finding.warn("kernel", System.getProperty("os.name"), "Linux is what this is built for");
        }
        return facts.isKernelAtLeast(5, 14) ?
            Finding.ok("kernel", kernel + ", can populate pages ahead (MADV_POPULATE_WRITE)") :
            Finding.warn("kernel", kernel, "pages can't be populated ahead before 5.14: expect stalls of the journal");
    }

    private Finding files()
    {
        final long limit = facts.openFilesLimit();
        if (limit == HostFacts.UNKNOWN)
        {
            return Finding.ok("open-files", "not known");
        }
        final String value = limit == Long.MAX_VALUE ? "unlimited" : Long.toString(limit);
        return limit < FEW_FILES ?
            Finding.warn("open-files", value, "raise it: ulimit -n 65536") : Finding.ok("open-files", value);
    }

    private Finding maps()
    {
        final long limit = facts.number("proc/sys/vm/max_map_count");
        if (limit == HostFacts.UNKNOWN)
        {
            return Finding.ok("memory-maps", "not known");
        }
        return limit < FEW_MAPS ?
            Finding.warn("memory-maps", Long.toString(limit), "raise it: sysctl vm.max_map_count=262144") :
            Finding.ok("memory-maps", Long.toString(limit));
    }

    private Finding clockSource()
    {
        final String source = facts.text("sys/devices/system/clocksource/clocksource0/current_clocksource");
        if (source.isEmpty())
        {
            return Finding.ok("clock-source", "not known");
        }
        return source.equals("hpet") || source.equals("acpi_pm") || source.equals("jiffies") ?
            Finding.warn("clock-source", source, "every look at the clock takes a microsecond or more: prefer tsc") :
            Finding.ok("clock-source", source);
    }

    private Finding hugePages()
    {
        final String modes = facts.text("sys/kernel/mm/transparent_hugepage/enabled");
        final int from = modes.indexOf('[');
        final int to = modes.indexOf(']');
        return Finding.ok("huge-pages", from >= 0 && to > from ? modes.substring(from + 1, to) : "not known");
    }

    private static Finding git()
    {
        try
        {
            final Process process = new ProcessBuilder("git", "--version").redirectErrorStream(true).start();
            process.getOutputStream().close();
            final String version = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            if (process.waitFor(GIT_TIMEOUT_S, TimeUnit.SECONDS) && process.exitValue() == 0)
            {
                return Finding.ok("git", version.replaceFirst("^git version ", ""));
            }
            process.destroyForcibly();
        }
        catch (final IOException ex)
        {
            return Finding.warn("git", "not there", "install git, if you want to read histories with 'run git:PATH'");
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
        }
        return Finding.warn("git", "does not work", "see what 'git --version' says");
    }
}
