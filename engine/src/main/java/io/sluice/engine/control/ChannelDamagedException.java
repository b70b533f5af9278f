package io.sluice.engine.control;

/** The file of the channel holds nonsense: nothing in it can be believed any more. */
final class ChannelDamagedException extends Exception
{
    private static final long serialVersionUID = 1L;

    ChannelDamagedException(final String message)
    {
        super(message);
    }
}
