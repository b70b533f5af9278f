package io.sluice.perf.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** One list of JVM options: what embedders are told, what the tests run with, what the jars carry. */
class JvmArgumentsTest
{
    @Test
    void shouldRunTestsWithTheDocumentedArgumentsWhenForked()
    {
        final List<String> actual = ManagementFactory.getRuntimeMXBean().getInputArguments();

        for (final String argument : documented())
        {
            assertTrue(actual.contains(argument), () -> argument + " is not among " + actual);
        }
    }

    @Test
    void shouldCarryTheDocumentedOpensWhenAJarIsRun()
    {
        assertEquals(packagesOf("--add-opens="), property("manifest.opens"));
        assertEquals(packagesOf("--add-exports="), property("manifest.exports"));
    }

    @Test
    void shouldPassTheDocumentedSwitchesWhenLaunched()
    {
        final String launcher = Checkout.read("sluice");

        for (final String argument : documented())
        {
            assertTrue(!argument.startsWith("-D") || launcher.contains(argument), argument);
        }
    }

    private static Set<String> documented()
    {
        return Checkout.read("docs/jvm.args").lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty() && !line.startsWith("#"))
            .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> packagesOf(final String option)
    {
        return documented().stream()
            .filter(argument -> argument.startsWith(option))
            .map(argument -> argument.substring(option.length(), argument.lastIndexOf('=')))
            .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Set<String> property(final String name)
    {
        final String pattern = "<" + Pattern.quote(name) + ">([^<]*)</";
        final Matcher matcher = Pattern.compile(pattern).matcher(Checkout.read("pom.xml"));
        assertTrue(matcher.find(), name);
        return new TreeSet<>(List.of(matcher.group(1).strip().split("\\s+")));
    }
}
