package io.sluice.handlers.exchange;

import io.sluice.event.EventJson;
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
        return new LineOutput(target, new EventJson()::writeLine);
    }

    @Override
    public EventInput openInput(final InputSource source)
    {
        final EventJson json = new EventJson();
        return new LineInput(source, json::read, json::readVerdict);
    }
}
