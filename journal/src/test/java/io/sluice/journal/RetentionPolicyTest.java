package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.archive.KeyProvider;
import io.sluice.event.EncodedText;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.TopicPattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetentionPolicyTest
{
    @ParameterizedTest
    @CsvSource({
        "a.b,90", "error,365", "error.db.timeout,365", "audit.login,2555", "errors,90", "audit,2555", "my.error,90"})
    void shouldKeepAsTheRequirementSays(final String type, final long days)
    {
        assertEquals(Duration.ofDays(days).toNanos(), RetentionPolicy.standard().termNs(event(type)));
    }

    @Test
    void shouldTakeTheLongestTermWhenRulesOverlap()
    {
        final RetentionPolicy policy = RetentionPolicy.standard()
            .rule(TopicPattern.of("error.debug.**"), Duration.ofDays(1))
            .rule(TopicPattern.of("**.audit"), Duration.ofDays(9999))
            .rule(TopicPattern.of("trace.**"), Duration.ofHours(1))
            .rule(TopicPattern.of("legal.**"), RetentionPolicy.FOREVER);
        assertEquals(Duration.ofDays(365).toNanos(), policy.termNs(event("error.debug.x")));
        assertEquals(Duration.ofDays(9999).toNanos(), policy.termNs(event("error.audit")));
        assertEquals(Duration.ofHours(1).toNanos(), policy.termNs(event("trace.sql")));
        assertEquals(Long.MAX_VALUE, policy.termNs(event("legal.hold")));
        assertEquals(Duration.ofHours(1).toNanos(), policy.leastNs());
        assertFalse(policy.isKeepingAll());
        assertTrue(RetentionPolicy.keepAll().isKeepingAll());
        assertEquals(
            Duration.ofDays(90).toNanos(), RetentionPolicy.standard().withoutRules().termNs(event("audit.x")));
    }

    @Test
    void shouldReplaceARuleWhenThePatternIsTheSame()
    {
        final RetentionPolicy policy =
            RetentionPolicy.standard().rule(TopicPattern.of("error.**"), Duration.ofDays(30));
        assertEquals(Duration.ofDays(30).toNanos(), policy.termNs(event("error")));
        assertEquals("default=90d audit.**=2555d error.**=30d", policy.toString());
    }

    @Test
    void shouldReadWhatItWrote()
    {
        final RetentionPolicy policy = RetentionPolicy.standard()
            .defaultTerm(Duration.ofHours(36))
            .rule(TopicPattern.of("a=b.*"), RetentionPolicy.FOREVER);
        final RetentionPolicy read = RetentionPolicy.parse(policy.toString());
        assertEquals(policy.toString(), read.toString());
        assertEquals(policy.id(), read.id());
        assertNotEquals(RetentionPolicy.standard().id(), policy.id());
        assertEquals(Long.MAX_VALUE, read.termNs(event("a=b.c")));
        assertEquals("default=ever", RetentionPolicy.keepAll().toString());
    }

    @Test
    void shouldRefuseTermsThatAreOutOfRange()
    {
        final RetentionPolicy policy = RetentionPolicy.standard();
        for (final Duration term : new Duration[]{Duration.ZERO, Duration.ofDays(-1), Duration.ofDays(40_000)})
        {
            final IllegalArgumentException ex =
                assertThrows(IllegalArgumentException.class, () -> policy.defaultTerm(term));
            assertTrue(ex.getMessage().contains("retention default=" + term), ex.getMessage());
        }
    }

    @Test
    void shouldRefuseValuesOfTheArchiveThatAreOutOfRange()
    {
        final ArchivePolicy[] wrong = {
            new ArchivePolicy().after(Duration.ofSeconds(-1)),
            new ArchivePolicy().interval(Duration.ZERO),
            new ArchivePolicy().level(23)};
        for (final ArchivePolicy policy : wrong)
        {
            final JournalContext context = new JournalContext().directory(Path.of("x")).archive(policy);
            assertThrows(IllegalArgumentException.class, context::conclude);
        }
        final ArchivePolicy policy = new ArchivePolicy().keys(KeyProvider.NONE).ignoreReader("x");
        new JournalContext().directory(Path.of("x")).archive(policy).conclude();
        assertThrows(IllegalStateException.class, () -> policy.compress(false));
        assertTrue(policy.compress());
        assertTrue(policy.thread());
        assertEquals(Set.of("x"), policy.ignoredReaders());
    }

    private static EventFlyweight event(final String type)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
        final EventEncoder encoder = new EventEncoder();
        encoder.wrap(buffer, 0, buffer.capacity()).eventTime(1).uuid(1, 2);
        encoder.put(EncodedText.of(EventField.TYPE, type)).put(EncodedText.of(EventField.SOURCE, "test"));
        encoder.complete();
        final EventFlyweight event = new EventFlyweight().wrap(buffer, 0);
        assertEquals(type, event.type());
        return event;
    }
}
