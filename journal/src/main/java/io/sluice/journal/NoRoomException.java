package io.sluice.journal;

/** Blocks can't be reserved for now; the message says why. Internal: callers turn it into a state. */
final class NoRoomException extends Exception
{
    private static final long serialVersionUID = 1L;

    NoRoomException(final String message)
    {
        super(message, null, false, false);
    }
}
