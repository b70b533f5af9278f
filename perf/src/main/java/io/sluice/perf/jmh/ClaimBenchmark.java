package io.sluice.perf.jmh;

import io.sluice.engine.ring.EventArena;
import io.sluice.engine.ring.PriorityRing;
import io.sluice.event.Priority;
import io.sluice.perf.baseline.RecordTemplate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A slot of a ring, claimed and published; one publisher. Slots are freed in portions, as the handling stage does. */
@State(Scope.Thread)
public class ClaimBenchmark
{
    private static final int LIMIT = 4096;
    private static final int SLOT_LENGTH = 512;
    private static final int FREE_EVERY = 64;
    private static final int PAYLOAD_LENGTH = 256;

    private PriorityRing ring;
    private RecordTemplate template;

    /** For JMH. */
    public ClaimBenchmark()
    {
    }

    /** A ring. */
    @Setup
    public void setUp()
    {
        template = new RecordTemplate(PAYLOAD_LENGTH);
        ring = new PriorityRing(Priority.NORMAL, LIMIT, SLOT_LENGTH, new EventArena(EventArena.chunkLength()));
    }

    /**
     * Without a record.
     *
     * @return position in the ring.
     */
    @Benchmark
    public long ring()
    {
        return publish(ring.tryClaim(LIMIT));
    }

    /**
     * With a record of 256 bytes of payload copied into the slot.
     *
     * @return position in the ring.
     */
    @Benchmark
    public long ringAndCopy()
    {
        final long position = ring.tryClaim(LIMIT);
        ring.slots().putBytes(ring.inlineOffset(position), template.buffer(), 0, template.length());
        return publish(position);
    }

    private long publish(final long position)
    {
        ring.fill(position, template.length(), PriorityRing.UNCOUNTED, 0, PriorityRing.NOT_IN_ARENA);
        ring.publish(position);
        if (position % FREE_EVERY == 0)
        {
            ring.handled().set(position);
        }
        return position;
    }
}
