package io.sluice.engine.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RetryEntryTest
{
    private static final long POSITION = 77L << 32 | 64;

    @ParameterizedTest
    @ValueSource(strings = {"a", "ä", "€", "😀", "a😀", "ab😀", "abc😀"})
    void shouldCutTheTextBetweenCharactersWhenItIsTooLong(final String part)
    {
        final String whole = part.repeat(1000);
        final String text = failed(whole).text();
        final int length = text.getBytes(StandardCharsets.UTF_8).length;

        assertTrue(whole.startsWith(text), text);
        assertTrue(length <= 400 && length > 396, "bytes " + length);
        assertFalse(text.contains("?"), text);
    }

    @Test
    void shouldKeepTheTextWhenItFits()
    {
        final String text = "x".repeat(398) + "ä";
        assertSame(text, failed(text).text());
        assertEquals("x".repeat(399), failed("x".repeat(399) + "ä").text());
        assertEquals("", failed("").text());
    }

    @Test
    void shouldBeReadAsItWasWrittenWhenItIsOfAnyKind()
    {
        final Random random = new Random(3);
        final List<RetryEntry> entries = List.of(
            failed(""),
            failed("short"),
            failed("€".repeat(133)),
            RetryEntry.failed(
                -1, Long.MAX_VALUE, -5, Integer.MAX_VALUE, -1, Long.MIN_VALUE, 1, FailureCause.UNDECODABLE, "t"),
            RetryEntry.held(random.nextLong(), 9, -1, 8),
            RetryEntry.closed(random.nextLong(), 1),
            RetryEntry.forgotten(random.nextLong()));
        for (final RetryEntry entry : entries)
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
            final long word = write(buffer, entry);
            assertTrue(RetryEntryCodec.isSound(buffer, 64, word, POSITION, 1024), entry.toString());
            assertEquals(entry, RetryEntryCodec.decode(buffer, 64, word));
            assertEquals(POSITION - 100, RetryEntryCodec.origin(buffer, 64));
            assertTrue(RetryEntryCodec.isCarried(word));
            assertFalse(RetryEntryCodec.isSound(buffer, 64, word, POSITION + 64, 1024), "elsewhere it is none");
            assertFalse(
                RetryEntryCodec.isSound(buffer, 64, word, POSITION, 64 + RetryEntryCodec.length(word) - 1), "cut");
        }
    }

    @Test
    void shouldNotBeSoundWhenAnyBitIsFlipped()
    {
        for (final RetryEntry entry : List.of(
            failed("java.io.IOException: reset by peer"), RetryEntry.held(1, 9, 5, 8), RetryEntry.closed(1, 9)))
        {
            final UnsafeBuffer buffer = new UnsafeBuffer(new byte[1024]);
            write(buffer, entry);
            final byte[] sound = buffer.byteArray().clone();
            int end = sound.length;
            while (sound[end - 1] == 0)
            {
                end--;
            }
            for (int bit = 64 * 8; bit < end * 8; bit++)
            {
                final byte[] flipped = sound.clone();
                flipped[bit / 8] ^= (byte)(1 << bit % 8);
                buffer.wrap(flipped);
                assertFalse(
                    RetryEntryCodec.isSound(buffer, 64, buffer.getLong(64), POSITION, 1024),
                    "bit " + bit + " of " + Arrays.toString(sound));
            }
        }
    }

    @Test
    void shouldSayWhatWasThrownWhenAFailureIsTurnedIntoText()
    {
        assertEquals("java.lang.IllegalStateException: why", RetryEntry.textOf(new IllegalStateException("why")));
        final Exception speechless = new Exception()
        {
            private static final long serialVersionUID = 1L;

            @Override
            public String getMessage()
            {
                throw new IllegalStateException("no message either");
            }
        };
        assertEquals(speechless.getClass().getName(), RetryEntry.textOf(speechless));
    }

    @Test
    void shouldNeverStandForNoKeyWhenAKeyIsHashed()
    {
        assertEquals(1, RetryEntry.keyHash(0));
        assertEquals(1, RetryEntry.keyHash(1));
        assertEquals(-7, RetryEntry.keyHash(-7));
    }

    @Test
    void shouldNameTheValueWhenAnEntryMakesNoSense()
    {
        assertRefused("sequence=0 of CLOSED", () -> RetryEntry.closed(1, 0));
        assertRefused("sequence=-1 of HELD", () -> RetryEntry.held(1, -1, 5, 1));
        assertRefused("keyHash=0 of HELD", () -> RetryEntry.held(1, 2, 0, 1));
        assertRefused(
            "attempt=0", () -> RetryEntry.failed(1, 2, 0, 0, 0, 0, 0, FailureCause.THREW, ""));
        assertThrows(NullPointerException.class, () -> RetryEntry.failed(1, 2, 0, 1, 0, 0, 0, null, ""));
        assertThrows(
            NullPointerException.class, () -> RetryEntry.failed(1, 2, 0, 1, 0, 0, 0, FailureCause.THREW, null));
    }

    private static long write(final UnsafeBuffer buffer, final RetryEntry entry)
    {
        final byte[] text = RetryEntryCodec.textOf(entry);
        final int length = RetryEntryCodec.length(entry.kind(), text.length);
        final long word = RetryEntryCodec.committedWord(entry, true, length);
        RetryEntryCodec.encode(buffer, 64, entry, text, word, POSITION, POSITION - 100);
        buffer.putLong(64, word);
        return word;
    }

    private static RetryEntry failed(final String text)
    {
        return RetryEntry.failed(3, 4, 5, 6, 7, 8, 9, FailureCause.TIMED_OUT, text);
    }

    private static void assertRefused(final String message, final Runnable call)
    {
        final IllegalArgumentException error = assertThrows(IllegalArgumentException.class, call::run);
        assertTrue(error.getMessage().startsWith(message), error.getMessage());
    }
}
