package io.sluice.perf.recovery;

import io.sluice.perf.measure.Spread;
import io.sluice.perf.report.MeasurementException;

/**
 * Restart times over journals of several lengths.
 *
 * @param files   closed files of each length, ascending, or whatever else counts the lengths.
 * @param events  of each length.
 * @param clean   milliseconds after a stop in order, a row per length.
 * @param killed  milliseconds after SIGKILL, a row per length.
 */
public record RestartTimes(int[] files, long[] events, double[][] clean, double[][] killed)
{
    /**
     * Restarting reads the ids that dedup remembers again, a fixed number at most; so lengths are compared from the
     * one on that has as many.
     *
     * @param remembered ids at most.
     * @return index of the shortest length to compare the longest with.
     */
    public int reference(final long remembered)
    {
        if (files.length < 2)
        {
            throw new MeasurementException("two lengths at least are needed to compare");
        }
        for (int i = 0; i < files.length - 1; i++)
        {
            if (events[i] >= remembered)
            {
                return i;
            }
        }
        return files.length - 2;
    }

    /**
     * @param times of one kind.
     * @param from  index of the length to compare with.
     * @return median of the longest journal / median of that one.
     */
    public double growth(final double[][] times, final int from)
    {
        return Spread.of(times[files.length - 1]).median() / Spread.of(times[from]).median();
    }
}
