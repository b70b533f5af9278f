package io.sluice.perf.overflow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.admission.OverflowPolicy;
import io.sluice.engine.stream.MissedEvents;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Numbers that fit pass; each way in which they do not is found. */
class OverflowResultTest
{
    private static final int EVENTS = 5;

    @TempDir
    private Path directory;

    @Test
    void shouldFindNothingWhenAllIsAccountedFor()
    {
        assertEquals(0, result(10, 7, 3, 7, 0, 7, 0).wrong());
    }

    @Test
    void shouldSeeWhenAnEventIsNeitherAcceptedNorRefused()
    {
        assertEquals(1, result(11, 7, 3, 7, 0, 7, 0).wrong());
    }

    @Test
    void shouldSeeWhenAnAcceptedEventIsNotHandled()
    {
        assertEquals(1, result(10, 7, 3, 6, 0, 7, 0).wrong());
    }

    @Test
    void shouldSeeWhenAnAcceptedEventIsNotJournaledOrTwice()
    {
        assertEquals(1, result(10, 7, 3, 7, 0, 6, 0).wrong());
        assertEquals(1, result(10, 7, 3, 7, 0, 7, 1).wrong());
    }

    @Test
    void shouldSeeWhenEventsAreHandledOutOfOrder()
    {
        assertEquals(2, result(10, 7, 3, 7, 2, 7, 0).wrong());
    }

    @Test
    void shouldPassAStreamThatWasToldWhatItMissed()
    {
        assertTrue(judge(0, EVENTS).isOk());
    }

    @Test
    void shouldFailWhenAStreamThatWaitsMissedSomething()
    {
        assertFalse(judge(1, EVENTS).isOk());
    }

    @Test
    void shouldFailWhenAStreamIsNotToldOfAllThatItMissed()
    {
        assertFalse(judge(0, EVENTS - 1).isOk());
    }

    private FigureReport judge(final long missedByFirst, final long missedBySecond)
    {
        final FigureReport report = new FigureReport(HostFacts.gather(directory, 1, "none", "none"));
        final StreamsRun.Reader first = reader(missedByFirst);
        for (long sequence = missedByFirst + 1; sequence <= EVENTS; sequence++)
        {
            first.add(sequence);
        }
        StreamsRun.judge(report, List.of(first, reader(missedBySecond)), EVENTS, 1);
        return report;
    }

    private static StreamsRun.Reader reader(final long missed)
    {
        final StreamsRun.Reader reader = new StreamsRun.Reader();
        if (missed > 0)
        {
            reader.onMissed(new MissedEvents(1, missed, missed));
        }
        return reader;
    }

    private static OverflowResult result(
        final long offered,
        final long accepted,
        final long refused,
        final long handled,
        final long disordered,
        final long journaled,
        final long twice)
    {
        return new OverflowResult(OverflowPolicy.REJECT, 1, offered, accepted, Map.of("BACK_PRESSURED", refused),
            handled, disordered, journaled, twice, Histograms.create("test"));
    }
}
