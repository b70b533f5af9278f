package io.sluice.engine.failure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class CircuitBreakerTest
{
    private static final long START = 1_700_000_000_000_000_000L;
    private static final long OPEN_NS = TimeUnit.SECONDS.toNanos(30);

    private final List<String> changes = new ArrayList<>();
    private final CircuitBreaker breaker = breaker(BreakerPolicy.DEFAULT);
    private long now = START;

    @Test
    void shouldHaveTheDocumentedDefaultsWhenNothingIsSet()
    {
        assertTrue(BreakerPolicy.DEFAULT.enabled());
        assertEquals(5, BreakerPolicy.DEFAULT.failures());
        assertEquals(OPEN_NS, BreakerPolicy.DEFAULT.openNs());
        assertEquals(1, BreakerPolicy.DEFAULT.probes());
        assertFalse(BreakerPolicy.OFF.enabled());
        assertTrue(BreakerPolicy.DEFAULT.toString().contains("failures=5"));
        assertEquals(BreakerState.CLOSED, breaker.state());
        assertEquals(BreakerPolicy.DEFAULT, breaker.policy());
        assertEquals(0, breaker.openedAtNs());
        assertEquals(0, breaker.nextCallNs());
    }

    @Test
    void shouldOpenWhenFiveCallsFailInARow()
    {
        fail(4);
        assertEquals(BreakerState.CLOSED, breaker.state());
        assertEquals(4, breaker.failuresInARow());
        fail(1);

        assertEquals(BreakerState.OPEN, breaker.state());
        assertEquals(5, breaker.failuresInARow());
        assertEquals(START, breaker.openedAtNs());
        assertEquals(START + OPEN_NS, breaker.nextCallNs());
        assertEquals(1, breaker.timesOpened());
        assertEquals(List.of("CLOSED>OPEN@0"), changes);
        assertFalse(breaker.tryCall(now));
    }

    @Test
    void shouldStayClosedWhenOneSucceedsInBetween()
    {
        fail(4);
        succeed();
        fail(4);

        assertEquals(BreakerState.CLOSED, breaker.state());
        assertEquals(List.of(), changes);
    }

    @Test
    void shouldLetExactlyOneThroughWhenItsTimeIsOver()
    {
        fail(5);
        now = START + OPEN_NS - 1;
        assertFalse(breaker.tryCall(now));
        now++;

        assertTrue(breaker.tryCall(now));
        assertEquals(BreakerState.HALF_OPEN, breaker.state());
        assertFalse(breaker.tryCall(now), "one at a time");
        assertFalse(breaker.tryCall(now + 10 * OPEN_NS), "however long that takes");
        breaker.onSuccess(now);

        assertEquals(BreakerState.CLOSED, breaker.state());
        assertEquals(0, breaker.failuresInARow());
        assertTrue(breaker.tryCall(now));
        assertEquals(List.of("CLOSED>OPEN@0", "OPEN>HALF_OPEN@30", "HALF_OPEN>CLOSED@30"), changes);
    }

    @Test
    void shouldOpenAgainForTheWholeTimeWhenTheProbeFails()
    {
        fail(5);
        now += OPEN_NS;
        assertTrue(breaker.tryCall(now));
        breaker.onFailure(now);

        assertEquals(BreakerState.OPEN, breaker.state());
        assertEquals(6, breaker.failuresInARow());
        assertEquals(2, breaker.timesOpened());
        now += OPEN_NS - 1;
        assertFalse(breaker.tryCall(now));
        now++;
        assertTrue(breaker.tryCall(now));
        assertEquals(
            List.of("CLOSED>OPEN@0", "OPEN>HALF_OPEN@30", "HALF_OPEN>OPEN@30", "OPEN>HALF_OPEN@60"), changes);
    }

    @Test
    void shouldCloseOnlyAfterAllProbesWhenSeveralAreWanted()
    {
        final CircuitBreaker careful = breaker(BreakerPolicy.DEFAULT.failures(1).probes(3).openNs(10));
        careful.onFailure(now);
        for (int round = 0; round < 2; round++)
        {
            now += 10;
            for (int probe = 0; probe < 2; probe++)
            {
                assertTrue(careful.tryCall(now));
                assertFalse(careful.tryCall(now));
                careful.onSuccess(now);
                assertEquals(BreakerState.HALF_OPEN, careful.state());
            }
            assertTrue(careful.tryCall(now));
            if (round == 0)
            {
                careful.onFailure(now);
                assertEquals(BreakerState.OPEN, careful.state(), "and begins again");
            }
        }
        careful.onSuccess(now);
        assertEquals(BreakerState.CLOSED, careful.state());
    }

    @Test
    void shouldLetAnotherOneThroughWhenTheProbeWasNotMade()
    {
        fail(5);
        now += OPEN_NS;
        assertTrue(breaker.tryCall(now));
        breaker.onCancelled();

        assertEquals(BreakerState.HALF_OPEN, breaker.state());
        assertTrue(breaker.tryCall(now));
        assertFalse(breaker.tryCall(now));
    }

    @Test
    void shouldIgnoreALateOutcomeWhenTheCallWasToldOfAsFailed()
    {
        fail(5);
        breaker.onSuccess(now);
        assertEquals(BreakerState.OPEN, breaker.state());
        now += OPEN_NS;
        assertTrue(breaker.tryCall(now));
        breaker.onFailure(now);
        breaker.onSuccess(now);
        breaker.onFailure(now);

        assertEquals(BreakerState.OPEN, breaker.state());
        assertEquals(2, breaker.timesOpened());
    }

    @Test
    void shouldStayHalfOpenWhenAnOutcomeComesThatNobodyWaitsFor()
    {
        fail(5);
        now += OPEN_NS;
        assertTrue(breaker.tryCall(now));
        breaker.onCancelled();
        breaker.onSuccess(now);
        breaker.onFailure(now);

        assertEquals(BreakerState.HALF_OPEN, breaker.state());
    }

    @Test
    void shouldNotStayOpenForLongerWhenTheClockIsSetBack()
    {
        fail(5);
        now = START - TimeUnit.DAYS.toNanos(1);
        assertFalse(breaker.tryCall(now));
        now += OPEN_NS;
        assertTrue(breaker.tryCall(now));
    }

    @Test
    void shouldCloseAtOnceWhenItIsReset()
    {
        fail(5);
        breaker.reset(now);
        breaker.reset(now);

        assertEquals(BreakerState.CLOSED, breaker.state());
        assertEquals(0, breaker.failuresInARow());
        assertTrue(breaker.tryCall(now));
        assertEquals(List.of("CLOSED>OPEN@0", "OPEN>CLOSED@0"), changes);
    }

    @Test
    void shouldNeverOpenWhenItIsOff()
    {
        final CircuitBreaker off = breaker(BreakerPolicy.OFF);
        for (int i = 0; i < 100; i++)
        {
            assertTrue(off.tryCall(now));
            off.onFailure(now);
        }
        assertEquals(100, off.failuresInARow());
        assertEquals(BreakerState.CLOSED, off.state());
    }

    /** Against a model that knows only the sentences of the documentation. */
    @Test
    void shouldDoWhatTheModelDoesWhenAnythingHappens()
    {
        for (long seed = 0; seed < 200; seed++)
        {
            final Random random = new Random(seed);
            final int failures = 1 + random.nextInt(4);
            final int probes = 1 + random.nextInt(3);
            final CircuitBreaker tested =
                breaker(BreakerPolicy.DEFAULT.failures(failures).probes(probes).openNs(100));
            BreakerState state = BreakerState.CLOSED;
            int inARow = 0;
            int succeeded = 0;
            long openedAt = 0;
            for (int step = 0; step < 500; step++)
            {
                now += random.nextInt(60);
                final boolean isAllowed = state != BreakerState.OPEN || now - openedAt >= 100;
                assertEquals(isAllowed, tested.tryCall(now), "seed " + seed + " step " + step);
                if (isAllowed)
                {
                    succeeded = state == BreakerState.OPEN ? 0 : succeeded;
                    state = state == BreakerState.OPEN ? BreakerState.HALF_OPEN : state;
                    final boolean isGood = random.nextInt(3) > 0;
                    inARow = isGood ? inARow : inARow + 1;
                    if (isGood)
                    {
                        tested.onSuccess(now);
                        succeeded++;
                        if (state == BreakerState.CLOSED || succeeded == probes)
                        {
                            state = BreakerState.CLOSED;
                            inARow = 0;
                        }
                    }
                    else
                    {
                        tested.onFailure(now);
                        if (state == BreakerState.HALF_OPEN || inARow >= failures)
                        {
                            state = BreakerState.OPEN;
                            openedAt = now;
                        }
                    }
                }
                assertEquals(state, tested.state(), "seed " + seed + " step " + step);
                assertEquals(inARow, tested.failuresInARow(), "seed " + seed + " step " + step);
            }
        }
    }

    @Test
    void shouldNameValueAndRemedyWhenSomethingIsOutOfRange()
    {
        assertRefused("breaker failures=0: use 1 to", policy -> policy.failures(0));
        assertRefused("breaker failures=1000001: use 1 to", policy -> policy.failures(1_000_001));
        assertRefused("breaker openNs=0: use 1 to", policy -> policy.openNs(0));
        assertRefused("breaker openNs=9223372036854775807: use", policy -> policy.openNs(Long.MAX_VALUE));
        assertRefused("breaker probes=-1: use 1 to", policy -> policy.probes(-1));
    }

    private CircuitBreaker breaker(final BreakerPolicy policy)
    {
        return new CircuitBreaker(policy, (from, to, nowNs) ->
            changes.add(from + ">" + to + "@" + (nowNs - START) / 1_000_000_000L));
    }

    private void fail(final int times)
    {
        for (int i = 0; i < times; i++)
        {
            assertTrue(breaker.tryCall(now));
            breaker.onFailure(now);
        }
    }

    private void succeed()
    {
        assertTrue(breaker.tryCall(now));
        breaker.onSuccess(now);
    }

    private static void assertRefused(final String message, final Function<BreakerPolicy, BreakerPolicy> setter)
    {
        final IllegalArgumentException error =
            assertThrows(IllegalArgumentException.class, () -> setter.apply(BreakerPolicy.DEFAULT));
        assertTrue(error.getMessage().startsWith(message), error.getMessage());
    }
}
