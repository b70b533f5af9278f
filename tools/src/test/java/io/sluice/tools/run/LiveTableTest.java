package io.sluice.tools.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.EngineState;
import io.sluice.engine.EngineStats;
import io.sluice.engine.PriorityStats;
import io.sluice.event.Priority;
import io.sluice.journal.StorageStatus;
import io.sluice.tools.CommandIo;
import io.sluice.tools.StopSignal;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class LiveTableTest
{
    private static final long SECOND = 1_000_000_000L;

    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void shouldDrawOverItselfAndLeaveTheTerminalAsItWas()
    {
        final LiveTable table = new LiveTable(io(true), true, 0);
        assertFalse(table.isDue(SECOND / 2 - 1));
        assertTrue(table.isDue(SECOND / 2));
        table.show(stats(100), 110, SECOND / 2);
        assertFalse(table.isDue(SECOND / 2 + 1));
        table.show(stats(300), 310, SECOND);
        table.erase();
        table.erase();

        assertEquals(
            """
            priority  rate/s  depth      p50      p99    p99.9      max  over budget
            CRITICAL     200      3  1.00 µs  1.00 µs  1.00 µs  1.00 µs            0
            HIGH         200      3  1.00 µs  1.00 µs  1.00 µs  1.00 µs            0
            NORMAL       200      3  1.00 µs  1.00 µs  1.00 µs  1.00 µs            0
            LOW          200      3  1.00 µs  1.00 µs  1.00 µs  1.00 µs            0
            500 ms: published 110, journaled 400, handled 400
            <up 6>priority  rate/s  depth      p50      p99    p99.9      max  over budget
            CRITICAL     400      3  1.00 µs  1.00 µs  1.00 µs  1.00 µs            0
            HIGH         400      3  1.00 µs  1.00 µs  1.00 µs  1.00 µs            0
            NORMAL       400      3  1.00 µs  1.00 µs  1.00 µs  1.00 µs            0
            LOW          400      3  1.00 µs  1.00 µs  1.00 µs  1.00 µs            0
            1.00 s: published 310, journaled 1,200, handled 1,200
            <up 6>""",
            text().replace("\u001b[6A\r\u001b[J", "<up 6>"));
    }

    @Test
    void shouldPrintPlainLinesNowAndThenWithoutTerminal()
    {
        final LiveTable table = new LiveTable(io(false), true, 0);
        assertFalse(table.isDue(9 * SECOND));
        assertTrue(table.isDue(10 * SECOND));
        table.show(stats(1), 5, 10 * SECOND);
        table.erase();

        assertEquals("10.0 s: published 5, journaled 4, handled 4\n", text());
    }

    @Test
    void shouldSayWhatIsInTheWayWhenTheEngineIsHeldUp()
    {
        final LiveTable table = new LiveTable(io(false), true, 0);
        table.show(
            stats(1, EngineState.DEGRADED, new StorageStatus(false, "the disk\u001b is full", 5, 1)), 5, 10 * SECOND);

        assertEquals(
            "10.0 s: published 5, journaled 4, handled 4, DEGRADED: the disk\\u001b is full\n", text());
    }

    @Test
    void shouldNeverBeDueWhenNotWanted()
    {
        assertFalse(new LiveTable(io(true), false, 0).isDue(Long.MAX_VALUE));
    }

    private String text()
    {
        return err.toString(StandardCharsets.UTF_8);
    }

    private CommandIo io(final boolean isTerminal)
    {
        final PrintStream stream = new PrintStream(err, true, StandardCharsets.UTF_8);
        return new CommandIo(InputStream.nullInputStream(), stream, stream, false, isTerminal, false, new StopSignal());
    }

    private static EngineStats stats(final long handled)
    {
        return stats(handled, EngineState.RUNNING, StorageStatus.HEALTHY);
    }

    private static EngineStats stats(final long handled, final EngineState state, final StorageStatus storage)
    {
        final Histogram latency = new Histogram(3);
        latency.recordValue(1_000);
        final List<PriorityStats> priorities = Stream.of(Priority.values())
            .map(priority -> new PriorityStats(
                priority, handled, 0, Map.of(), handled, 0, handled, 0, 0, 3, 0, 0, 50_000_000L, latency))
            .toList();
        return new EngineStats(
            state,
            1,
            handled * 4,
            handled * 4,
            handled * 4,
            0,
            0,
            0,
            priorities,
            List.of(),
            List.of(),
            storage,
            0.0,
            Map.of(),
            100_000_000L);
    }
}
