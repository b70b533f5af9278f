package io.sluice.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdGeneratorTest
{
    private static final long MS = 1_000_000L;

    @Test
    void shouldMakeVersion7WhenAsked()
    {
        final IdGenerator ids = new IdGenerator(1).next(EventFixture.NOW_NS);
        final UUID uuid = new UUID(ids.high(), ids.low());
        assertEquals(7, uuid.version());
        assertEquals(2, uuid.variant());
        assertEquals(EventFixture.NOW_NS / MS, ids.high() >>> 16);
    }

    @Test
    void shouldRepeatItselfWhenSeedAndTimesAreTheSame()
    {
        final IdGenerator left = new IdGenerator(5);
        final IdGenerator right = new IdGenerator(5);
        final IdGenerator other = new IdGenerator(6);
        for (int i = 0; i < 1000; i++)
        {
            final long now = EventFixture.NOW_NS + i * 300_000L;
            left.next(now);
            right.next(now);
            other.next(now);
            assertEquals(left.high(), right.high());
            assertEquals(left.low(), right.low());
            assertNotEquals(left.low(), other.low());
        }
    }

    @Test
    void shouldKeepOrderWhenTimeStandsStillOrRunsBackwards()
    {
        final IdGenerator ids = new IdGenerator(9);
        final Set<UUID> seen = new HashSet<>();
        long last = 0;
        for (int i = 0; i < 50_000; i++)
        {
            // Stands still for 20,000 ids (more than the counter holds), then runs back and on again.
            final long now = EventFixture.NOW_NS + (i < 20_000 ? 0 : (i % 7 - 3) * MS);
            ids.next(now);
            assertTrue(Long.compareUnsigned(ids.high(), last) > 0, "id " + i);
            assertEquals(7, ids.high() >>> 12 & 15);
            assertTrue(seen.add(new UUID(ids.high(), ids.low())));
            last = ids.high();
        }
    }

    @Test
    void shouldMakeIdsWhenTimeIsBefore1970()
    {
        final IdGenerator ids = new IdGenerator(9);
        final long first = ids.next(-5 * MS).high();
        assertTrue(ids.next(-4 * MS).high() > first);
        assertEquals(7, new UUID(ids.high(), ids.low()).version());
        assertEquals(0, ids.high() >>> 16);
    }
}
