package io.sluice.perf.project;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The doors between the modules, and which packages are in which.
 *
 * <pre>
 *   tools ──► handlers ──► engine ──► journal        perf ──► all of them
 *                            │           │
 *                        Disruptor    Chronicle
 * </pre>
 */
final class ModuleDoors
{
    static final ArchRule ONE_WAY = layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .withOptionalLayers(true)
        .layer("journal").definedBy(
            "io.sluice.event..", "io.sluice.archive..", "io.sluice.journal..", "io.sluice.index..",
            "io.sluice.query..", "io.sluice.replay..", "io.sluice.tail..")
        .layer("engine").definedBy("io.sluice.engine..")
        .layer("handlers").definedBy("io.sluice.handlers..")
        .layer("tools").definedBy("io.sluice.tools..")
        .layer("perf").definedBy("io.sluice.perf..")
        .whereLayer("engine").mayOnlyBeAccessedByLayers("handlers", "tools", "perf")
        .whereLayer("handlers").mayOnlyBeAccessedByLayers("tools", "perf")
        .whereLayer("tools").mayOnlyBeAccessedByLayers("perf")
        .whereLayer("perf").mayNotBeAccessedByAnyLayer();

    /** The baselines of perf are made of bare Chronicle. */
    static final ArchRule CHRONICLE_IN_JOURNAL_ONLY = noClasses()
        .that().resideInAPackage("io.sluice..")
        .and().resideOutsideOfPackages("io.sluice.journal..", "io.sluice.perf..")
        .should().dependOnClassesThat().resideInAnyPackage("net.openhft.chronicle..", "net.openhft.posix..")
        .allowEmptyShould(true);

    /** The baselines of perf are made of a bare Disruptor. */
    static final ArchRule DISRUPTOR_IN_ENGINE_ONLY = noClasses()
        .that().resideInAPackage("io.sluice..")
        .and().resideOutsideOfPackages("io.sluice.engine..", "io.sluice.perf..")
        .should().dependOnClassesThat().resideInAPackage("com.lmax..")
        .allowEmptyShould(true);

    private static final Map<String, List<String>> PACKAGES = Map.of(
        "journal",
        List.of(
            "io.sluice.event", "io.sluice.archive", "io.sluice.journal", "io.sluice.index", "io.sluice.query",
            "io.sluice.replay", "io.sluice.tail"),
        "engine", List.of("io.sluice.engine"),
        "handlers", List.of("io.sluice.handlers"),
        "tools", List.of("io.sluice.tools"),
        "perf", List.of("io.sluice.perf"));
    /** A jar tells by its name, for it may be a copy beside a program; a directory by the module that it is in. */
    private static final Pattern MODULE = Pattern.compile(
        ".*/sluice-(?<jar>[a-z]+)[^/]*\\.jar!.*|.*/(?<directory>journal|engine|handlers|tools|perf)/target/.*");

    private ModuleDoors()
    {
    }

    /**
     * Module whose build made a class.
     *
     * @param location URI of the class file, in a directory or in a jar.
     * @return the name of the module, empty for a class that no module made.
     */
    static String moduleOf(final String location)
    {
        final Matcher matcher = MODULE.matcher(location);
        if (!matcher.matches())
        {
            return "";
        }
        final String jar = matcher.group("jar");
        return jar == null ? matcher.group("directory") : jar;
    }

    static boolean isAtHome(final JavaClass type)
    {
        return isAtHome(type.getPackageName(), moduleOf(type.getSource().orElseThrow().getUri().toString()));
    }

    static boolean isAtHome(final String packageName, final String module)
    {
        return PACKAGES.getOrDefault(module, List.of()).stream()
            .anyMatch(root -> packageName.equals(root) || packageName.startsWith(root + '.'));
    }
}
