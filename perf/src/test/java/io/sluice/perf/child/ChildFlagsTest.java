package io.sluice.perf.child;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ChildFlagsTest
{
    @Test
    void shouldHaveEveryFlagWhenTheListForEmbeddersHasIt() throws IOException
    {
        final Set<String> flags = ChildFlags.flags(List.of(), 17);
        int count = 0;
        for (final String line : Files.readAllLines(Path.of("..", "docs", "jvm.args")))
        {
            if (line.startsWith("-"))
            {
                count++;
                assertTrue(flags.contains(line.trim()), () -> line + " is not given to child JVMs");
            }
        }
        assertTrue(count > 10, "docs/jvm.args has " + count + " flags");
    }

    @Test
    void shouldPassTheModuleFlagsOnWhenAChildStarts()
    {
        final Set<String> flags = ChildFlags.flags(
            List.of("-Xmx1g", "-javaagent:x.jar", "-agentlib:jdwp=x", "-XX:+UseG1GC", "-Dsome=property"), 17);

        assertTrue(flags.contains("--add-opens=java.base/jdk.internal.misc=ALL-UNNAMED"));
        assertTrue(flags.containsAll(List.of("-Xmx1g", "-Dsome=property", "-XX:+UseSerialGC")));
        assertFalse(flags.contains(ChildFlags.QUICK));
        assertFalse(flags.toString().contains("agent"));
        assertFalse(flags.contains("-XX:+UseG1GC"));
        assertFalse(flags.contains("--sun-misc-unsafe-memory-access=allow"));
        assertTrue(ChildFlags.flags(List.of(), 25).contains("--sun-misc-unsafe-memory-access=allow"));
    }
}
