package io.sluice.perf.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class RequirementsTest
{
    private static final Set<String> TESTS = Set.of("KnownTest");

    @Test
    void shouldTraceEveryRequirementWhenTestsAreNamed()
    {
        assertEquals(
            List.of(), RequirementsTable.problems(Checkout.read("docs/requirements.md"), Checkout.testClasses()));
    }

    @Test
    void shouldSeeItselfWhenLookingForTestClasses()
    {
        assertTrue(Checkout.testClasses().contains(getClass().getSimpleName()));
    }

    @Test
    void shouldAcceptATableWhenEveryRowIsThereOnce()
    {
        assertEquals(List.of(), RequirementsTable.problems(completeTable(), TESTS));
    }

    @Test
    void shouldBiteWhenARowIsMissing()
    {
        assertEquals(List.of("D3: no row"), RequirementsTable.problems(without("D3"), TESTS));
    }

    @Test
    void shouldBiteWhenARowIsThereTwice()
    {
        assertEquals(List.of("D3: 2 rows"), RequirementsTable.problems(completeTable() + row("D3"), TESTS));
    }

    @Test
    void shouldBiteWhenARowIsUnknown()
    {
        assertEquals(
            List.of("Q1: no such requirement"), RequirementsTable.problems(completeTable() + row("Q1"), TESTS));
    }

    @Test
    void shouldBiteWhenATestDoesNotExist()
    {
        final String table = without("C1") + "| C1 | t | `KnownTest`, `GoneTest` | `sluice run` | done |\n";

        assertEquals(List.of("C1: no test class GoneTest"), RequirementsTable.problems(table, TESTS));
    }

    @Test
    void shouldBiteWhenDoneWithoutTestOrPlace()
    {
        final String table = without("C1") + "| C1 | t | | | done |\n";

        assertEquals(
            List.of("C1: done, but no test named", "C1: done, but not said where a user meets it"),
            RequirementsTable.problems(table, TESTS));
    }

    @Test
    void shouldBiteWhenTheStateIsUnknown()
    {
        final String table = without("C1") + "| C1 | t | `KnownTest` | x | soon |\n";

        assertEquals(
            List.of("C1: state 'soon', use done, partly or not yet"), RequirementsTable.problems(table, TESTS));
    }

    private static String completeTable()
    {
        return RequirementsTable.expectedIds().stream().map(RequirementsTest::row).collect(Collectors.joining());
    }

    private static String without(final String id)
    {
        return completeTable().replace(row(id), "");
    }

    private static String row(final String id)
    {
        return "| " + id + " | title | | | not yet |\n";
    }
}
