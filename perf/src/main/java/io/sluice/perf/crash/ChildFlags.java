package io.sluice.perf.crash;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * The command line of a child JVM: that of this JVM, with what a runnable jar has in its manifest, made for a
 * quick start.
 */
final class ChildFlags
{
    private static final List<String> REQUIRED = List.of(
        "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED",
        "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
        "--add-exports=java.base/jdk.internal.util=ALL-UNNAMED",
        "--add-exports=java.base/sun.nio.ch=ALL-UNNAMED",
        "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED",
        "--add-opens=java.base/java.io=ALL-UNNAMED",
        "--add-opens=java.base/java.lang=ALL-UNNAMED",
        "--add-opens=java.base/java.lang.reflect=ALL-UNNAMED",
        "--add-opens=java.base/java.util=ALL-UNNAMED",
        "--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED",
        "-Dchronicle.analytics.disable=true",
        "-Dchronicle.announcer.disable=true",
        "-Ddisable.perf.info=true");

    private static final List<String> REQUIRED_FROM_24 = List.of(
        "--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");

    // A child lives for a second: what counts is that it starts soon.
    private static final List<String> QUICK = List.of(
        "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-XX:-UsePerfData");

    private ChildFlags()
    {
    }

    static List<String> commandLine(final Class<?> main)
    {
        final List<String> line = new ArrayList<>();
        line.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        line.addAll(flags(ManagementFactory.getRuntimeMXBean().getInputArguments(), Runtime.version().feature()));
        line.add("-cp");
        line.add(System.getProperty("java.class.path"));
        line.add(main.getName());
        return line;
    }

    /**
     * Flags for a child.
     *
     * @param own     flags of this JVM; agents, debuggers and choices of a collector stay behind.
     * @param feature number of the Java version.
     * @return the flags, each once.
     */
    static Set<String> flags(final List<String> own, final int feature)
    {
        final Set<String> flags = new LinkedHashSet<>();
        for (final String flag : own)
        {
            if (!flag.startsWith("-agent") && !flag.startsWith("-javaagent") && !flag.startsWith("-Xrunjdwp") &&
                !(flag.startsWith("-XX:+Use") && flag.endsWith("GC")))
            {
                flags.add(flag);
            }
        }
        flags.addAll(REQUIRED);
        if (feature >= 24)
        {
            flags.addAll(REQUIRED_FROM_24);
        }
        flags.addAll(QUICK);
        return flags;
    }
}
