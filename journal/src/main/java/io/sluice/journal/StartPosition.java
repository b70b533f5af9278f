package io.sluice.journal;

/** Where a tailer starts. Immutable. */
public final class StartPosition
{
    /** What the value counts. */
    enum Kind
    {
        START, END, SEQUENCE, TIME
    }

    private static final StartPosition START_POSITION = new StartPosition(Kind.START, 0);
    private static final StartPosition END_POSITION = new StartPosition(Kind.END, 0);

    private final Kind kind;
    private final long value;

    private StartPosition(final Kind kind, final long value)
    {
        this.kind = kind;
        this.value = value;
    }

    /** @return the first record of the journal. */
    public static StartPosition start()
    {
        return START_POSITION;
    }

    /** @return behind the last record that the journal holds then. */
    public static StartPosition end()
    {
        return END_POSITION;
    }

    /**
     * @param sequence of the first record to read, from 1 to one more than the last sequence.
     * @return the position before it.
     */
    public static StartPosition sequence(final long sequence)
    {
        if (sequence < 1)
        {
            throw new IllegalArgumentException("sequence=" + sequence + " must be at least 1");
        }
        return new StartPosition(Kind.SEQUENCE, sequence);
    }

    /**
     * @param epochNs journal time, nanoseconds since 1970 UTC.
     * @return the position before the first record that was journaled then or later.
     */
    public static StartPosition timeNs(final long epochNs)
    {
        return new StartPosition(Kind.TIME, epochNs);
    }

    Kind kind()
    {
        return kind;
    }

    long value()
    {
        return value;
    }

    @Override
    public String toString()
    {
        switch (kind)
        {
            case SEQUENCE:
                return "sequence " + value;

            case TIME:
                return "time " + value + " ns";

            default:
                return kind == Kind.START ? "start" : "end";
        }
    }
}
