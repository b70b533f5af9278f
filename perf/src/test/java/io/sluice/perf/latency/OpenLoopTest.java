package io.sluice.perf.latency;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.event.Priority;
import org.junit.jupiter.api.Test;

class OpenLoopTest
{
    @Test
    void shouldMixPrioritiesAsOneThreeSixSixWhenAskedForTheirParts()
    {
        assertEquals(1.0 / 16, OpenLoop.partOf(Priority.CRITICAL));
        assertEquals(3.0 / 16, OpenLoop.partOf(Priority.HIGH));
        assertEquals(6.0 / 16, OpenLoop.partOf(Priority.NORMAL));
        assertEquals(6.0 / 16, OpenLoop.partOf(Priority.LOW));
    }
}
