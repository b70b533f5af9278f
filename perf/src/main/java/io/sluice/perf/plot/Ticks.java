package io.sluice.perf.plot;

import java.util.ArrayList;
import java.util.List;

/** Round values along an axis. */
final class Ticks
{
    private static final double[] STEPS = {1, 2, 5, 10};
    private static final double SLACK = 1e-9;

    private Ticks()
    {
    }

    /**
     * Round values from 0 on, the last one not below what is to be shown.
     *
     * @param most  that is to be shown, above 0.
     * @param count of steps at most.
     * @return the values.
     */
    static List<Double> linear(final double most, final int count)
    {
        final double least = most / count;
        final double decade = Math.pow(10, Math.floor(Math.log10(least) + SLACK));
        double step = decade;
        for (final double candidate : STEPS)
        {
            step = candidate * decade;
            if (step >= least * (1 - SLACK))
            {
                break;
            }
        }
        final List<Double> ticks = new ArrayList<>();
        final long last = (long)Math.ceil(most / step * (1 - SLACK));
        for (long i = 0; i <= last; i++)
        {
            ticks.add(i * step);
        }
        return ticks;
    }

    /**
     * Powers of ten, the first not above and the last not below what is to be shown.
     *
     * @param least that is to be shown, above 0.
     * @param most  that is to be shown.
     * @return at least two values.
     */
    static List<Double> logarithmic(final double least, final double most)
    {
        final int from = (int)Math.floor(Math.log10(least) + SLACK);
        final int to = Math.max(from + 1, (int)Math.ceil(Math.log10(most) - SLACK));
        final List<Double> ticks = new ArrayList<>();
        for (int i = from; i <= to; i++)
        {
            ticks.add(Math.pow(10, i));
        }
        return ticks;
    }
}
