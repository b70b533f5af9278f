package io.sluice.handlers.exchange;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventJson;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;

/** One event as JSON a line, see {@link EventJson}. */
public final class NdjsonFormat implements EventFormat
{
    /** The format. */
    public NdjsonFormat()
    {
    }

    @Override
    public String name()
    {
        return EventFormats.NDJSON;
    }

    @Override
    public List<String> endings()
    {
        return List.of(".ndjson", ".jsonl");
    }

    @Override
    public EventOutput openOutput(final OutputTarget target)
    {
        final EventJson json = new EventJson();
        final OutputStream stream = target.stream();
        return new EventOutput()
        {
            @Override
            public void write(final EventFlyweight event) throws IOException
            {
                json.writeLine(event, stream);
            }

            @Override
            public void finish()
            {
                // The last line is complete.
            }
        };
    }

    @Override
    public EventInput openInput(final InputSource source)
    {
        final EventJson json = new EventJson();
        return new LineInput(source, json::read, json::readVerdict);
    }
}
