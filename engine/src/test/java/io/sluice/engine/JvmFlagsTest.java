package io.sluice.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class JvmFlagsTest
{
    // Exported by every JDK so far, whatever the flags.
    private static final String ALWAYS_GRANTED = "--add-exports=jdk.unsupported/sun.misc=ALL-UNNAMED";
    // To open a package exports it too at run time.
    private static final String GRANTED_BY_OPENS = "--add-exports=java.base/jdk.internal.misc=ALL-UNNAMED";

    @Test
    void shouldNameExactlyAllFlagsWhenTheJvmHasNone() throws Exception
    {
        final List<String> flags = moduleFlags();
        flags.remove(ALWAYS_GRANTED);
        assertEquals(new TreeSet<>(flags), missingIn(List.of()));
    }

    @Test
    void shouldNameExactlyTheOneFlagWhenOnlyThatIsMissing() throws Exception
    {
        final List<String> needed = moduleFlags();
        needed.removeAll(List.of(ALWAYS_GRANTED, GRANTED_BY_OPENS));
        assertEquals(8, needed.size());
        for (final String left : needed)
        {
            final List<String> flags = moduleFlags();
            flags.remove(left);
            assertEquals(Set.of(left), missingIn(flags));
        }
    }

    @Test
    void shouldLaunchWhenTheJvmHasTheDocumentedFlags() throws Exception
    {
        try (ChildJvm child = ChildJvm.start(ChildJvm.documentedFlags(), ChildEngine.class))
        {
            assertTrue(child.rest().contains("launched"));
        }
    }

    private static Set<String> missingIn(final List<String> flags) throws Exception
    {
        try (ChildJvm child = ChildJvm.start(flags, ChildEngine.class))
        {
            final String message = String.join("\n", child.rest());
            assertTrue(message.contains("docs/jvm.args"), message);
            return Arrays.stream(message.split("\\s"))
                .filter(word -> word.startsWith("--add-"))
                .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static List<String> moduleFlags() throws Exception
    {
        return ChildJvm.documentedFlags().stream()
            .filter(flag -> flag.startsWith("--add-"))
            .collect(Collectors.toList());
    }
}
