package io.sluice.perf.baseline;

import io.sluice.perf.measure.Contender;
import java.nio.file.Path;

/** A publisher in a loop before a {@link HandWiredPipeline} with checksums and prepared pages, nothing else. */
public final class HandWiredThroughput implements Contender
{
    // An excerpt costs its header, its padding and its share of the queue's index besides the record.
    private static final int EXCERPT_OVERHEAD = 32;
    private static final long INDEX_BYTES = 1L << 22;

    private final RecordTemplate template;

    /**
     * @param payloadLength of the events, in bytes.
     */
    public HandWiredThroughput(final int payloadLength)
    {
        template = new RecordTemplate(payloadLength);
    }

    @Override
    public String name()
    {
        return "hand-wired";
    }

    @Override
    public double eventsPerSecond(final Path directory, final int warmUp, final int events)
    {
        final long preparedBytes = ((long)warmUp + events) * (template.length() + EXCERPT_OVERHEAD) + INDEX_BYTES;
        final long tookNs;
        try (HandWiredPipeline pipeline =
            new HandWiredPipeline(directory, template, preparedBytes, true, (number) -> {}))
        {
            for (int i = 0; i < warmUp; i++)
            {
                pipeline.publish(template.number(i));
            }
            pipeline.await(warmUp);
            final long startNs = System.nanoTime();
            for (int i = warmUp; i < warmUp + events; i++)
            {
                pipeline.publish(template.number(i));
            }
            pipeline.await((long)warmUp + events);
            tookNs = System.nanoTime() - startNs;
        }
        ChronicleReadBack.check(directory, template, (long)warmUp + events, HandWiredPipeline.CHECKSUM_OFFSET);
        return events * 1e9 / tookNs;
    }
}
