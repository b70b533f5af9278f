package io.sluice.perf.jmh;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import io.sluice.perf.baseline.RecordTemplate;
import java.nio.ByteBuffer;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** A complete record with 256 bytes of payload, both of its hashes included. */
@State(Scope.Thread)
public class EncodeBenchmark
{
    private static final int PAYLOAD_LENGTH = 256;
    private static final int CAPACITY = 1024;

    private final UnsafeBuffer record = new UnsafeBuffer(ByteBuffer.allocateDirect(CAPACITY));
    private final EventEncoder encoder = new EventEncoder();
    private final EventBuilder builder = new EventBuilder();
    private final IdGenerator ids = new IdGenerator(1);
    private final OffsetEpochNanoClock clock = new OffsetEpochNanoClock();
    private final EventDefaults defaults = new EventDefaults(clock, ids);
    private String type;
    private String source;
    private UnsafeBuffer payload;

    /** For JMH. */
    public EncodeBenchmark()
    {
    }

    /** Make what is to be encoded. */
    @Setup
    public void setUp()
    {
        type = RecordTemplate.TYPE.toString();
        source = RecordTemplate.SOURCE.toString();
        payload = RecordTemplate.payload(PAYLOAD_LENGTH);
    }

    /**
     * Field by field, type and source resolved before.
     *
     * @return length of the record.
     */
    @Benchmark
    public int encoder()
    {
        final long nowNs = clock.nanoTime();
        ids.next(nowNs);
        return encoder.wrap(record, 0, CAPACITY)
            .priority(Priority.NORMAL)
            .eventTime(nowNs)
            .uuid(ids.high(), ids.low())
            .put(RecordTemplate.TYPE)
            .put(RecordTemplate.SOURCE)
            .put(EventField.PAYLOAD, payload, 0, PAYLOAD_LENGTH)
            .complete();
    }

    /**
     * With a builder, from texts.
     *
     * @return length of the record.
     */
    @Benchmark
    public int builder()
    {
        return builder.clear().type(type).source(source).priority(Priority.NORMAL).payload(payload, 0, PAYLOAD_LENGTH)
            .encode(encoder, record, 0, CAPACITY, defaults);
    }
}
