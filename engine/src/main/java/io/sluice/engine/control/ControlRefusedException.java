package io.sluice.engine.control;

import io.sluice.event.EventException;

/**
 * The engine got a command and refused it; nothing was changed unless the message says so. Handlers throw it, and
 * clients get it.
 */
public final class ControlRefusedException extends EventException
{
    /** No handler has this name. */
    public static final String UNKNOWN_COMMAND = "UNKNOWN_COMMAND";
    /** The arguments are not what the command takes. */
    public static final String BAD_ARGUMENTS = "BAD_ARGUMENTS";
    /** Too many commands wait for their answers, or these take all the room: ask again. */
    public static final String BUSY = "BUSY";
    /** The answer is too large to be sent; the command itself may have been carried out. */
    public static final String TOO_LARGE = "TOO_LARGE";
    /** The handler failed; what it had done by then is done. */
    public static final String FAILED = "FAILED";
    /** The engine was closed before the command was completed. */
    public static final String CLOSED = "CLOSED";
    /** The answer is kept no longer; the command itself was received. */
    public static final String FORGOTTEN = "FORGOTTEN";

    private static final long serialVersionUID = 1L;

    private final String code;

    /**
     * @param code    for programs, in capitals: one of the constants here, or one that the command documents.
     * @param message for people: what is refused, and what to do next.
     */
    public ControlRefusedException(final String code, final String message)
    {
        super(message);
        this.code = code;
    }

    /** @return code for programs. */
    public String code()
    {
        return code;
    }
}
