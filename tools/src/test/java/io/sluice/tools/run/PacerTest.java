package io.sluice.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.source.EventRate;
import org.junit.jupiter.api.Test;

class PacerTest
{
    private static final long MS = 1_000_000L;
    private static final long START = 1_000_000_000_000L;

    private long nowNs = START;
    private long perReadingNs;
    private final Pacer pacer = new Pacer(new EventRate(1000), this::read, () -> false);

    @Test
    void shouldKeepIntendedTimeWhenTheEngineHeldItUp()
    {
        assertEquals(START, next(0));
        nowNs += 5 * MS;

        assertEquals(START + MS, next(0));
        assertEquals(START + 2 * MS, next(0));
    }

    @Test
    void shouldMoveScheduleWhenTheSourceWasLate()
    {
        assertEquals(START, next(0));
        assertEquals(START + 10 * MS, next(10 * MS));

        nowNs += MS;
        assertEquals(START + 11 * MS, next(0));
    }

    @Test
    void shouldWaitUntilDue()
    {
        perReadingNs = 1_000;
        final long first = next(0);
        final long second = next(0);

        assertEquals(first + MS, second);
        assertTrue(nowNs >= second);
    }

    @Test
    void shouldNotWaitWithoutRate()
    {
        final Pacer unpaced = new Pacer(null, this::read, () -> false);
        unpaced.beforeSource();

        assertEquals(START, unpaced.awaitDue());
        assertEquals(START, unpaced.awaitDue());
    }

    private long next(final long sourceNs)
    {
        pacer.beforeSource();
        nowNs += sourceNs;
        return pacer.awaitDue();
    }

    private long read()
    {
        nowNs += perReadingNs;
        return nowNs;
    }
}
