package io.sluice.engine.admission;

/**
 * How many events may be published: so many a second, and after a pause so many at once. What goes beyond is refused,
 * or waits for its turn where a longest wait is given.
 *
 * @param eventsPerSecond 1 to 100 million; the time between two events is rounded up to whole nanoseconds.
 * @param burst           events that may come at once, 1 to 100 million. A publisher whose rate is limited is refused
 *                        every larger batch. The limit of a type counts the events of a batch one by one: it refuses
 *                        a larger one, too, but if the last of them gets its turn within the longest wait.
 * @param longestWaitNs   that a publishing thread may be held up, nanoseconds, at most an hour; 0 to refuse at once.
 *                        Threads of the engine, handlers and hosts that drive the engine themselves never wait.
 */
public record RateLimit(int eventsPerSecond, int burst, long longestWaitNs)
{
    private static final int MOST = 100_000_000;
    private static final long MOST_WAIT_NS = 3_600_000_000_000L;
    private static final long NS_PER_SECOND = 1_000_000_000L;

    /** Checks the values. */
    public RateLimit
    {
        check("eventsPerSecond", eventsPerSecond, 1, MOST);
        check("burst", burst, 1, MOST);
        check("longestWaitNs", longestWaitNs, 0, MOST_WAIT_NS);
        // So that no sum of times leaves its range, at one event a second.
        check("burst / eventsPerSecond", burst / eventsPerSecond, 0, MOST_WAIT_NS / NS_PER_SECOND);
    }

    /**
     * A limit that refuses at once.
     *
     * @param eventsPerSecond 1 to 100 million.
     * @param burst           events that may come at once, 1 to 100 million.
     * @return the limit.
     */
    public static RateLimit of(final int eventsPerSecond, final int burst)
    {
        return new RateLimit(eventsPerSecond, burst, 0);
    }

    /**
     * The same limit, for publishers that rather wait.
     *
     * @param ns at most, nanoseconds.
     * @return the limit.
     */
    public RateLimit waitAtMostNs(final long ns)
    {
        return new RateLimit(eventsPerSecond, burst, ns);
    }

    private static void check(final String name, final long value, final long least, final long most)
    {
        if (value < least || value > most)
        {
            throw new IllegalArgumentException(name + "=" + value + ": use " + least + " to " + most);
        }
    }
}
