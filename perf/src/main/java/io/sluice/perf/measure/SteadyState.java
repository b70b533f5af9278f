package io.sluice.perf.measure;

/**
 * Says when warm-up rounds have become steady: two successive rounds within a tolerance, or enough rounds. Not
 * thread-safe.
 */
public final class SteadyState
{
    private final double tolerance;
    private final int maxRounds;
    private double last = Double.NaN;
    private int rounds;
    private boolean isSteady;

    /**
     * @param tolerance relative difference of two successive rounds, for example 0.05.
     * @param maxRounds after which warm-up ends in any case.
     */
    public SteadyState(final double tolerance, final int maxRounds)
    {
        this.tolerance = tolerance;
        this.maxRounds = maxRounds;
    }

    /**
     * Take the result of one warm-up round.
     *
     * @param value of the round.
     * @return true if warm-up goes on.
     */
    public boolean goesOn(final double value)
    {
        rounds++;
        isSteady = Math.abs(value - last) <= tolerance * Math.abs(last);
        last = value;
        return !isSteady && rounds < maxRounds;
    }

    /** @return true if the last two rounds were close. */
    public boolean isSteady()
    {
        return isSteady;
    }

    /** @return rounds taken. */
    public int rounds()
    {
        return rounds;
    }
}
