package io.sluice.perf.fanout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A protocol that is right passes; a falsified one does not. */
class SequenceRecordTest
{
    private static final int EVENTS = 100;
    private static final int CRITICAL = 0;
    private static final int LOW = 3;

    private final SequenceRecord got = new SequenceRecord("got");

    @TempDir
    private Path directory;

    @Test
    void shouldPassWhenEachCameOnceInTheOrderOfItsPriority()
    {
        for (int sequence = 1; sequence <= EVENTS; sequence += 2)
        {
            got.add(sequence, LOW);
        }
        for (int sequence = 2; sequence <= EVENTS; sequence += 2)
        {
            got.add(sequence, CRITICAL);
        }

        assertEquals(EVENTS, got.count());
        assertTrue(judge().isOk());
    }

    @Test
    void shouldFailWhenOneIsLost()
    {
        for (int sequence = 1; sequence < EVENTS; sequence++)
        {
            got.add(sequence, LOW);
        }

        assertEquals(1, got.lost(EVENTS));
        assertFalse(judge().isOk());
    }

    @Test
    void shouldFailWhenOneIsRepeated()
    {
        for (int sequence = 1; sequence <= EVENTS; sequence++)
        {
            got.add(sequence, LOW);
        }
        got.add(EVENTS, LOW);

        assertEquals(1, got.repeated());
        assertEquals(0, got.disordered());
        assertFalse(judge().isOk());
    }

    @Test
    void shouldFailWhenTwoOfAPriorityChangedPlaces()
    {
        got.add(2, LOW);
        got.add(1, LOW);
        for (int sequence = 3; sequence <= EVENTS; sequence++)
        {
            got.add(sequence, LOW);
        }

        assertEquals(1, got.disordered());
        assertFalse(judge().isOk());
    }

    private FigureReport judge()
    {
        final FigureReport report = new FigureReport(HostFacts.gather(directory, 1, "none", "none"));
        ChurnRun.judge(report, List.of(got), EVENTS, 1);
        assertEquals(List.of("C6"), report.figures().stream().filter(Figure::isHeadline).map(Figure::id).toList());
        return report;
    }
}
