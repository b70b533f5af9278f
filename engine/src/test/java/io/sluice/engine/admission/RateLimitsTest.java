package io.sluice.engine.admission;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RateLimitsTest
{
    private static final long SECOND = 1_000_000_000L;

    @Test
    void shouldShareABucketAmongPublishersOfOneNameAndKeepItWhileItIsNotFull()
    {
        final RateLimits limits = new RateLimits(Map.of(), RateLimit.of(1, 10), Map.of());
        final TokenBucket bucket = limits.open("a", 0);
        assertSame(bucket, limits.open("a", 0));
        assertNotSame(bucket, limits.open("b", 0));
        bucket.take(5, 0, false);
        limits.close("a");
        limits.close("a");
        assertSame(bucket, limits.open("a", 2 * SECOND), "who comes back is not given a new burst");
        limits.close("a");
        limits.close("b");
        limits.open("c", 100 * SECOND);
        assertEquals(1, limits.size(), "full buckets of nobody are forgotten");
        limits.close("unknown");
    }

    @Test
    void shouldPreferTheLimitOfTheNameWhenThereIsOne()
    {
        final RateLimits limits = new RateLimits(Map.of(), null, Map.of("slow", RateLimit.of(1, 1)));
        assertNull(limits.open("other", 0));
        final TokenBucket bucket = limits.open("slow", 0);
        assertEquals(0, bucket.take(1, 0, false));
        assertEquals(TokenBucket.REFUSED, bucket.take(1, 0, false));
    }
}
