package io.sluice.perf.report;

/** A measurement got a wrong answer or none: its figures mean nothing. */
public final class MeasurementException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /**
     * @param message what was expected and what came.
     */
    public MeasurementException(final String message)
    {
        super(message);
    }

    /**
     * @param message what was expected and what came.
     * @param cause   of it.
     */
    public MeasurementException(final String message, final Throwable cause)
    {
        super(message, cause);
    }

    /**
     * Check an answer.
     *
     * @param what     was counted.
     * @param expected answer.
     * @param actual   answer.
     */
    public static void require(final String what, final long expected, final long actual)
    {
        if (expected != actual)
        {
            throw new MeasurementException(what + ": expected " + expected + ", got " + actual);
        }
    }
}
