package io.sluice.engine.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryPolicyTest
{
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final Random random = new Random(1);

    @Test
    void shouldHaveTheDocumentedDefaultsWhenNothingIsSet()
    {
        final RetryPolicy policy = RetryPolicy.DEFAULT;

        assertEquals(3, policy.attempts());
        assertEquals(100 * MS, policy.firstDelayNs());
        assertEquals(2.0, policy.factor());
        assertEquals(30_000 * MS, policy.maxDelayNs());
        assertEquals(0.2, policy.jitter());
        assertEquals(RetryOrder.SKIP_AHEAD, policy.order());
        assertEquals(List.of(), policy.finalTypes());
        assertEquals(1, RetryPolicy.NONE.attempts());
        assertFalse(policy.isFinal(new OutOfMemoryError()));
    }

    @ParameterizedTest
    @CsvSource({"1, 100", "2, 200", "3, 400", "9, 25600", "10, 30000", "64, 30000", "1000000, 30000"})
    void shouldGrowByTheFactorUpToTheLongestWhenThereIsNoJitter(final int attempt, final long expectedMs)
    {
        assertEquals(expectedMs * MS, RetryPolicy.DEFAULT.jitter(0).delayNs(attempt, random));
    }

    @Test
    void shouldSpreadOverTheWholeRangeWhenThereIsJitter()
    {
        long least = Long.MAX_VALUE;
        long greatest = 0;
        long sum = 0;
        for (int i = 0; i < 10_000; i++)
        {
            final long delay = RetryPolicy.DEFAULT.delayNs(1, random);
            least = Math.min(least, delay);
            greatest = Math.max(greatest, delay);
            sum += delay;
        }
        assertTrue(least >= 80 * MS && least < 81 * MS, "least " + least);
        assertTrue(greatest <= 120 * MS && greatest > 119 * MS, "greatest " + greatest);
        assertEquals(100.0, sum / 10_000.0 / MS, 1.0);
    }

    @Test
    void shouldNeverBeNegativeWhenTheJitterIsTheWholePause()
    {
        final RetryPolicy policy = RetryPolicy.DEFAULT.jitter(1.0);
        for (int i = 0; i < 10_000; i++)
        {
            assertTrue(policy.delayNs(1 + i % 20, random) >= 0);
        }
        assertEquals(0, policy.firstDelayNs(0).delayNs(5, random));
    }

    @Test
    void shouldPauseAlikeWhenTheSeedIsTheSame()
    {
        final SplittableRandom first = new SplittableRandom(7);
        final SplittableRandom second = new SplittableRandom(7);
        for (int attempt = 1; attempt < 100; attempt++)
        {
            assertEquals(
                RetryPolicy.DEFAULT.delayNs(attempt, first), RetryPolicy.DEFAULT.delayNs(attempt, second));
        }
    }

    @Test
    void shouldLeaveTheRandomSourceAloneWhenThereIsNoJitter()
    {
        RetryPolicy.DEFAULT.jitter(0).delayNs(1, random);

        assertEquals(new Random(1).nextLong(), random.nextLong());
    }

    @Test
    void shouldReturnANewPolicyWhenSomethingIsSet()
    {
        final RetryPolicy changed = RetryPolicy.DEFAULT
            .attempts(7)
            .firstDelayNs(5)
            .factor(1.5)
            .maxDelayNs(9)
            .jitter(0.5)
            .order(RetryOrder.HOLD_KEY)
            .finalOn(IOException.class);

        assertEquals(7, changed.attempts());
        assertEquals(5, changed.firstDelayNs());
        assertEquals(1.5, changed.factor());
        assertEquals(9, changed.maxDelayNs());
        assertEquals(0.5, changed.jitter());
        assertEquals(RetryOrder.HOLD_KEY, changed.order());
        assertEquals(List.of(IOException.class), changed.finalTypes());
        assertEquals(3, RetryPolicy.DEFAULT.attempts());
        assertTrue(changed.toString().contains("attempts=7"), changed.toString());
    }

    @Test
    void shouldBeFinalWhenTheTypeOrThePredicateSaysSo()
    {
        final RetryPolicy policy = RetryPolicy.DEFAULT
            .finalOn(IOException.class)
            .retryOn(failure -> !"no".equals(failure.getMessage()));

        assertTrue(policy.isFinal(new IOException()));
        assertTrue(policy.isFinal(new FileNotFoundException()));
        assertTrue(policy.isFinal(new RuntimeException("no")));
        assertFalse(policy.isFinal(new RuntimeException("yes")));
        assertFalse(policy.isFinal(new RuntimeException(new IOException())), "its cause does not count");
    }

    @Test
    void shouldRetryAndKeepWhatWasThrownWhenThePredicateThrows()
    {
        final RuntimeException bug = new IllegalStateException("bug in the predicate");
        final RetryPolicy policy = RetryPolicy.DEFAULT.retryOn(failure ->
        {
            throw bug;
        });
        final Exception failure = new Exception("of the handler");

        assertFalse(policy.isFinal(failure));
        assertEquals(List.of(bug), List.of(failure.getSuppressed()));
        assertFalse(policy.isFinal(bug), "that throws what it is given");
    }

    @Test
    void shouldNameValueAndRemedyWhenSomethingIsOutOfRange()
    {
        assertRefused("retry attempts=0: use 1 (no retry) to", policy -> policy.attempts(0));
        assertRefused("retry attempts=1000001: use 1", policy -> policy.attempts(1_000_001));
        assertRefused("retry firstDelayNs=-1: use 0 to", policy -> policy.firstDelayNs(-1));
        assertRefused("retry firstDelayNs=9223372036854775807: use", policy -> policy.firstDelayNs(Long.MAX_VALUE));
        assertRefused("retry factor=0.5: use 1.0", policy -> policy.factor(0.5));
        assertRefused("retry factor=NaN: use 1.0", policy -> policy.factor(Double.NaN));
        assertRefused("retry factor=1001.0: use 1.0", policy -> policy.factor(1001.0));
        assertRefused("retry maxDelayNs=-5: use 0 to", policy -> policy.maxDelayNs(-5));
        assertRefused("retry jitter=-0.1: use 0.0", policy -> policy.jitter(-0.1));
        assertRefused("retry jitter=1.1: use 0.0", policy -> policy.jitter(1.1));
        assertRefused("retry jitter=NaN: use 0.0", policy -> policy.jitter(Double.NaN));
        assertRefused("attempt=0: attempts are counted from 1", policy ->
        {
            policy.delayNs(0, random);
            return policy;
        });
        assertThrows(NullPointerException.class, () -> RetryPolicy.DEFAULT.order(null));
        assertThrows(NullPointerException.class, () -> RetryPolicy.DEFAULT.retryOn(null));
    }

    private static void assertRefused(final String message, final Function<RetryPolicy, RetryPolicy> setter)
    {
        final IllegalArgumentException error =
            assertThrows(IllegalArgumentException.class, () -> setter.apply(RetryPolicy.DEFAULT));
        assertTrue(error.getMessage().startsWith(message), error.getMessage());
    }
}
