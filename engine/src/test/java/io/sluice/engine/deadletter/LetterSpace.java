package io.sluice.engine.deadletter;

import java.util.function.LongSupplier;

/** Dead letters on a device whose free space is what the test says. */
public final class LetterSpace
{
    private LetterSpace()
    {
    }

    /** Settings with that free space in bytes. */
    public static DeadLetterContext context(final LongSupplier freeSpace)
    {
        return new DeadLetterContext().freeSpace(freeSpace);
    }
}
