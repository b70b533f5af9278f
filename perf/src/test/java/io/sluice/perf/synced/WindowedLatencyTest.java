package io.sluice.perf.synced;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class WindowedLatencyTest
{
    private final WindowedLatency latency = new WindowedLatency("tag");

    @Test
    void shouldRecordOnlyWhatBeginsInItsWindow()
    {
        latency.open(1000, 500);
        latency.record(999, 1001);
        latency.record(1000, 1100);
        latency.record(1499, 9000);
        latency.record(1500, 1501);

        assertEquals(2, latency.histogram().getTotalCount());
        assertTrue(latency.histogram().getMaxValue() >= 7501);
        assertEquals(2 * 1e9 / 500, latency.eventsPerSecond(), 1e-3);
        assertFalse(latency.isOver(1499));
        assertTrue(latency.isOver(1500));
        assertEquals("tag", latency.histogram().getTag());
    }

    @Test
    void shouldRecordNothingWhenTheWindowIsEmpty()
    {
        latency.open(1000, 0);
        latency.record(1000, 1100);
        assertEquals(0, latency.histogram().getTotalCount());
    }
}
