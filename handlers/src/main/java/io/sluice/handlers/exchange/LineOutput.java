package io.sluice.handlers.exchange;

import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.io.OutputStream;

/** Writes one event a line. Not thread-safe. */
final class LineOutput implements EventOutput
{
    private final OutputStream stream;
    private final Writer writer;

    /** Writes an event, and the end of its line. */
    @FunctionalInterface
    interface Writer
    {
        void writeLine(EventFlyweight event, OutputStream stream) throws IOException;
    }

    /**
     * @param target gets the lines.
     * @param writer of a line.
     */
    LineOutput(final OutputTarget target, final Writer writer)
    {
        stream = target.stream();
        this.writer = writer;
    }

    @Override
    public void write(final EventFlyweight event) throws IOException
    {
        writer.writeLine(event, stream);
    }

    @Override
    public void finish()
    {
        // The last line is complete.
    }
}
