package io.sluice.perf.jmh;

import io.sluice.engine.ring.EventArena;
import io.sluice.engine.ring.PriorityRing;
import io.sluice.engine.ring.PriorityWheel;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.perf.baseline.RecordTemplate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Looking at the rings of all priorities and taking the event whose turn it is. */
@State(Scope.Thread)
public class PollBenchmark
{
    private static final int EACH = 128;
    private static final int SLOT_LENGTH = 512;
    private static final int PAYLOAD_LENGTH = 256;
    private static final int[] SHARES = {0, 8, 16, 32};

    private final PriorityRing[] rings = new PriorityRing[Priority.COUNT];
    private final EventFlyweight event = new EventFlyweight();
    private final long[] next = new long[Priority.COUNT];
    private RecordTemplate template;
    private PriorityWheel wheel;

    /** For JMH. */
    public PollBenchmark()
    {
    }

    /** Four rings and a wheel. */
    @Setup
    public void setUp()
    {
        template = new RecordTemplate(PAYLOAD_LENGTH);
        final EventArena arena = new EventArena(EventArena.chunkLength());
        for (final Priority priority : Priority.values())
        {
            rings[priority.code()] = new PriorityRing(priority, 2 * EACH, SLOT_LENGTH, arena);
        }
        wheel = new PriorityWheel(SHARES, (code) -> 0);
    }

    /** As many events for each ring. */
    @Setup(Level.Invocation)
    public void fill()
    {
        for (final PriorityRing ring : rings)
        {
            for (int i = 0; i < EACH; i++)
            {
                final long position = ring.tryClaim(2 * EACH);
                ring.slots().putBytes(ring.inlineOffset(position), template.buffer(), 0, template.length());
                ring.fill(position, template.length(), PriorityRing.UNCOUNTED, 0, PriorityRing.NOT_IN_ARENA);
                ring.publish(position);
            }
        }
    }

    /**
     * All events, in the order of the wheel.
     *
     * @return something of all of them.
     */
    @Benchmark
    @OperationsPerInvocation(EACH * Priority.COUNT)
    public long rings()
    {
        long sum = 0;
        int ready = ready();
        while (ready != 0)
        {
            final int code = wheel.next(ready);
            final PriorityRing ring = rings[code];
            final long position = next[code]++;
            sum += ring.wrap(position, event).recordLength();
            ring.release(position);
            ring.handled().set(position);
            ready = ready();
        }
        return sum;
    }

    private int ready()
    {
        int ready = 0;
        for (int code = 0; code < rings.length; code++)
        {
            if (rings[code].isPublished(next[code]))
            {
                ready |= 1 << code;
            }
        }
        return ready;
    }
}
