package io.sluice.tools.tail;

import io.sluice.event.CloudEventsJson;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventJson;
import io.sluice.journal.RecordHandler;
import io.sluice.tools.CommandIo;
import java.io.IOException;
import java.io.UncheckedIOException;

/** Prints each event on a line of its own. Not thread-safe. */
public final class EventPrinter implements RecordHandler
{
    private final CommandIo io;
    private final RecordHandler writer;

    /**
     * @param format of a line.
     * @param io     whose {@code out} gets the lines; they are flushed by whoever knows when.
     */
    public EventPrinter(final OutputFormat format, final CommandIo io)
    {
        this.io = io;
        writer = writer(format);
    }

    @Override
    public void onRecord(final EventFlyweight event)
    {
        writer.onRecord(event);
    }

    private RecordHandler writer(final OutputFormat format)
    {
        switch (format)
        {
            case JSON:
                final EventJson json = new EventJson();
                return (event) -> write(() -> json.writeLine(event, io.out()));
            case CLOUDEVENTS:
                final CloudEventsJson cloudEvents = new CloudEventsJson();
                return (event) -> write(() -> cloudEvents.writeLine(event, io.out()));
            default:
                final EventText text = new EventText(io.isOutTerminal() && io.isColoured());
                return (event) -> io.out().println(text.line(event));
        }
    }

    private static void write(final Write write)
    {
        try
        {
            write.run();
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("a print stream does not throw", ex);
        }
    }

    @FunctionalInterface
    private interface Write
    {
        void run() throws IOException;
    }
}
