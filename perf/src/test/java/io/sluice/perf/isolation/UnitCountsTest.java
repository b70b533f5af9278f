package io.sluice.perf.isolation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.engine.ThreadingMode;
import io.sluice.event.Priority;
import io.sluice.perf.measure.Histograms;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A history that keeps the bounds passes; one that breaks them does not. */
class UnitCountsTest
{
    private static final int CRITICAL = Priority.CRITICAL.code();
    private static final int NORMAL = Priority.NORMAL.code();
    private static final int LOW = Priority.LOW.code();

    private final UnitCounts units = new UnitCounts();

    @TempDir
    private Path directory;

    @Test
    void shouldCountOnlyUnitsThatBeganWhenCriticalWasJournaled()
    {
        units.onCall(LOW, 1, 2, false);
        units.onCall(LOW, 2, 3, false);
        units.onCall(LOW, 3, 5, false);
        units.onCall(CRITICAL, 4, 5, false);

        assertEquals(1, units.mostBeforeCritical());
        assertTrue(inversion().isOk());
    }

    @Test
    void shouldFailWhenCriticalWaitsForMoreThanAUnitAStage()
    {
        units.onCall(LOW, 1, 4, false);
        units.onCall(LOW, 2, 4, false);
        units.onCall(LOW, 3, 4, false);
        units.onCall(CRITICAL, 4, 4, false);
        units.onCall(CRITICAL, 5, 5, false);

        assertEquals(3, units.mostBeforeCritical());
        assertFalse(inversion().isOk());
    }

    @Test
    void shouldNotMixTheUnitsOfTwoEngines()
    {
        units.onCall(LOW, 1, 4, false);
        units.onCall(LOW, 2, 4, false);
        units.onCall(LOW, 3, 4, false);
        units.begin();
        units.onCall(NORMAL, 1, 2, false);
        units.onCall(CRITICAL, 2, 2, false);

        assertEquals(1, units.mostBeforeCritical());
        assertTrue(inversion().isOk());
    }

    @Test
    void shouldFailWhenNoCriticalEventCame()
    {
        assertFalse(inversion().isOk());
    }

    @Test
    void shouldPassWhenEachClassHasItsShare()
    {
        for (int unit = 0; unit < 320; unit++)
        {
            final int code = unit % 32 == 0 ? LOW : unit % 16 == 1 ? NORMAL : unit % 8 == 2 ? 1 : CRITICAL;
            units.onCall(code, unit, unit, true);
        }

        assertEquals(31, units.longestGap(Priority.LOW));
        assertTrue(shares().isOk());
    }

    @Test
    void shouldFailWhenLowStarves()
    {
        shouldPassWhenEachClassHasItsShare();
        for (int unit = 0; unit < 64; unit++)
        {
            units.onCall(unit % 8 == 0 ? 1 : unit % 8 == 1 ? NORMAL : CRITICAL, unit, unit, true);
        }
        units.onCall(LOW, 400, 400, true);

        assertTrue(units.longestGap(Priority.LOW) > 32);
        assertFalse(shares().isOk());
    }

    @Test
    void shouldNotCountAGapThatWasNotFlooded()
    {
        units.onCall(LOW, 1, 1, true);
        for (int unit = 0; unit < 100; unit++)
        {
            units.onCall(CRITICAL, unit, unit, false);
        }
        units.onCall(LOW, 2, 2, false);

        assertEquals(0, units.longestGap(Priority.LOW));
        assertFalse(shares().isOk(), "nothing was looked at");
    }

    @Test
    void shouldJudgeAFastHandlerByWhatItWasAlone()
    {
        final Histogram quick = latencies(1_000);
        assertTrue(neighbours(outcome(latencies(1_900), 0, 0, 0, 1)).isOk());
        assertFalse(neighbours(outcome(latencies(3_000), 0, 0, 0, 1)).isOk());
        assertFalse(neighbours(outcome(quick, 1, 0, 0, 1)).isOk());
        assertFalse(neighbours(outcome(quick, 0, 1, 0, 1)).isOk());
        assertFalse(neighbours(outcome(quick, 0, 0, 1, 1)).isOk());
        assertFalse(neighbours(outcome(quick, 0, 0, 0, 60_000_000_000L)).isOk());
    }

    private FigureReport inversion()
    {
        final FigureReport report = report();
        ClassesRun.judgeInversion(report, units);
        return report;
    }

    private FigureReport shares()
    {
        final FigureReport report = report();
        ClassesRun.judgeShares(report, units);
        return report;
    }

    private FigureReport neighbours(final NeighboursRun.Outcome beside)
    {
        final FigureReport report = report();
        NeighboursRun.judge(report, ThreadingMode.DEDICATED, outcome(latencies(1_000), 0, 0, 0, 1), beside);
        return report;
    }

    private FigureReport report()
    {
        return new FigureReport(HostFacts.gather(directory, 1, "none", "none"));
    }

    private static NeighboursRun.Outcome outcome(
        final Histogram latencies, final long wrong, final long wrongLetters, final long late, final long closeNs)
    {
        return new NeighboursRun.Outcome(latencies, wrong, wrongLetters, late, closeNs);
    }

    private static Histogram latencies(final long ns)
    {
        final Histogram histogram = Histograms.create("test");
        histogram.recordValue(ns);
        return histogram;
    }
}
