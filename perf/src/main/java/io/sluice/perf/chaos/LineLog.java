package io.sluice.perf.chaos;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * What a child tells, one line a call and one write call a line, unbuffered: what {@link #tell} has returned from is in
 * the file, whatever becomes of the process. Thread-safe.
 */
final class LineLog implements AutoCloseable
{
    /** What is done where a subscription is ended and begun again. */
    static final String LEAVE = "leave";
    /** Admission is open. Follows: last sequence found at the start. */
    static final char RUNNING = 'R';
    /** A subscription has been subscribed. Follow: its ordinal, the last journaled sequence after that. */
    static final char SUBSCRIBED = 'S';
    /** A change of subscriptions begins. Follow: ordinal, what is done. */
    static final char CHANGING = 'M';
    /** The change is done. */
    static final char CHANGED = 'm';
    /** An event was acknowledged as journaled. Follow: its number, its sequence. */
    static final char ACKNOWLEDGED = 'A';
    /** A handler is called. Follow: ordinal, sequence, number, 1 if flagged redelivered. */
    static final char CALLED = 'C';
    /** The call is about to hang for a while. Follow: ordinal, sequence. */
    static final char HANGING = 'H';
    /** The call is about to return. Follow: ordinal, sequence. */
    static final char DONE = 'E';
    /** The call is about to throw. Follow: ordinal, sequence, message. */
    static final char THREW = 'X';
    /** The engine is being closed in order. */
    static final char CLOSING = 'Z';
    /** The engine is closed. */
    static final char CLOSED = 'z';

    private final FileOutputStream out;

    /**
     * @param file to append to.
     */
    LineLog(final Path file)
    {
        try
        {
            out = new FileOutputStream(file.toFile(), true);
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't write to " + file + ": " + e.getMessage(), e);
        }
    }

    void tell(final char kind)
    {
        write(kind + "\n");
    }

    void tell(final char kind, final long first)
    {
        write(kind + " " + first + "\n");
    }

    void tell(final char kind, final long first, final long second)
    {
        write(kind + " " + first + " " + second + "\n");
    }

    void tell(final char kind, final long first, final String text)
    {
        write(kind + " " + first + " " + text + "\n");
    }

    void tell(final char kind, final long first, final long second, final String text)
    {
        write(kind + " " + first + " " + second + " " + text + "\n");
    }

    @Override
    public void close()
    {
        try
        {
            out.close();
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }

    private void write(final String line)
    {
        try
        {
            out.write(line.getBytes(StandardCharsets.UTF_8));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException(e);
        }
    }
}
