package io.sluice.tools.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.Durability;
import io.sluice.engine.EngineContext;
import io.sluice.engine.EngineRole;
import io.sluice.engine.ThreadingMode;
import io.sluice.engine.admission.OverflowPolicy;
import io.sluice.event.Priority;
import io.sluice.tools.UsageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EngineSettingsTest
{
    @TempDir
    private Path directory;

    private final EngineContext context = new EngineContext();

    @Test
    void shouldSetRotationAndRetentionByTheNamesOfTheRequirement() throws IOException
    {
        apply("requirement.yaml",
            """
            rotation: {max_size: 100MB, max_age: 30, compress: false}
            retention:
              default: 60
              by_type: {error: 365, audit: 2555, "debug.*": 12h, legal: forever}
            """);

        assertEquals(100_000_000L, context.journal().rollSize());
        assertEquals(Duration.ofDays(30), context.journal().rollAge());
        assertFalse(context.journal().archive().compress());
        assertEquals(
            "default=60d audit.**=2555d debug.*=PT12H error.**=365d legal.**=ever",
            context.journal().archive().retention().toString());
    }

    @Test
    void shouldSetTheArchiveByTheNamesOfItsMethods() throws IOException
    {
        apply("archive.properties",
            """
            journal.archive.compress=true
            journal.archive.after=5m
            journal.archive.level=3
            journal.archive.keyFile=/srv/keys
            journal.retention.default=7d
            journal.retention.byType.trace=1h
            """);

        assertTrue(context.journal().archive().compress());
        assertEquals(Duration.ofMinutes(5), context.journal().archive().after());
        assertEquals(3, context.journal().archive().level());
        assertEquals(
            "default=7d audit.**=2555d error.**=365d trace.**=PT1H",
            context.journal().archive().retention().toString());
    }

    @ParameterizedTest
    @CsvSource({"retention.default,soon", "retention,never", "retention.by_type.a*,5",
        "retention.by_type.x,99999", "retention.by_typ.x,1", "retention.by_type.,1"})
    void shouldRefuseRetentionThatItDoesNotUnderstand(final String name, final String value)
    {
        final UsageException ex =
            assertThrows(UsageException.class, () -> apply("wrong.properties", name + "=" + value + "\n"));
        assertTrue(ex.getMessage().contains(name), ex.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"forever,default=ever", "standard,default=90d audit.**=2555d error.**=365d"})
    void shouldTakeAWholePolicyByName(final String name, final String expected) throws IOException
    {
        apply("policy.yaml", "retention: " + name + "\n");
        assertEquals(expected, context.journal().archive().retention().toString());
    }

    @Test
    void shouldSetEverythingThatYamlSays() throws IOException
    {
        apply("settings.yaml",
            """
            directory: /srv/data
            durability: journaled
            threadingMode: paired
            idleStrategy: yielding
            limit: {critical: 500, low: 7}
            budgetNs:
              critical: 20ms
              high: 1000
            share: {low: 64}
            pin: {sequencing: 1}
            idleStrategy.routing: busySpin
            slotLength: 1KiB
            maxEventLength: 64KiB
            dedup: {enabled: false, contentWindowNs: 2s}
            journal: {rollSize: 200MB, prepareAhead: 8MiB, minFreeSpace: 1GB}
            admission: {overflow: {low: drop_newest, high: block}, memoryLimit: 200MB, blockTimeoutNs: 2s}
            closeTimeoutNs: 30s
            seed: 42
            source: desk
            metadata: {host: worker-01}
            """);

        assertEquals(Path.of("/srv/data"), context.directory());
        assertEquals(Durability.JOURNALED, context.durability());
        assertEquals(ThreadingMode.PAIRED, context.threadingMode());
        assertEquals(500, context.limit(Priority.CRITICAL));
        assertEquals(7, context.limit(Priority.LOW));
        assertEquals(20_000_000L, context.budgetNs(Priority.CRITICAL));
        assertEquals(1000L, context.budgetNs(Priority.HIGH));
        assertEquals(1, context.pin(EngineRole.SEQUENCING));
        assertEquals(1024, context.slotLength());
        assertEquals(65_536, context.maxEventLength());
        assertFalse(context.dedup().enabled());
        assertEquals(2_000_000_000L, context.dedup().contentWindowNs());
        assertEquals(200_000_000L, context.journal().rollSize());
        assertEquals(8L << 20, context.journal().prepareAhead());
        assertEquals(1_000_000_000L, context.journal().minFreeSpace());
        assertEquals(OverflowPolicy.DROP_NEWEST, context.admission().overflow(Priority.LOW));
        assertEquals(OverflowPolicy.BLOCK, context.admission().overflow(Priority.HIGH));
        assertEquals(OverflowPolicy.REJECT, context.admission().overflow(Priority.NORMAL));
        assertEquals(200_000_000L, context.admission().memoryLimit());
        assertEquals(2_000_000_000L, context.admission().blockTimeoutNs());
        assertEquals(30_000_000_000L, context.closeTimeoutNs());
        assertEquals(42, context.seed());
        assertEquals("desk", context.source());
        assertEquals(Map.of("host", "worker-01"), context.metadata());
    }

    @Test
    void shouldReadPropertiesAsWell() throws IOException
    {
        apply("settings.properties", "limit.critical = 500\njournal.rollSize=200MB\n");

        assertEquals(500, context.limit(Priority.CRITICAL));
        assertEquals(200_000_000L, context.journal().rollSize());
    }

    @Test
    void shouldTakeAnEmptyFileForNoSettings() throws IOException
    {
        apply("empty.yml", "");

        assertEquals(1000, context.limit(Priority.CRITICAL));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "limits: {critical: 5}       | no setting 'limits.critical': did you mean 'limit.critical'?",
        "threadingmode: shared       | no setting 'threadingmode': did you mean 'threadingMode'?",
        "frobnicationLevel: 11       | no setting 'frobnicationLevel': known are directory,",
        "limit: {critical: many}     | limit.critical: 'many' is no number",
        "limit: [1, 2]               | 'limit' must be a mapping or a value",
        "threadingMode: fast         | threadingMode: 'fast' is not known: use invoker, shared, paired or dedicated",
        "idleStrategy: fast          | idleStrategy: 'fast' is not known",
        "slotLength: 3GiB            | slotLength: '3GiB' is out of range",
        "budgetNs: {low: soon}       | budgetNs.low: 'soon' is no duration",
        "dedup: {enabled: 'maybe'}   | dedup.enabled: 'maybe' is no switch",
        "'{a: 1'                     | is no YAML",
        "seed: 1, seed: 2            | is no YAML",
        "!!java.lang.Runtime {}      | is no YAML"})
    void shouldNameWhatItDoesNotKnow(final String yaml, final String message)
    {
        final String actual = assertThrows(UsageException.class, () -> apply("bad.yaml", yaml)).getMessage();

        assertTrue(actual.contains(message), actual);
    }

    private void apply(final String name, final String text) throws IOException
    {
        EngineSettings.apply(Files.writeString(directory.resolve(name), text), context);
    }
}
