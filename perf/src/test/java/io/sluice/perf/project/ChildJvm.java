package io.sluice.perf.project;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** How to start another JVM like this one. */
final class ChildJvm
{
    private ChildJvm()
    {
    }

    static List<String> command(final String mainClass)
    {
        final List<String> command = new ArrayList<>();
        command.add(ProcessHandle.current().info().command().orElse("java"));
        for (final String argument : ManagementFactory.getRuntimeMXBean().getInputArguments())
        {
            // The coverage agent would write to the same file from two processes.
            if (!argument.startsWith("-javaagent"))
            {
                command.add(argument);
            }
        }
        // Short lives: half of the time would go into compiling.
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(mainClass);
        return command;
    }
}
