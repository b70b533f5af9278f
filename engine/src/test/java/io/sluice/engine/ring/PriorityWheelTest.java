package io.sluice.engine.ring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.SplittableRandom;
import java.util.function.IntSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The bound of K6: what a unit waits for at most, in units of others. */
class PriorityWheelTest
{
    private static final int ALL = 0b1111;
    private static final int CRITICAL = 1;
    private static final int[] DEFAULT_SHARES = {0, 8, 16, 32};
    private static final PriorityWheel.Ageing YOUNG = code -> 0;

    static Stream<int[]> shares()
    {
        return Stream.of(
            DEFAULT_SHARES,
            new int[]{0, 4, 8, 8},
            new int[]{0, 4, 8, 64},
            new int[]{0, 16, 4, 8},
            new int[]{0, 256, 128, 4},
            new int[]{0, 0, 4, 4},
            new int[]{0, 0, 0, 4});
    }

    @ParameterizedTest
    @MethodSource("shares")
    void shouldLetCriticalWaitForAtMostOneUnitWhenOthersAreReady(final int[] shares)
    {
        for (int subset = 0; subset <= ALL >> 1; subset++)
        {
            final int others = subset << 1;
            for (int agedCode = -1; agedCode < 4; agedCode++)
            {
                final int aged = agedCode;
                final PriorityWheel wheel = new PriorityWheel(shares, code -> code == aged ? 5000 : 100);
                int waited = 0;
                for (int unit = 0; unit < 2048; unit++)
                {
                    waited = wheel.next(others | CRITICAL) == 0 ? 0 : waited + 1;
                    assertTrue(waited <= 1, "CRITICAL waited for " + waited + " units beside " + others);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shares")
    void shouldServeWithinTheBoundWhenAllPrioritiesAreSaturated(final int[] shares)
    {
        for (int aged = -1; aged < 4; aged++)
        {
            for (int subset = 0; subset <= ALL; subset++)
            {
                for (int code = 1; code < 4; code++)
                {
                    final int always = subset | 1 << code;
                    final int favourite = aged;
                    final PriorityWheel wheel = new PriorityWheel(shares, other -> other == favourite ? 2000 : 0);
                    assertBound(wheel, shares[code], code, () -> always);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shares")
    void shouldServeWithinTheBoundWhenOthersComeAndGo(final int[] shares)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            final SplittableRandom random = new SplittableRandom(seed);
            for (int code = 1; code < 4; code++)
            {
                final int tested = code;
                // The worst for the tested priority: everybody else is always older.
                final PriorityWheel wheel =
                    new PriorityWheel(shares, other -> other == tested ? 0 : random.nextInt(4000));
                assertBound(wheel, shares[code], code, () -> random.nextInt(16) | 1 << tested);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("shares")
    void shouldServeCriticalNextWhenItCameWhileAnotherWasServed(final int[] shares)
    {
        for (int seed = 0; seed < 40; seed++)
        {
            final SplittableRandom random = new SplittableRandom(seed);
            final PriorityWheel wheel = new PriorityWheel(shares, other -> random.nextInt(4000));
            int last = 0;
            for (int i = 0; i < 2000; i++)
            {
                final int ready = random.nextInt(1, 16);
                final int code = wheel.next(ready);
                assertTrue((ready & 1 << code) != 0, "served " + code + " of " + ready);
                assertTrue(code == 0 || last == 0 || (ready & 1) == 0, "two units before CRITICAL at " + i);
                last = code;
            }
        }
    }

    @Test
    void shouldGiveTheSharesOfTheDrawingWhenAllAreSaturatedAndYoung()
    {
        final int[] served = serve(new PriorityWheel(DEFAULT_SHARES, YOUNG), 32 * 100);
        assertEquals(100, served[3]);
        assertEquals(200, served[2]);
        assertEquals(400, served[1]);
        assertEquals(2500, served[0]);
    }

    @Test
    void shouldGiveAgedPlacesToTheMostAgedWhenHalfOfABudgetIsUsed()
    {
        final int[] used = {0, 511, 600, 599};
        final int[] served = serve(new PriorityWheel(DEFAULT_SHARES, code -> used[code]), 32);
        assertEquals(1, served[3]);
        assertEquals(2 + 9, served[2]);
        assertEquals(4, served[1]);
        assertEquals(16, served[0]);
        used[2] = 512;
        used[3] = 511;
        assertEquals(2 + 9, serve(new PriorityWheel(DEFAULT_SHARES, code -> used[code]), 32)[2]);
        used[2] = 511;
        assertEquals(25, serve(new PriorityWheel(DEFAULT_SHARES, code -> used[code]), 32)[0]);
    }

    @Test
    void shouldServeTheOnlyReadyPriorityWhenOthersAreEmpty()
    {
        final PriorityWheel wheel = new PriorityWheel(DEFAULT_SHARES, YOUNG);
        for (int i = 0; i < 1000; i++)
        {
            final int code = i * 7 % 4;
            assertEquals(code, wheel.next(1 << code));
        }
    }

    @Test
    void shouldNeverPickAnEmptyPriorityWhenReadinessChanges()
    {
        final SplittableRandom random = new SplittableRandom(5);
        final PriorityWheel wheel = new PriorityWheel(DEFAULT_SHARES, code -> random.nextInt(1024));
        for (int i = 0; i < 100_000; i++)
        {
            final int ready = 1 + random.nextInt(15);
            assertTrue((ready & 1 << wheel.next(ready)) != 0);
        }
    }

    @ParameterizedTest
    @CsvSource({"3, 1/3", "2, 1/2", "1, 1/1", "12, 1/12", "-4, 1/-4"})
    void shouldNameTheShareWhenItIsNoPowerOfTwoOfAtLeastFour(final int share, final String named)
    {
        final IllegalArgumentException ex = assertThrows(
            IllegalArgumentException.class, () -> new PriorityWheel(new int[]{0, 8, 16, share}, YOUNG));
        assertTrue(ex.getMessage().contains(named), ex.getMessage());
        assertTrue(ex.getMessage().contains("power of two"), ex.getMessage());
    }

    @Test
    void shouldNameThePriorityWhenTheSharesAreMoreThanOneHalf()
    {
        final IllegalArgumentException ex = assertThrows(
            IllegalArgumentException.class, () -> new PriorityWheel(new int[]{0, 4, 4, 8}, YOUNG));
        assertTrue(ex.getMessage().contains("1/8 of low"), ex.getMessage());
        assertTrue(ex.getMessage().contains("one half"), ex.getMessage());
    }

    private static int[] serve(final PriorityWheel wheel, final int units)
    {
        final int[] served = new int[4];
        for (int i = 0; i < units; i++)
        {
            served[wheel.next(ALL)]++;
        }
        return served;
    }

    /** From any moment on, the d-th unit of the priority comes after at most share · d units of others. */
    private static void assertBound(
        final PriorityWheel wheel, final int share, final int code, final IntSupplier ready)
    {
        if (share == 0)
        {
            return;
        }
        final int units = 8 * Math.max(share, 32);
        final boolean[] own = new boolean[units];
        for (int i = 0; i < units; i++)
        {
            own[i] = wheel.next(ready.getAsInt()) == code;
        }
        for (int start = 0; start < units / 2; start++)
        {
            int others = 0;
            int depth = 0;
            for (int i = start; i < units; i++)
            {
                if (own[i])
                {
                    depth++;
                    assertTrue(
                        others <= share * depth,
                        "priority " + code + " at depth " + depth + " came after " + others + " units of others");
                }
                else
                {
                    others++;
                }
            }
            assertTrue(depth >= (units - start - 1) / share, "priority " + code + " got " + depth + " of " + units);
        }
    }
}
