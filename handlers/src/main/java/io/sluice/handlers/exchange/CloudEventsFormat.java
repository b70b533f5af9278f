package io.sluice.handlers.exchange;

import io.sluice.event.CloudEventsJson;
import java.util.List;

/** One CloudEvent in structured JSON a line, see {@link CloudEventsJson}. */
public final class CloudEventsFormat implements EventFormat
{
    /** The format. */
    public CloudEventsFormat()
    {
    }

    @Override
    public String name()
    {
        return "cloudevents";
    }

    @Override
    public List<String> endings()
    {
        return List.of(".cloudevents");
    }

    @Override
    public EventOutput openOutput(final OutputTarget target)
    {
        return new LineOutput(target, new CloudEventsJson()::writeLine);
    }

    @Override
    public EventInput openInput(final InputSource source)
    {
        final CloudEventsJson json = new CloudEventsJson();
        return new LineInput(source, json::read, json::readVerdict);
    }
}
