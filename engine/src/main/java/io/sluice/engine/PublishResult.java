package io.sluice.engine;

/** The negative results of publishing and waiting. Zero or more is a ticket or a sequence. */
public final class PublishResult
{
    /** The ring of the priority is at its limit. Try again. */
    public static final long BACK_PRESSURED = -1;
    /** The publisher has used its share while the ring is kept open for others. Try again. */
    public static final long PUBLISHER_LIMITED = -2;
    /** No room for the bytes of a large event. Try again. */
    public static final long BYTES_LIMITED = -3;
    /** The event is longer than {@code maxEventLength}. */
    public static final long EVENT_TOO_LARGE = -4;
    /** The engine is starting or draining. */
    public static final long NOT_OPEN = -5;
    /** The engine or the publisher is closed. */
    public static final long CLOSED = -6;
    /** The engine has failed; see {@link Engine#failure()}. */
    public static final long FAILED = -7;
    /** The time to wait is over; the event may still be journaled. */
    public static final long TIMED_OUT = -8;
    /** The ticket is so old that its sequence is forgotten. */
    public static final long EXPIRED = -9;
    /** The event has no sequence yet. */
    public static final long NOT_SEQUENCED = -10;
    /** The filler of the slot failed; there is no event. */
    public static final long VOID = -11;

    /** The batch has more events or bytes than one excerpt of the journal, or than its ring. Nothing was accepted. */
    public static final long BATCH_TOO_LARGE = -12;
    /** The publisher, or the type, has used up its rate. Try again. */
    public static final long RATE_LIMITED = -13;
    /** Dropped before acceptance, as the overflow policy of the priority says. */
    public static final long DROPPED = -14;

    static final int REASONS = 15;

    private static final String[] NAMES = {
        "OK", "BACK_PRESSURED", "PUBLISHER_LIMITED", "BYTES_LIMITED", "EVENT_TOO_LARGE", "NOT_OPEN", "CLOSED", "FAILED",
        "TIMED_OUT", "EXPIRED", "NOT_SEQUENCED", "VOID", "BATCH_TOO_LARGE", "RATE_LIMITED", "DROPPED"};

    private PublishResult()
    {
    }

    /**
     * @param result of a publish or wait.
     * @return true if it is one of the codes here.
     */
    public static boolean isRefusal(final long result)
    {
        return result < 0;
    }

    /**
     * @param result of a publish or wait.
     * @return true if the same call may succeed a little later.
     */
    public static boolean isTransient(final long result)
    {
        return result <= BACK_PRESSURED && result >= BYTES_LIMITED || result == RATE_LIMITED;
    }

    /**
     * @param result of a publish or wait.
     * @return name of the code, {@code OK} for none.
     */
    public static String describe(final long result)
    {
        return result >= 0 ? NAMES[0] : -result < NAMES.length ? NAMES[(int)-result] : "UNKNOWN(" + result + ")";
    }
}
