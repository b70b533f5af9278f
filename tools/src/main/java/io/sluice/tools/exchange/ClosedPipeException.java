package io.sluice.tools.exchange;

import java.io.IOException;

/** Whoever read the standard output has gone: no fault of anybody's. */
final class ClosedPipeException extends IOException
{
    private static final long serialVersionUID = 1L;

    ClosedPipeException()
    {
        super("nobody reads the standard output any more");
    }
}
