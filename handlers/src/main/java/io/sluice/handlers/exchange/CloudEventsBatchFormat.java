package io.sluice.handlers.exchange;

import io.sluice.event.CloudEventsJson;
import io.sluice.event.EventException;
import io.sluice.event.EventFlyweight;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** CloudEvents in the JSON batch format: one array, an event a line. Written and read event by event. */
public final class CloudEventsBatchFormat implements EventFormat
{
    private static final byte[] FIRST = ascii("[\n");
    private static final byte[] NEXT = ascii(",\n");
    private static final byte[] END = ascii("\n]\n");
    private static final byte[] EMPTY = ascii("[]\n");
    private static final String BEGUN = "begun";

    /** The format. */
    public CloudEventsBatchFormat()
    {
    }

    @Override
    public String name()
    {
        return "cloudevents-batch";
    }

    @Override
    public List<String> endings()
    {
        return List.of(".json");
    }

    @Override
    public EventOutput openOutput(final OutputTarget target)
    {
        return new Output(target);
    }

    @Override
    public EventInput openInput(final InputSource source)
    {
        return new Input(source);
    }

    private static byte[] ascii(final String text)
    {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static final class Output implements EventOutput
    {
        private final CloudEventsJson json = new CloudEventsJson();
        private final OutputStream stream;
        private boolean isBegun;

        Output(final OutputTarget target)
        {
            stream = target.stream();
            isBegun = BEGUN.equals(target.state());
        }

        @Override
        public void write(final EventFlyweight event) throws IOException
        {
            stream.write(isBegun ? NEXT : FIRST);
            final int length = json.write(event);
            stream.write(json.buffer().byteArray(), 0, length);
            isBegun = true;
        }

        @Override
        public String state()
        {
            return isBegun ? BEGUN : "";
        }

        @Override
        public void finish() throws IOException
        {
            stream.write(isBegun ? END : EMPTY);
        }
    }

    private static final class Input implements EventInput
    {
        private final CloudEventsJson json = new CloudEventsJson();
        private final ArrayElements elements;

        Input(final InputSource source)
        {
            elements = new ArrayElements(source.channel(), source.maxRecordLength());
        }

        @Override
        public boolean next(final InputRecord record) throws IOException
        {
            if (!elements.next())
            {
                return false;
            }
            record.at("record", elements.number());
            if (!elements.error().isEmpty())
            {
                record.bad(elements.error(), elements.bytes(), 0, elements.length());
                return true;
            }
            try
            {
                json.read(elements.bytes(), 0, elements.length(), record.event());
                record.verdict(json.readVerdict());
            }
            catch (final EventException ex)
            {
                record.bad(ex.getMessage(), elements.bytes(), 0, elements.length());
            }
            return true;
        }

        @Override
        public long skip(final long count, final InputRecord record) throws IOException
        {
            long skipped = 0;
            while (skipped < count && elements.next())
            {
                skipped++;
            }
            return skipped;
        }
    }
}
