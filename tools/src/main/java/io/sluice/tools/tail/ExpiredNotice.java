package io.sluice.tools.tail;

import java.io.PrintStream;

/**
 * Says which events are not there because their term was over. A file that kept a few protected events has a gap before
 * each: of gaps near each other the first one is named. Not thread-safe.
 */
public final class ExpiredNotice
{
    private static final long NEAR = 1000;

    private final PrintStream err;
    private long lastExpired = -NEAR;

    /**
     * @param err gets the notices.
     */
    public ExpiredNotice(final PrintStream err)
    {
        this.err = err;
    }

    /**
     * @param first sequence of the range.
     * @param last  sequence of it.
     */
    public void onExpiredRange(final long first, final long last)
    {
        if (first - lastExpired >= NEAR || last - first >= NEAR)
        {
            err.println("sluice: sequences " + first + " to " + last + " have expired and were removed by retention");
        }
        lastExpired = last;
    }
}
