package io.sluice.tools.exchange;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The standard output with its failures, which a print stream keeps to itself. That a pipe has no reader any more is
 * told apart from all else, a full disk for example, by what the output leads to. Not thread-safe.
 */
final class ResultStream extends OutputStream
{
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    private final PrintStream out;
    private final boolean isPipe;

    ResultStream(final PrintStream out)
    {
        this(out, isPipe(STANDARD_OUTPUT));
    }

    ResultStream(final PrintStream out, final boolean isPipe)
    {
        this.out = out;
        this.isPipe = isPipe;
    }

    @Override
    public void write(final int b) throws IOException
    {
        out.write(b);
        check();
    }

    @Override
    public void write(final byte[] bytes, final int offset, final int length) throws IOException
    {
        out.write(bytes, offset, length);
        check();
    }

    @Override
    public void flush() throws IOException
    {
        check();
    }

    // This is also the flush.
    private void check() throws IOException
    {
        if (out.checkError())
        {
            throw isPipe ? new ClosedPipeException() : new IOException("is its disk full?");
        }
    }

    private static boolean isPipe(final Path descriptor)
    {
        try
        {
            final String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith("pipe:") || target.startsWith("socket:");
        }
        catch (final IOException | UnsupportedOperationException ex)
        {
            return true;
        }
    }
}
