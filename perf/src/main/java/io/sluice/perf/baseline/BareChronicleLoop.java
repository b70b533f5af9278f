package io.sluice.perf.baseline;

import io.sluice.perf.measure.Contender;
import java.nio.file.Path;
import net.openhft.chronicle.bytes.PointerBytesStore;
import net.openhft.chronicle.queue.ChronicleQueue;
import net.openhft.chronicle.queue.ExcerptAppender;
import net.openhft.chronicle.queue.impl.single.SingleChronicleQueueBuilder;

/** One thread that appends records in a loop to Chronicle's default queue: no ring, no checksum, no handler. */
public final class BareChronicleLoop implements Contender
{
    private final RecordTemplate template;

    /**
     * @param payloadLength of the events, in bytes.
     */
    public BareChronicleLoop(final int payloadLength)
    {
        template = new RecordTemplate(payloadLength);
    }

    @Override
    public String name()
    {
        return "bare-chronicle";
    }

    @Override
    public double eventsPerSecond(final Path directory, final int warmUp, final int events)
    {
        final PointerBytesStore record = new PointerBytesStore();
        record.set(template.buffer().addressOffset(), template.length());
        final long tookNs;
        try (ChronicleQueue queue = SingleChronicleQueueBuilder.binary(directory.toFile()).build();
            ExcerptAppender appender = queue.createAppender())
        {
            for (int i = 0; i < warmUp; i++)
            {
                template.number(i);
                appender.writeBytes(record);
            }
            final long startNs = System.nanoTime();
            for (int i = warmUp; i < warmUp + events; i++)
            {
                template.number(i);
                appender.writeBytes(record);
            }
            tookNs = System.nanoTime() - startNs;
        }
        ChronicleReadBack.check(directory, template, (long)warmUp + events, -1);
        return events * 1e9 / tookNs;
    }
}
