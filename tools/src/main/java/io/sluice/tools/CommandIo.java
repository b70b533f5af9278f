package io.sluice.tools;

import java.io.InputStream;
import java.io.PrintStream;

/**
 * What a command sees of the world outside: its streams, what they lead to, and the wish that it stops.
 *
 * @param in            standard input.
 * @param out           results; buffered, so whoever writes flushes.
 * @param err           messages and progress.
 * @param isOutTerminal true if a person reads {@code out} as it comes.
 * @param isErrTerminal true if a person reads {@code err} as it comes.
 * @param isColoured    true if colours are wanted where a person reads.
 * @param stop          asked to come to an end.
 */
public record CommandIo(
    InputStream in,
    PrintStream out,
    PrintStream err,
    boolean isOutTerminal,
    boolean isErrTerminal,
    boolean isColoured,
    StopSignal stop)
{
    /**
     * Streams that lead to no terminal.
     *
     * @param in  standard input.
     * @param out results.
     * @param err messages.
     * @return them, with a stop signal of their own.
     */
    public static CommandIo plain(final InputStream in, final PrintStream out, final PrintStream err)
    {
        return new CommandIo(in, out, err, false, false, false, new StopSignal());
    }
}
