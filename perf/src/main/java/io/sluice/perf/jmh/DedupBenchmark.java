package io.sluice.perf.jmh;

import io.sluice.engine.DedupContext;
import io.sluice.engine.dedup.DedupLimits;
import io.sluice.engine.dedup.Deduplicator;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Verdict;
import io.sluice.event.codec.EventRecordDecoder;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.report.MeasurementException;
import java.util.Map;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * Asking whether an event is a duplicate, by id and by content, with the memory and the horizons of an engine by
 * default, full, at 100,000 events a second of journal time. Without the touching ahead that sequencing does for a
 * batch, so each look-up meets its own cache misses.
 */
@State(Scope.Thread)
public class DedupBenchmark
{
    private static final int PAYLOAD_LENGTH = 256;
    private static final long DISTANCE_NS = 10_000;
    private static final long NEVER_KNOWN = 1L << 62;
    // Spreads numbers over all bits, as ids and hashes are.
    private static final long GOLDEN = 0x9E37_79B9_7F4A_7C15L;
    private static final int CONTENT_HIGH =
        EventDescriptor.MESSAGE_HEADER_LENGTH + EventRecordDecoder.contentHashHighEncodingOffset();
    private static final int CONTENT_LOW =
        EventDescriptor.MESSAGE_HEADER_LENGTH + EventRecordDecoder.contentHashLowEncodingOffset();
    private static final int ID_HIGH =
        EventDescriptor.MESSAGE_HEADER_LENGTH + EventRecordDecoder.idHighEncodingOffset();
    private static final int ID_LOW = EventDescriptor.MESSAGE_HEADER_LENGTH + EventRecordDecoder.idLowEncodingOffset();

    private final EventFlyweight event = new EventFlyweight();
    private RecordTemplate template;
    private Deduplicator dedup;
    private int known;
    private long last;
    private long asked;

    /** For JMH. */
    public DedupBenchmark()
    {
    }

    /** A memory that is full. */
    @Setup
    public void setUp()
    {
        final DedupContext context = new DedupContext();
        known = context.idCapacity() / 2;
        dedup = new Deduplicator(
            new DedupLimits(
                context.idCapacity(), context.idHorizonNs(), context.contentCapacity(), context.contentWindowNs(),
                Map.of()),
            0);
        template = new RecordTemplate(PAYLOAD_LENGTH);
        event.wrap(template.buffer(), 0);
        for (int i = 0; i < 2 * context.idCapacity(); i++)
        {
            unknown();
        }
    }

    /** One of each. */
    @Setup(Level.Iteration)
    public void check()
    {
        if (unknown() != Verdict.ACCEPTED || known() != Verdict.DUPLICATE_ID)
        {
            throw new MeasurementException("a verdict is not as it should be");
        }
    }

    /**
     * An event that was not there before.
     *
     * @return accepted.
     */
    @Benchmark
    public Verdict unknown()
    {
        return decide(++last);
    }

    /**
     * An event whose id was there before, somewhere in the newer half of the memory.
     *
     * @return a duplicate.
     */
    @Benchmark
    public Verdict known()
    {
        return decide(last - (++asked * GOLDEN >>> Integer.SIZE) % known);
    }

    private Verdict decide(final long number)
    {
        template.buffer().putLong(ID_HIGH, number * GOLDEN);
        template.buffer().putLong(ID_LOW, Long.reverse(number * GOLDEN));
        template.buffer().putLong(CONTENT_HIGH, (number + NEVER_KNOWN) * GOLDEN);
        template.buffer().putLong(CONTENT_LOW, Long.reverse((number + NEVER_KNOWN) * GOLDEN));
        return dedup.decide(event, last, last * DISTANCE_NS);
    }
}
