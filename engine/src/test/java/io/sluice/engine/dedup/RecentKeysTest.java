package io.sluice.engine.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.IdGenerator;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecentKeysTest
{
    private static final long NOW = 1_705_746_600_000L;
    private static final long WRAP_MS = 1L << 32;
    private static final long DAY_MS = TimeUnit.DAYS.toMillis(1);

    /** Makes the n-th id of a sequence of distinct ids: its halves. */
    @FunctionalInterface
    private interface Ids
    {
        long[] of(int n);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldAnswerAsAMapWhenKeysComeAgainAndExpire(final long seed)
    {
        final long horizon = 5_000;
        final RecentKeys keys = new RecentKeys(1 << 13, horizon, NOW);
        final Map<Long, long[]> model = new HashMap<>();
        final SplittableRandom random = new SplittableRandom(seed);
        long now = NOW;
        int found = 0;
        int expired = 0;
        for (long sequence = 1; sequence <= 200_000; sequence++)
        {
            now += random.nextInt(1000) == 0 ? random.nextInt(12_000) : random.nextInt(3);
            final long key = random.nextInt(6_000);
            final long window = random.nextBoolean() ? horizon : random.nextInt((int)horizon);
            final long[] known = model.get(key);
            final boolean isKnown = known != null && now - known[1] <= window;
            assertEquals(isKnown ? known[0] : RecentKeys.ABSENT, keys.find(key, ~key, now, window), "at " + sequence);
            found += isKnown ? 1 : 0;
            expired += known != null && !isKnown ? 1 : 0;
            if (!isKnown || random.nextInt(10) == 0)
            {
                keys.add(key, ~key, sequence, now, now);
                model.put(key, new long[]{sequence, now});
            }
        }
        assertTrue(found > 1000 && expired > 1000, found + " found, " + expired + " expired");
        assertEquals(0, keys.shortened());
    }

    @Test
    void shouldKnowAllAndInventNoneWhenIdsAreRegular()
    {
        final IdGenerator generator = new IdGenerator(99);
        final List<Ids> sequences = List.of(
            n -> new long[]{n, 0x1234_5678L},
            n -> new long[]{0x1234_5678L, n},
            n -> new long[]{(long)n << 32, 0},
            n -> new long[]{0, (long)n << 40},
            n -> new long[]{n, n},
            n -> new long[]{n, -n},
            n -> new long[]{n >>> 10, n & 1023},
            n ->
            {
                generator.next((NOW + n / 500) * 1_000_000L);
                return new long[]{generator.high(), generator.low()};
            });
        final int count = 400_000;
        for (int s = 0; s < sequences.size(); s++)
        {
            final RecentKeys keys = new RecentKeys(1 << 19, DAY_MS, NOW);
            final long[][] added = new long[count][];
            for (int n = 1; n <= count; n++)
            {
                final long[] id = sequences.get(s).of(n);
                added[n - 1] = id;
                if (keys.find(id[0], id[1], NOW, DAY_MS) != RecentKeys.ABSENT)
                {
                    assertEquals(RecentKeys.ABSENT, keys.find(id[0], id[1], NOW, DAY_MS), s + " takes id " + n);
                }
                keys.add(id[0], id[1], n, NOW, NOW);
            }
            assertEquals(0, keys.shortened(), "sequence of ids " + s);
            for (int n = 1; n <= count; n++)
            {
                final long sequence = keys.find(added[n - 1][0], added[n - 1][1], NOW, DAY_MS);
                if (sequence != n)
                {
                    assertEquals(n, sequence, "sequence of ids " + s);
                }
            }
        }
    }

    @Test
    void shouldInventNoneWhenTheTableIsFullOfOtherKeys()
    {
        final RecentKeys keys = new RecentKeys(1 << 18, DAY_MS, NOW);
        for (int n = 0; n < 1 << 19; n++)
        {
            keys.add(n, 7, n + 1, NOW, NOW);
        }
        for (int n = 0; n < 2_000_000; n++)
        {
            if (keys.find(n, 8, NOW, DAY_MS) != RecentKeys.ABSENT)
            {
                assertEquals(RecentKeys.ABSENT, keys.find(n, 8, NOW, DAY_MS), "key " + n);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {3_600_000L, 6 * 3_600_000L, 23 * 3_600_000L, 60_000L})
    void shouldNotBringBackOldKeysWhenTheirTimeWraps(final long gapMs)
    {
        final long horizon = 600_000;
        final RecentKeys keys = new RecentKeys(1 << 12, horizon, NOW);
        for (int n = 0; n < 2_000; n++)
        {
            keys.add(n, 1, n + 1, NOW, NOW);
        }
        final long wrapped = NOW + WRAP_MS + horizon / 2;
        long now = NOW;
        while (now + gapMs < wrapped)
        {
            now += gapMs;
            keys.find(-1, -1, now, horizon);
        }
        for (int n = 0; n < 2_000; n++)
        {
            assertEquals(RecentKeys.ABSENT, keys.find(n, 1, wrapped, horizon), "key " + n + " of 49 days ago");
        }
    }

    @Test
    void shouldForgetEverythingWhenIdleForADay()
    {
        final RecentKeys keys = new RecentKeys(100, DAY_MS, NOW);
        keys.add(1, 1, 5, NOW, NOW);
        assertEquals(5, keys.find(1, 1, NOW + DAY_MS - 1, DAY_MS));
        keys.add(2, 2, 6, NOW + DAY_MS - 1, NOW + DAY_MS - 1);
        assertEquals(RecentKeys.ABSENT, keys.find(2, 2, NOW + 2 * DAY_MS - 1, DAY_MS));
        assertEquals(RecentKeys.ABSENT, keys.find(1, 1, NOW + 2 * DAY_MS, DAY_MS));
    }

    @Test
    void shouldRestoreWholeSequencesWhenTheyAreBeyond32Bits()
    {
        final RecentKeys keys = new RecentKeys(100, 1_000, NOW);
        final List<Long> sequences = new ArrayList<>();
        final long base = (7L << 32) - 3;
        for (int i = 0; i < 6; i++)
        {
            sequences.add(base + i);
            keys.add(i, i, base + i, NOW, NOW);
        }
        for (int i = 0; i < 6; i++)
        {
            assertEquals(sequences.get(i), keys.find(i, i, NOW, 1_000));
        }
    }

    @Test
    void shouldGiveUpTheOldestAndCountItWhenBothBucketsAreFull()
    {
        final RecentKeys keys = new RecentKeys(1, 1_000, NOW);
        assertEquals(2 * 64, keys.length());
        // Two buckets of four entries: eight keys fit whatever their choice.
        for (int i = 0; i < 8; i++)
        {
            keys.add(i, i, i + 1, NOW + i, NOW + i);
        }
        assertEquals(0, keys.shortened());
        keys.add(100, 100, 9, NOW + 8, NOW + 8);
        assertEquals(1, keys.shortened());
        assertEquals(RecentKeys.ABSENT, keys.find(0, 0, NOW + 8, 1_000), "the oldest");
        for (int i = 1; i < 8; i++)
        {
            assertEquals(i + 1, keys.find(i, i, NOW + 8, 1_000), "key " + i);
        }
        assertEquals(9, keys.find(100, 100, NOW + 8, 1_000));
    }

    @Test
    void shouldTakeThePlaceOfAnExpiredKeyWithoutCountingWhenBucketsAreFull()
    {
        final RecentKeys keys = new RecentKeys(1, 1_000, NOW);
        for (int i = 0; i < 8; i++)
        {
            keys.add(i, i, i + 1, NOW + i, NOW + i);
        }
        keys.add(100, 100, 9, NOW + 1_001, NOW + 1_001);
        assertEquals(0, keys.shortened());
        assertEquals(2, keys.find(1, 1, NOW + 1_001, 1_000));
    }

    @Test
    void shouldTellKeysApartWhenTheirMixIsZero()
    {
        final RecentKeys keys = new RecentKeys(1000, 1_000, NOW);
        keys.add(0, 0, 3, NOW, NOW);
        assertEquals(3, keys.find(0, 0, NOW, 1_000));
        assertEquals(RecentKeys.ABSENT, keys.find(0, 1, NOW, 1_000));
        assertEquals(RecentKeys.ABSENT, keys.find(1, 0, NOW, 1_000));
    }
}
