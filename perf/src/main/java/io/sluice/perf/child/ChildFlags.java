package io.sluice.perf.child;

import java.io.File;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The command line of a child JVM: that of this JVM, with what a runnable jar has in its manifest. */
public final class ChildFlags
{
    /** For a child that lives for a second: what counts is that it starts soon. */
    public static final String QUICK = "-XX:TieredStopAtLevel=1";

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

    // What ./sluice starts its JVM with.
    private static final List<String> LAUNCHER = List.of("-XX:+UseSerialGC", "-Xshare:auto", "-XX:-UsePerfData");

    private ChildFlags()
    {
    }

    /**
     * The whole line.
     *
     * @param main  class to run.
     * @param extra flags besides those that every child gets.
     * @return the program and its arguments; arguments for the class may follow.
     */
    public static List<String> commandLine(final Class<?> main, final String... extra)
    {
        final List<String> line = new ArrayList<>();
        line.add(System.getProperty("java.home") + File.separator + "bin" + File.separator + "java");
        line.addAll(flags(ManagementFactory.getRuntimeMXBean().getInputArguments(), Runtime.version().feature()));
        line.addAll(List.of(extra));
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
    public static Set<String> flags(final List<String> own, final int feature)
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
        flags.addAll(LAUNCHER);
        return flags;
    }
}
