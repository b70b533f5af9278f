package io.sluice.handlers.exchange;

import io.sluice.event.CloudEventsJson;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.io.OutputStream;
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
        final CloudEventsJson json = new CloudEventsJson();
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
        final CloudEventsJson json = new CloudEventsJson();
        return new LineInput(source, json::read, json::readVerdict);
    }
}
