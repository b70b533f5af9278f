package io.sluice.perf.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import io.sluice.handlers.trespass.HandlerTouchesDisruptor;
import io.sluice.journal.trespass.JournalReachesUp;
import io.sluice.tools.trespass.ToolTouchesChronicle;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ModuleDoorsTest
{
    private static JavaClasses shipped;

    @BeforeAll
    static void importShippedClasses()
    {
        shipped = new ClassFileImporter()
            .withImportOption(location -> !location.contains("/test-classes/"))
            .importPackages("io.sluice");
    }

    @Test
    void shouldSeeTheShippedClassesWhenRulesAreChecked()
    {
        assertTrue(shipped.contain("io.sluice.event.EventEncoder"));
        assertTrue(shipped.contain("io.sluice.journal.DataDirectory"));
        assertFalse(shipped.contain(JournalReachesUp.class));
    }

    @Test
    void shouldKeepModulesApartWhenAClassUsesAnother()
    {
        ModuleDoors.ONE_WAY.check(shipped);
    }

    @Test
    void shouldKeepChronicleInTheJournalWhenAnyClassUsesIt()
    {
        ModuleDoors.CHRONICLE_IN_JOURNAL_ONLY.check(shipped);
    }

    @Test
    void shouldKeepTheDisruptorInTheEngineWhenAnyClassUsesIt()
    {
        ModuleDoors.DISRUPTOR_IN_ENGINE_ONLY.check(shipped);
    }

    @Test
    void shouldFindEveryClassInAPackageOfItsModuleWhenShipped()
    {
        final List<String> strangers = shipped.stream()
            .filter(type -> !ModuleDoors.isAtHome(type))
            .map(type -> type.getName() + " from " + type.getSource().orElseThrow().getUri())
            .toList();

        assertEquals(List.of(), strangers);
    }

    @Test
    void shouldBiteWhenTheJournalReachesUp()
    {
        assertBites(ModuleDoors.ONE_WAY, JournalReachesUp.class, HandlerTouchesDisruptor.class);
    }

    @Test
    void shouldBiteWhenAToolTouchesChronicle()
    {
        assertBites(ModuleDoors.CHRONICLE_IN_JOURNAL_ONLY, ToolTouchesChronicle.class);
    }

    @Test
    void shouldBiteWhenAHandlerTouchesTheDisruptor()
    {
        assertBites(ModuleDoors.DISRUPTOR_IN_ENGINE_ONLY, HandlerTouchesDisruptor.class);
    }

    @Test
    void shouldTellTheModuleWhenClassesComeFromADirectoryOrAJar()
    {
        assertEquals("journal", ModuleDoors.moduleOf("file:/here/journal/target/classes/io/sluice/event/X.class"));
        assertEquals(
            "engine",
            ModuleDoors.moduleOf("jar:file:/here/engine/target/jdk-25/sluice-engine-1.jar!/io/sluice/X.class"));
        assertEquals(
            "journal", ModuleDoors.moduleOf("jar:file:/here/tools/target/lib/sluice-journal-1.jar!/io/sluice/X.class"));
        assertEquals("", ModuleDoors.moduleOf("file:/elsewhere/lib/other.jar"));
    }

    @Test
    void shouldBiteWhenAPackageIsInTheWrongModule()
    {
        assertTrue(ModuleDoors.isAtHome("io.sluice.engine.ring", "engine"));
        assertFalse(ModuleDoors.isAtHome("io.sluice.engine.ring", "journal"));
        assertFalse(ModuleDoors.isAtHome("io.sluice.engines", "engine"));
        assertFalse(ModuleDoors.isAtHome("io.sluice.engine", ""));
    }

    private static void assertBites(final ArchRule rule, final Class<?>... trespassers)
    {
        final JavaClasses planted = new ClassFileImporter().importClasses(trespassers);
        final AssertionError error = assertThrows(AssertionError.class, () -> rule.check(planted));
        assertTrue(error.getMessage().contains(trespassers[0].getSimpleName()), error.getMessage());
    }
}
