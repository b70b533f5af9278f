package io.sluice.journal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import org.agrona.concurrent.EpochNanoClock;
import org.junit.jupiter.api.Test;

class JournalContextTest
{
    private final JournalContext context = new JournalContext().directory(Path.of("x"));

    @Test
    void shouldNameValueAndRangeWhenItIsOutOfRange()
    {
        refuse("directory is not set", new JournalContext());
        refuse("rollSize=65535 must be between 65536 and 1073741824", copy().rollSize(65_535));
        refuse("maxEventLength=255", copy().maxEventLength(255));
        refuse("batchCount=0", copy().batchCount(0));
        refuse("batchLength=1", copy().batchLength(1));
        refuse("prepareAhead=-1", copy().prepareAhead(-1));
        refuse("runId=-1", copy().runId(-1));
        refuse("rollAge=PT0S", copy().rollAge(Duration.ZERO));
        refuse("rollAge=PT-1S", copy().rollAge(Duration.ofSeconds(-1)));
        refuse("rollAge=PT960000H", copy().rollAge(Duration.ofDays(40_000)));
    }

    @Test
    void shouldKeepValuesAndFreezeWhenConcluded()
    {
        final EpochNanoClock clock = () -> 5;
        final JournalPhaseListener listener = (phase, step) -> {};
        context.rollSize(1 << 20).rollAge(Duration.ofDays(2)).maxEventLength(512).batchCount(3).batchLength(4096)
            .clock(clock).prepareAhead(77).runId(99).phaseListener(listener).conclude();
        assertEquals(Path.of("x"), context.directory());
        assertEquals(1 << 20, context.rollSize());
        assertEquals(Duration.ofDays(2), context.rollAge());
        assertEquals(512, context.maxEventLength());
        assertEquals(3, context.batchCount());
        assertEquals(4096, context.batchLength());
        assertSame(clock, context.clock());
        assertEquals(77, context.prepareAhead());
        assertEquals(99, context.runId());
        assertSame(listener, context.phaseListener());
        assertThrows(IllegalStateException.class, context::conclude);
        assertThrows(IllegalStateException.class, () -> context.runId(1));
    }

    @Test
    void shouldFillInClockAndRunIdWhenConcluded()
    {
        context.conclude();
        assertTrue(context.runId() > 0);
        assertTrue(context.runId() != copy().conclude().runId());
        assertTrue(context.clock().nanoTime() > TestRecords.START_NS);
    }

    private JournalContext copy()
    {
        return new JournalContext().directory(context.directory());
    }

    private static void refuse(final String text, final JournalContext wrong)
    {
        final String message = assertThrows(IllegalArgumentException.class, wrong::conclude).getMessage();
        assertTrue(message.contains(text), message);
    }
}
