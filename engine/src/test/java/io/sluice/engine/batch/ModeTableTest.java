package io.sluice.engine.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFilterException;
import io.sluice.event.Priority;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ModeTableTest
{
    /** The decision matrix as the requirements give it. */
    private static final String MATRIX = """
        | file.created | High | Low | Batched | Can group similar operations |
        | file.modified | High | Medium | Batched | Benefits from deduplication |
        | workflow.failed | Low | Critical | Real-time | Immediate attention required |
        | agent.completed | Medium | Medium | Real-time | Enables immediate chaining |
        | performance.metrics | High | Low | Batched | Aggregation is more valuable |
        | naming.violation | Low | High | Real-time | Quick feedback important |
        | git.commit | Low | High | Real-time | Blocks user workflow |
        | tool.used | High | Low | Batched | Usage patterns more important |
        """;

    private final Records records = new Records();
    private final ModeTable modes = ModeTable.defaults();

    @Test
    void shouldBeTheMatrixOfTheRequirementsWhenNothingIsAdded()
    {
        final List<String[]> rows =
            MATRIX.lines().map((line) -> Arrays.stream(line.split("\\|")).map(String::trim).toArray(String[]::new))
                .toList();
        assertEquals(8, rows.size());
        assertEquals(8, ModeTable.defaultRules().size());
        assertEquals(8, modes.rules().size());
        for (int i = 0; i < rows.size(); i++)
        {
            final String[] row = rows.get(i);
            final ModeRule rule = modes.ruleOf(row[1]);
            assertEquals(ModeTable.defaultRules().get(i), rule);
            assertEquals(row[1], rule.pattern().text());
            assertEquals(row[2].toUpperCase(Locale.ROOT), rule.volume().name());
            assertEquals(row[3].toUpperCase(Locale.ROOT), rule.latency().name());
            assertEquals(mode(row[4]), rule.mode());
            assertEquals(row[5], rule.reasoning());
            assertEquals(mode(row[4]), modes.select(row[1], Priority.NORMAL, 0.5));
            assertTrue(modes.explain(row[1]).contains(row[5]), modes.explain(row[1]));
        }
    }

    @Test
    void shouldBeImmediateWhenTheEventIsCritical()
    {
        assertEquals(ProcessingMode.IMMEDIATE, modes.select("tool.used", Priority.CRITICAL, 1.0));
        assertEquals(ProcessingMode.IMMEDIATE, modes.select("unknown", Priority.CRITICAL, 0.0));
    }

    @Test
    void shouldBatchOnlyNormalAndLowWhenTheLoadIsHigh()
    {
        assertEquals(ProcessingMode.IMMEDIATE, modes.select("git.commit", Priority.NORMAL, 0.8));
        assertEquals(ProcessingMode.BATCHED, modes.select("git.commit", Priority.NORMAL, 0.81));
        assertEquals(ProcessingMode.BATCHED, modes.select("git.commit", Priority.LOW, 0.81));
        assertEquals(ProcessingMode.IMMEDIATE, modes.select("git.commit", Priority.HIGH, 1.0));
        assertEquals(ProcessingMode.BATCHED, modes.select("tool.used", Priority.HIGH, 0.0));
    }

    @Test
    void shouldBatchWhenNoRowMatches()
    {
        assertEquals(ProcessingMode.BATCHED, modes.select("unknown.type", Priority.NORMAL, 0.0));
        assertEquals("*", modes.ruleOf("unknown.type").pattern().text());
        assertEquals(
            "unknown.type: batched by row '*' (volume medium, latency requirement low): No row of the table matches, " +
            "and batches cost least.\nWith priority critical: immediate, at any load.",
            modes.explain("unknown.type"));
    }

    @Test
    void shouldExplainTheLoadWhenATypeIsImmediate()
    {
        assertEquals(
            "git.commit: immediate by row 'git.commit' (volume low, latency requirement high): Blocks user workflow." +
            "\nWith priority normal or low: batched while the load is above 0.9, until it is at 0.4 or below.",
            modes.loadThreshold(0.9, 0.4).explain("git.commit"));
    }

    @Test
    void shouldGoBeforeTheDefaultsWhenRowsAreAdded()
    {
        final ModeTable own = modes.userBlocking("file.*").highVolume("agent.*");

        assertEquals(ProcessingMode.IMMEDIATE, own.select("file.created", Priority.NORMAL, 0));
        assertEquals(ProcessingMode.IMMEDIATE, own.select("file.deleted", Priority.NORMAL, 0));
        assertEquals(ProcessingMode.BATCHED, own.select("agent.completed", Priority.NORMAL, 0));
        assertEquals(ProcessingMode.IMMEDIATE, own.select("git.commit", Priority.NORMAL, 0));
        assertEquals(ProcessingMode.BATCHED, modes.select("file.created", Priority.NORMAL, 0));
        assertEquals(10, own.rules().size());
        assertEquals(2, own.withoutDefaultRules().rules().size());
        assertEquals(ProcessingMode.BATCHED, own.withoutDefaultRules().select("git.commit", Priority.NORMAL, 0));
    }

    @Test
    void shouldBatchWhenATypeIsBothHighVolumeAndUserBlocking()
    {
        assertEquals(
            ProcessingMode.BATCHED,
            modes.userBlocking("a.*").highVolume("a.b").select("a.b", Priority.NORMAL, 0));
    }

    @Test
    void shouldNameValueAndRemedyWhenASettingIsWrong()
    {
        assertEquals(
            "loadThreshold above=0.5, below=0.6: use 0 <= below <= above <= 1",
            assertThrows(IllegalArgumentException.class, () -> modes.loadThreshold(0.5, 0.6)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> modes.loadThreshold(1.5, 0.6));
        assertThrows(IllegalArgumentException.class, () -> modes.loadThreshold(Double.NaN, 0.6));
        assertThrows(IllegalArgumentException.class, () -> modes.loadThreshold(0.5, -0.1));
        assertThrows(EventFilterException.class, () -> modes.highVolume("a..b"));
        assertThrows(NullPointerException.class, () -> modes.rule(null));
        assertEquals(0.8, modes.batchAbove());
        assertEquals(0.7, modes.restBelow(), 1e-9);
    }

    @Test
    void shouldHoldUntilTheLowerThresholdWhenASelectorWasBusy()
    {
        final ModeSelector selector = new ModeSelector(modes);

        assertEquals(ProcessingMode.IMMEDIATE, select(selector, "git.commit", Priority.NORMAL, 0.8));
        assertFalse(selector.isBusy());
        assertEquals(ProcessingMode.BATCHED, select(selector, "git.commit", Priority.NORMAL, 0.81));
        assertTrue(selector.isBusy());
        assertEquals(ProcessingMode.BATCHED, select(selector, "git.commit", Priority.NORMAL, 0.75));
        assertEquals(ProcessingMode.IMMEDIATE, select(selector, "git.commit", Priority.HIGH, 0.75));
        assertEquals(ProcessingMode.IMMEDIATE, select(selector, "git.commit", Priority.NORMAL, 0.69));
        assertEquals(ProcessingMode.IMMEDIATE, select(selector, "git.commit", Priority.NORMAL, 0.75));
    }

    @Test
    void shouldComeToRestWhenBothThresholdsAreZero()
    {
        final ModeSelector selector = new ModeSelector(modes.loadThreshold(0, 0));

        assertEquals(ProcessingMode.BATCHED, select(selector, "git.commit", Priority.NORMAL, 0.01));
        assertEquals(ProcessingMode.IMMEDIATE, select(selector, "git.commit", Priority.NORMAL, 0));
    }

    @Test
    void shouldSelectAsTheTableDoesWhenMoreTypesComeThanAreRemembered()
    {
        final ModeTable table = modes.userBlocking("type.*.a").highVolume("type.**.b").userBlocking("*.c");
        final ModeSelector selector = new ModeSelector(table);
        final Random random = new Random(21);
        for (int i = 0; i < 3 * ModeSelector.MAX_TYPES; i++)
        {
            final String type = "type." + random.nextInt(2 * ModeSelector.MAX_TYPES) + "." + (char)('a' + i % 4);
            final Priority priority = Priority.of(random.nextInt(Priority.COUNT));
            final double load = random.nextBoolean() ? 0.1 : 0.9;
            assertEquals(table.select(type, priority, load), select(selector, type, priority, load), type);
            assertEquals(table.select(type, priority, load), select(selector, type, priority, load), type);
        }
    }

    private ProcessingMode select(
        final ModeSelector selector, final String type, final Priority priority, final double load)
    {
        return selector.select(records.event(1, type, priority), load);
    }

    private static ProcessingMode mode(final String name)
    {
        return name.equals("Real-time") ?
            ProcessingMode.IMMEDIATE : ProcessingMode.valueOf(name.toUpperCase(Locale.ROOT));
    }
}
