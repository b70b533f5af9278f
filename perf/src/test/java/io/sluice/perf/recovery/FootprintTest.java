package io.sluice.perf.recovery;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class FootprintTest
{
    @Test
    void shouldReadItsOwnLineWhenSentByAChild()
    {
        final Footprint footprint = new Footprint(1, 2, -1, 4, 5);
        assertEquals(footprint, Footprint.parse(footprint.toLine()));
        assertThrows(IllegalArgumentException.class, () -> Footprint.parse("1 2 3"));
    }

    @Test
    void shouldCountMemoryOutsideTheHeapOnceWhenTrackingIsOn()
    {
        assertEquals(10 + 30, new Footprint(10, 20, 30, 1000, 1000).total());
        assertEquals(10 + 20, new Footprint(10, 20, -1, 1000, 1000).total());
    }

    @Test
    void shouldSeeADirectBufferWhenItIsAllocated()
    {
        // Others in this JVM may come and go; this one is counted as long as it is held.
        final ByteBuffer buffer = ByteBuffer.allocateDirect(1 << 24);
        final Footprint after = Footprint.here();
        assertTrue(after.direct() >= buffer.capacity(), after.toString());
        Reference.reachabilityFence(buffer);
        assertTrue(after.heap() > 0);
    }

    @Test
    void shouldFindKilobytesWhenTheTextHasThem()
    {
        final Pattern pattern = Pattern.compile("Other \\(reserved=\\d+KB, committed=(\\d+)KB");
        assertEquals(7 * 1024, Footprint.find(pattern, "x\n-  Other (reserved=9KB, committed=7KB)\n"));
        assertEquals(-1, Footprint.find(pattern, "Native memory tracking is not enabled"));
    }
}
