package io.sluice.engine.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TokenBucketTest
{
    private static final long START = 1_705_746_600_000_000_000L;
    private static final long MS = 1_000_000L;

    @Test
    void shouldGiveTheBurstAtOnceAndThenTheRateWhenAsked()
    {
        final TokenBucket bucket = new TokenBucket(RateLimit.of(100, 5));
        assertEquals(5, taken(bucket, START));
        assertEquals(0, taken(bucket, START + 10 * MS - 1));
        assertEquals(1, taken(bucket, START + 10 * MS));
        assertEquals(3, taken(bucket, START + 40 * MS));
        assertEquals(5, taken(bucket, START + 10_000 * MS), "unused tokens are kept up to the burst");
    }

    @Test
    void shouldGiveAllTokensOrNoneWhenABatchAsks()
    {
        final TokenBucket bucket = new TokenBucket(RateLimit.of(100, 5));
        assertEquals(0, bucket.take(3, START, false));
        assertEquals(TokenBucket.REFUSED, bucket.take(3, START, false));
        assertEquals(0, bucket.take(2, START, false));
        assertEquals(TokenBucket.REFUSED, bucket.take(6, START + 1_000_000 * MS, false), "more than the burst");
        assertEquals(0, bucket.take(5, START + 1_000_000 * MS, false));
    }

    @Test
    void shouldPromiseTokensInOrderUpToTheLongestWaitWhenTheCallerMayWait()
    {
        final TokenBucket bucket = new TokenBucket(RateLimit.of(100, 1).waitAtMostNs(25 * MS));
        assertEquals(0, bucket.take(1, START, true));
        assertEquals(10 * MS, bucket.take(1, START, true));
        assertEquals(20 * MS, bucket.take(1, START, true));
        assertEquals(TokenBucket.REFUSED, bucket.take(1, START, true));
        assertEquals(TokenBucket.REFUSED, bucket.take(1, START + 15 * MS, false), "promised to others");
        bucket.giveBack(1);
        assertEquals(20 * MS, bucket.take(1, START, true));
        assertEquals(TokenBucket.REFUSED, bucket.take(1, START + 20 * MS, false));
        assertEquals(0, bucket.take(1, START + 30 * MS, false));
    }

    @Test
    void shouldGoOnWhenTheClockIsSetBack()
    {
        final long hour = 3_600_000 * MS;
        final TokenBucket bucket = new TokenBucket(RateLimit.of(100, 5));
        assertEquals(5, taken(bucket, START));
        assertEquals(0, taken(bucket, START - hour));
        assertEquals(1, taken(bucket, START - hour + 10 * MS));
        final TokenBucket waiting = new TokenBucket(RateLimit.of(100, 5).waitAtMostNs(20 * MS));
        assertEquals(5, taken(waiting, START));
        assertEquals(TokenBucket.REFUSED, waiting.take(1, START - hour, true), "at most the longest wait is owed");
        assertEquals(20 * MS, waiting.take(1, START - hour + 10 * MS, true));
    }

    @ParameterizedTest
    @CsvSource({"3, 1", "7, 100", "999_999, 10", "700_000, 1000", "30_000_000, 64"})
    void shouldNeverExceedTheRateWhenAskedAllTheTime(final String perSecond, final int burst)
    {
        final int rate = Integer.parseInt(perSecond.replace("_", ""));
        final TokenBucket bucket = new TokenBucket(RateLimit.of(rate, burst));
        final long stepNs = Math.max(1, 5_000_000L / rate);
        long count = 0;
        long now = START;
        while (now - START < 20_000 * stepNs)
        {
            count += taken(bucket, now);
            now += stepNs;
        }
        final double expected = burst + (now - START) * (double)rate / 1e9;
        assertTrue(count <= expected, count + " of at most " + expected);
        assertTrue(count >= expected * 0.96 - 2, count + " of " + expected);
    }

    @Test
    void shouldGiveExactlyTheTokensThatThereAreWhenThreadsRace() throws Exception
    {
        final int threads = 4;
        final int burst = 1000;
        final TokenBucket bucket = new TokenBucket(RateLimit.of(1000, burst));
        final AtomicLong now = new AtomicLong(START);
        final ExecutorService executor = Executors.newFixedThreadPool(threads);
        try
        {
            for (int round = 0; round < 200; round++)
            {
                final List<Callable<Integer>> tasks = new ArrayList<>();
                for (int i = 0; i < threads; i++)
                {
                    tasks.add(() -> taken(bucket, now.get()));
                }
                int sum = 0;
                for (final Future<Integer> task : executor.invokeAll(tasks))
                {
                    sum += task.get(30, TimeUnit.SECONDS);
                }
                assertEquals(round == 0 ? burst : 50, sum, "round " + round);
                now.addAndGet(50 * MS);
            }
        }
        finally
        {
            executor.shutdownNow();
        }
    }

    @Test
    void shouldBeFullWhenNothingWasTakenForLong()
    {
        final TokenBucket bucket = new TokenBucket(RateLimit.of(100, 5));
        assertTrue(bucket.isFull(START));
        bucket.take(1, START, false);
        assertFalse(bucket.isFull(START + 9 * MS));
        assertTrue(bucket.isFull(START + 10 * MS));
    }

    @Test
    void shouldNameWhatIsWrongWhenALimitIsOutOfRange()
    {
        assertTrue(assertThrows(IllegalArgumentException.class, () -> RateLimit.of(0, 1))
            .getMessage().contains("eventsPerSecond=0"));
        assertThrows(IllegalArgumentException.class, () -> RateLimit.of(1, 0));
        assertThrows(IllegalArgumentException.class, () -> RateLimit.of(1, 1).waitAtMostNs(-1));
        assertThrows(IllegalArgumentException.class, () -> RateLimit.of(1, 100_000_000));
        assertEquals(5, RateLimit.of(1, 1).waitAtMostNs(5).longestWaitNs());
    }

    private static int taken(final TokenBucket bucket, final long nowNs)
    {
        int count = 0;
        while (bucket.take(1, nowNs, false) == 0)
        {
            count++;
        }
        return count;
    }
}
