package io.sluice.engine.deadletter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.failure.FailureCause;
import io.sluice.engine.failure.FailureKind;
import io.sluice.event.EventValidationException;
import io.sluice.event.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LetterRecordTest
{
    @Test
    void shouldReadWhatItWroteWhenTextsAreHostile()
    {
        final LetterFailure failure = new LetterFailure(
            "a\"b\\c\u0001\u00e9\ud83d\ude00",
            3,
            FailureCause.TIMED_OUT,
            FailureKind.FIXABLE,
            "x.Y",
            "\n\ud800!",
            5,
            7);
        final LetterRecord record = LetterRecord.failed(9, 4711, Long.MAX_VALUE, 1_000_000_001L, failure)
            .firstOpen(3).metadataApart();

        final LetterRecord read = LetterRecord.parse(LetterMetadata.of(record.json()));

        assertEquals(record, read);
        assertEquals("\n\ufffd!", read.message());
        assertTrue(read.isFirst(9));
        assertFalse(read.isFirst(10));
    }

    @Test
    void shouldWriteTheNamesThatAreDocumented()
    {
        final LetterFailure failure = new LetterFailure(
            "billing", 4, FailureCause.THREW, FailureKind.MANUAL, "a.C", "no account", 0, 1_500_000_000L);
        assertEquals(
            "{\"action\":\"dead-lettered\",\"letter\":12,\"firstOpen\":7,\"subscription\":\"billing\"," +
            "\"sequence\":4711,\"run\":\"1234\",\"recorded\":\"1970-01-01T00:00:00.000001Z\",\"attempts\":4," +
            "\"cause\":\"THREW\",\"exception\":\"a.C\",\"message\":\"no account\",\"kind\":\"MANUAL\"," +
            "\"firstFailure\":\"1970-01-01T00:00:00Z\",\"lastFailure\":\"1970-01-01T00:00:01.500Z\"}",
            LetterRecord.failed(12, 4711, 1234, 1_000, failure).firstOpen(7).json());
        final LetterStatus status =
            LetterStatus.first(LetterRecord.failed(12, 4711, 1234, 1_000, failure), 12, 0);
        assertEquals(
            "{\"action\":\"dropped\",\"letter\":12,\"firstOpen\":0,\"subscription\":\"billing\",\"sequence\":4711," +
            "\"message\":\"old\"}",
            LetterRecord.note(LetterAction.DROPPED, status, "old").json());
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", "[]", "{", "{\"a\":{}}", "{\"deadLetter\":1}", "{\"deadLetter\":{}}",
        "{\"deadLetter\":{\"action\":\"burned\",\"letter\":1,\"subscription\":\"s\",\"sequence\":1}}",
        "{\"deadLetter\":{\"action\":\"retried\",\"letter\":0,\"subscription\":\"s\",\"sequence\":1}}",
        "{\"deadLetter\":{\"action\":\"retried\",\"letter\":1,\"subscription\":\"\",\"sequence\":1}}",
        "{\"deadLetter\":{\"action\":\"retried\",\"letter\":\"1\",\"subscription\":\"s\",\"sequence\":1}}",
        "{\"deadLetter\":{\"action\":\"fixed\",\"letter\":1,\"subscription\":\"s\",\"sequence\":1,\"kind\":\"ODD\"}}",
        "{\"deadLetter\":{\"action\":\"fixed\",\"letter\":1,\"subscription\":\"s\",\"sequence\":1,\"recorded\":\"?\"}}",
        "{\"deadLetter\":{\"action\":\"fixed\",\"letter\":1,\"subscription\":\"s\",\"sequence\":1}}"})
    void shouldReadNothingWhenTheMetadataSayNothingItUnderstands(final String metadata)
    {
        assertNull(LetterRecord.parse(metadata.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void shouldReadEveryTimeAsTheProjectWritesIt()
    {
        final Random random = new Random(3);
        for (int i = 0; i < 2_000; i++)
        {
            final long unit = new long[]{1, 1_000, 1_000_000, 1_000_000_000}[i % 4];
            final long timeNs = random.nextLong() / unit * unit;
            assertEquals(timeNs, LetterRecord.time(Timestamps.text(timeNs)), Timestamps.text(timeNs));
        }
        assertEquals(3_600_000_000_000L, LetterRecord.time("1970-01-01T02:00:00+01:00"));
        assertThrows(IllegalArgumentException.class, () -> LetterRecord.time("1970-01-01T0x:00:00Z"));
        assertThrows(DateTimeException.class, () -> LetterRecord.time("1970-13-01T00:00:00Z"));
        assertThrows(EventValidationException.class, () -> LetterRecord.time("soon"));
    }

    @Test
    void shouldPassOverMembersThatItDoesNotKnow()
    {
        final LetterRecord read = LetterRecord.parse((
            "{\"host\":{\"deadLetter\":1},\"deadLetter\":{\"new\":{\"action\":[1]},\"action\":\"retried\"," +
            "\"letter\":2,\"subscription\":\"s\",\"sequence\":5,\"previous\":{\"letter\":1}}}")
            .getBytes(StandardCharsets.UTF_8));
        assertEquals(LetterAction.RETRIED, read.action());
        assertEquals(2, read.letter());
    }

    @Test
    void shouldCutLongTextsAndRefuseNamesThatAreNone()
    {
        final LetterFailure failure = LetterFailure.of(
            "s", 0, FailureCause.BREAKER_OPEN, FailureKind.TRANSIENT,
            new IllegalStateException("x".repeat(511) + "\ud83d\ude00"), 0, 0);
        assertEquals("x".repeat(511), failure.message());
        assertEquals("java.lang.IllegalStateException", failure.exception());
        assertEquals("", LetterFailure.of(
            "s", 0, FailureCause.BREAKER_OPEN, FailureKind.TRANSIENT, null, 0, 0).message());

        assertNames("subscription '' has 0 characters", "", 1);
        assertNames("has 1025 characters, use 1 to 1024", "x".repeat(1_025), 1);
        assertNames("half a surrogate pair", "x\udc00", 1);
        assertNames("attempts=-1 must be 0 or more", "x", -1);
    }

    @Test
    void shouldKeepALetterWhenTheExceptionFailsToSayWhatItIs()
    {
        final LetterFailure failure = LetterFailure.of(
            "s", 1, FailureCause.THREW, FailureKind.MANUAL, new Silent(), 0, 0);
        assertEquals("its message can't be read: java.lang.UnsupportedOperationException", failure.message());
    }

    private static void assertNames(final String expected, final String subscription, final int attempts)
    {
        final IllegalArgumentException ex = assertThrows(IllegalArgumentException.class, () -> new LetterFailure(
            subscription, attempts, FailureCause.THREW, FailureKind.MANUAL, null, null, 0, 0));
        assertTrue(ex.getMessage().contains(expected), ex.getMessage());
    }

    private static final class Silent extends RuntimeException
    {
        private static final long serialVersionUID = 1L;

        @Override
        public String getMessage()
        {
            throw new UnsupportedOperationException();
        }
    }
}
