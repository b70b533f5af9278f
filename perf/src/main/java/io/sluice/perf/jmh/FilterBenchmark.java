package io.sluice.perf.jmh;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import io.sluice.event.TopicPattern;
import io.sluice.event.filter.EventFilter;
import io.sluice.event.filter.EventFilterSet;
import io.sluice.perf.report.MeasurementException;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.agrona.concurrent.UnsafeBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** Asking whether an event is of interest: by pattern, by fields, by its metadata, by its payload. All say yes. */
@State(Scope.Thread)
public class FilterBenchmark
{
    private static final int CAPACITY = 2048;
    private static final int MANY = 100;

    private final EventFlyweight event = new EventFlyweight();
    private final EventFilterSet set = new EventFilterSet();
    private TopicPattern pattern;
    private EventFilter fields;
    private EventFilter metadata;
    private EventFilter payload;

    /** For JMH. */
    public FilterBenchmark()
    {
    }

    /** An event and the filters. */
    @Setup
    public void setUp()
    {
        final UnsafeBuffer record = new UnsafeBuffer(new byte[CAPACITY]);
        new EventBuilder()
            .type("pipeline.stage.completed").source("synthesis_pipeline").priority(Priority.HIGH)
            .metadata("host", "worker-01").metadata("region", "eu").metadata("hops", 7)
            .payloadJson("{\"stage\":\"extraction\",\"duration_ms\":1250,\"status\":\"error\",\"steps\":[" +
                "{\"name\":\"parse\"},{\"name\":\"merge\"}]}")
            .encode(new EventEncoder(), record, 0, CAPACITY,
                new EventDefaults(new OffsetEpochNanoClock(), new IdGenerator(1)));
        event.wrap(record, 0);
        pattern = TopicPattern.of("pipeline.*.completed");
        fields = EventFilter.of("type LIKE 'pipeline.%' AND priority >= 'HIGH'");
        metadata = EventFilter.of("region = 'eu' AND hops > 5");
        payload = EventFilter.of("payload.stage = 'extraction' AND payload.duration_ms > 1000");
        for (int i = 0; i < MANY; i++)
        {
            set.add(EventFilter.of("payload.stage = 'extraction' AND payload.duration_ms > " + (1200 + i)));
        }
        if (!pattern() || !fields() || !metadata() || !payload() || set() != 1250 - 1200)
        {
            throw new MeasurementException("a filter does not match as it should");
        }
    }

    /**
     * A pattern of types.
     *
     * @return whether it matches.
     */
    @Benchmark
    public boolean pattern()
    {
        return pattern.matches(
            event.buffer(), event.fieldOffset(EventField.TYPE), event.fieldLength(EventField.TYPE));
    }

    /**
     * Two fields.
     *
     * @return whether it matches.
     */
    @Benchmark
    public boolean fields()
    {
        return fields.matches(event);
    }

    /**
     * Two members of the metadata.
     *
     * @return whether it matches.
     */
    @Benchmark
    public boolean metadata()
    {
        return metadata.matches(event);
    }

    /**
     * Two members of the payload.
     *
     * @return whether it matches.
     */
    @Benchmark
    public boolean payload()
    {
        return payload.matches(event);
    }

    /**
     * A hundred filters at once, half of which match.
     *
     * @return how many match.
     */
    @Benchmark
    public int set()
    {
        return set.match(event);
    }
}
