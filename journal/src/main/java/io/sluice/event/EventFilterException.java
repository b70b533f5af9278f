package io.sluice.event;

/** An expression or a topic pattern is not valid. */
public class EventFilterException extends EventException
{
    private static final long serialVersionUID = 1L;

    private final int column;

    /**
     * @param message what happened and what to do next.
     */
    public EventFilterException(final String message)
    {
        this(message, 0);
    }

    /**
     * @param message what happened and what to do next.
     * @param column  of the fault, in characters from 1; 0 if there is none.
     */
    public EventFilterException(final String message, final int column)
    {
        super(message);
        this.column = column;
    }

    /**
     * @param message what happened and what to do next.
     * @param cause   of it.
     */
    public EventFilterException(final String message, final Throwable cause)
    {
        super(message, cause);
        column = 0;
    }

    /** @return where in the expression the fault is, in characters from 1; 0 if that is not known. */
    public int column()
    {
        return column;
    }
}
