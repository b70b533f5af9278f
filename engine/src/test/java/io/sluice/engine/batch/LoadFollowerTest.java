package io.sluice.engine.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoadFollowerTest
{
    private static final long SECOND = 1_000_000_000L;
    private static final long TARGET_NS = SECOND / 10;
    private static final BatchPolicy POLICY = BatchPolicy.defaults().followLoad(true);

    @Test
    void shouldStayWhenLoadIsNotFollowed()
    {
        final LoadFollower follower = new LoadFollower(BatchPolicy.defaults());
        for (int i = 0; i < 10_000; i++)
        {
            follower.onArrival(i * 1000L, 1.0);
            follower.onTime(i * 1000L, 1.0);
        }
        assertEquals(50, follower.batchSize());
        assertEquals(2 * SECOND, follower.timeoutNs());
        assertEquals(Long.MAX_VALUE, follower.nextLookNs());
    }

    @Test
    void shouldStartWithTheUsualSizeWhenNothingIsKnown()
    {
        final LoadFollower follower = new LoadFollower(POLICY);
        assertEquals(50, follower.batchSize());
        assertEquals(TARGET_NS + Math.round(45.0 / 95 * (2 * SECOND - TARGET_NS)), follower.timeoutNs());
        assertEquals(Long.MAX_VALUE, follower.nextLookNs());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 40, 50, 51, 120, 333, 499, 500, 501, 777, 990, 999, 1000, 1001, 5000, 100_000})
    void shouldSettleNearWhatArrivesInTheTargetTimeWhenTheRateIsConstant(final int perSecond)
    {
        final LoadFollower follower = new LoadFollower(POLICY);
        final long stepNs = SECOND / perSecond;
        long nowNs = 0;
        for (; nowNs < 20 * SECOND; nowNs += stepNs)
        {
            follower.onArrival(nowNs, 0);
            follower.onTime(nowNs + stepNs / 2, 0);
        }
        final int settled = follower.batchSize();
        final long timeoutNs = follower.timeoutNs();
        final double ideal = Math.max(5, Math.min(100, perSecond / 10.0));
        assertEquals(ideal, settled, 95 * LoadFollower.DEAD_BAND + 1, perSecond + " per second");
        for (final long end = nowNs + 20 * SECOND; nowNs < end; nowNs += stepNs)
        {
            follower.onArrival(nowNs, 0);
            follower.onTime(nowNs + stepNs / 2, 0);
            assertEquals(settled, follower.batchSize());
            assertEquals(timeoutNs, follower.timeoutNs());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"5 5 5", "5 5 6", "5 6 7", "1 1 2", "1 50 100", "5 50 10000"})
    void shouldSettleWhenBoundsAreCloseOrFarApart(final String sizes)
    {
        final String[] parts = sizes.split(" ", -1);
        final BatchPolicy policy = POLICY.batchSizes(
            Integer.parseInt(parts[0]), Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
        for (int perSecond = 1; perSecond < 200; perSecond += 3)
        {
            final LoadFollower follower = new LoadFollower(policy);
            final long stepNs = SECOND / perSecond;
            int changes = 0;
            int last = follower.batchSize();
            for (long nowNs = 0; nowNs < 60 * SECOND; nowNs += stepNs)
            {
                follower.onArrival(nowNs, 0.3);
                follower.onTime(nowNs + stepNs / 3, 0.3);
                if (follower.batchSize() != last && nowNs > 20 * SECOND)
                {
                    changes++;
                }
                last = follower.batchSize();
            }
            assertEquals(0, changes, sizes + " at " + perSecond);
        }
    }

    @Test
    void shouldNotOscillateWhenTheLoadLingers()
    {
        final LoadFollower follower = new LoadFollower(POLICY);
        final Random random = new Random(11);
        int changes = 0;
        int last = follower.batchSize();
        for (long nowNs = 0; nowNs < 1000 * SECOND; nowNs += SECOND)
        {
            follower.onArrival(nowNs, 0.78 + random.nextDouble() * 0.04);
            changes += follower.batchSize() == last ? 0 : 1;
            last = follower.batchSize();
        }
        assertEquals(1, changes);
    }

    @Test
    void shouldShrinkToTheLeastWhenIdleAndGrowToTheMostWhenLoaded()
    {
        final LoadFollower follower = new LoadFollower(POLICY);
        follower.onArrival(0, 0);
        assertEquals(TARGET_NS, follower.nextLookNs());
        follower.onTime(100 * SECOND, 0);
        assertEquals(5, follower.batchSize());
        assertEquals(TARGET_NS, follower.timeoutNs());
        assertEquals(Long.MAX_VALUE, follower.nextLookNs());

        follower.onTime(101 * SECOND, 1);
        assertEquals(100, follower.batchSize());
        assertEquals(2 * SECOND, follower.timeoutNs());
        assertEquals(101 * SECOND + TARGET_NS, follower.nextLookNs());
        follower.shift(SECOND);
        assertEquals(100 * SECOND + TARGET_NS, follower.nextLookNs());
    }

    @Test
    void shouldMoveTheTimeoutByTheLoadAloneWhenLeastAndMostAreEqual()
    {
        final LoadFollower follower = new LoadFollower(POLICY.batchSizes(7, 7, 7));
        for (long nowNs = 0; nowNs < SECOND; nowNs += 1000)
        {
            follower.onArrival(nowNs, 0);
        }
        assertEquals(TARGET_NS, follower.timeoutNs());
        follower.onTime(2 * SECOND, 0.5);
        assertEquals(TARGET_NS + (2 * SECOND - TARGET_NS) / 2, follower.timeoutNs());
        assertEquals(7, follower.batchSize());
    }

    @Test
    void shouldKeepBoundsAndReactMonotonouslyWhenInputsAreRandom()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            final Random random = new Random(seed);
            final int least = 1 + random.nextInt(20);
            final int usual = least + random.nextInt(100);
            final BatchPolicy policy = POLICY.batchSizes(least, usual, usual + random.nextInt(200))
                .timeoutNs(1000 + random.nextInt(1_000_000_000));
            final LoadFollower less = new LoadFollower(policy);
            final LoadFollower more = new LoadFollower(policy);
            final LoadFollower again = new LoadFollower(policy);
            long nowNs = random.nextLong() >>> 8;
            for (int i = 0; i < 500; i++)
            {
                nowNs += (long)(policy.timeoutNs() * random.nextDouble() * 0.1);
                final double load = random.nextInt(4) == 0 ? random.nextDouble() : 0;
                final boolean isArrival = random.nextInt(3) > 0;
                feed(less, nowNs, load, isArrival ? 1 : 0);
                feed(again, nowNs, load, isArrival ? 1 : 0);
                feed(more, nowNs, Math.min(1, load + random.nextDouble() / 2), isArrival ? 1 + random.nextInt(3) : 0);
                final String why = "seed " + seed + ", step " + i;
                assertWithin(policy, less, why);
                assertWithin(policy, more, why);
                // The state of each is at most a dead band away from what it wants.
                final double band =
                    Math.max(LoadFollower.DEAD_BAND * (policy.maxBatchSize() - least), 2.0) + 1;
                assertTrue(more.batchSize() >= less.batchSize() - 2 * band, why);
                assertEquals(less.batchSize(), again.batchSize(), why);
                assertEquals(less.timeoutNs(), again.timeoutNs(), why);
            }
        }
    }

    @Test
    void shouldNeverReactLessWhenFromTheSameStateMoreArrives()
    {
        for (int arrivals = 0; arrivals < 200; arrivals++)
        {
            for (double load = 0; load < 1; load += 0.09)
            {
                assertTrue(sizeAfter(arrivals, load) <= sizeAfter(arrivals + 1, load), arrivals + " at " + load);
                assertTrue(sizeAfter(arrivals, load) <= sizeAfter(arrivals, load + 0.09), arrivals + " at " + load);
            }
        }
    }

    private static int sizeAfter(final int arrivals, final double load)
    {
        final LoadFollower follower = new LoadFollower(POLICY);
        feed(follower, 0, load, 1);
        for (int i = 0; i < arrivals; i++)
        {
            follower.onArrival(TARGET_NS / 2, load);
        }
        follower.onTime(TARGET_NS, load);
        return follower.batchSize();
    }

    private static void feed(final LoadFollower follower, final long nowNs, final double load, final int arrivals)
    {
        for (int i = 0; i < arrivals; i++)
        {
            follower.onArrival(nowNs, load);
        }
        follower.onTime(nowNs, load);
    }

    private static void assertWithin(final BatchPolicy policy, final LoadFollower follower, final String why)
    {
        assertTrue(
            follower.batchSize() >= policy.minBatchSize() && follower.batchSize() <= policy.maxBatchSize(), why);
        assertTrue(
            follower.timeoutNs() >= policy.timeoutNs() / LoadFollower.TARGETS_PER_TIMEOUT &&
            follower.timeoutNs() <= policy.timeoutNs(), why);
    }
}
