package io.sluice.perf.crash;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * The child's side of the pipe. One write call per frame, unbuffered: what {@link #send} has returned from is
 * safe. Thread-safe.
 */
final class FrameWriter
{
    private final OutputStream out;
    private final ByteBuffer buffer = ByteBuffer.allocate(Frame.LENGTH);

    FrameWriter(final OutputStream out)
    {
        this.out = out;
    }

    /** Take stdout for frames; whatever else is printed goes to stderr from now on. */
    static FrameWriter takeStdout()
    {
        System.setOut(System.err);
        return new FrameWriter(new FileOutputStream(FileDescriptor.out));
    }

    void send(final Frame.Kind kind)
    {
        send(kind, 0, 0, 0, 0, 0);
    }

    void send(
        final Frame.Kind kind, final int code, final long first, final long second, final long third, final long fourth)
    {
        final Frame frame = new Frame(kind, code, first, second, third, fourth);
        synchronized (this)
        {
            frame.encode(buffer);
            try
            {
                out.write(buffer.array(), 0, Frame.LENGTH);
            }
            catch (final IOException e)
            {
                throw new UncheckedIOException("the parent is gone", e);
            }
        }
    }
}
