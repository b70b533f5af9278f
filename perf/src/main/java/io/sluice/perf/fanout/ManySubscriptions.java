package io.sluice.perf.fanout;

import io.sluice.engine.EngineContext;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.measure.Contender;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.subject.MeasuredEngine;
import io.sluice.perf.subject.PublishPath;
import io.sluice.perf.subject.TimedStream;
import java.nio.file.Path;

/** One publisher in a loop before an engine with some subscriptions that match each event, and others that do not. */
public final class ManySubscriptions implements Contender
{
    /** Why a subscription does not match. */
    public enum Miss
    {
        /** Its pattern is of other types: known from the type alone. */
        PATTERN,
        /** Its filter is false: asked for each event. */
        FILTER
    }

    private static final int PAYLOAD_LENGTH = 256;

    private final String name;
    private final int matching;
    private final int missing;
    private final Miss miss;
    private final TimedStream stream = new TimedStream();

    /**
     * @param name     of this side.
     * @param matching subscriptions that match every event, at least 1.
     * @param missing  subscriptions that match none.
     * @param miss     why they do not.
     */
    public ManySubscriptions(final String name, final int matching, final int missing, final Miss miss)
    {
        this.name = name;
        this.matching = matching;
        this.missing = missing;
        this.miss = miss;
    }

    /** A handler that counts, on the one handling thread. */
    private static final class Counter
    {
        private long calls;

        private void count()
        {
            calls++;
        }
    }

    @Override
    public String name()
    {
        return name;
    }

    @Override
    public String profile()
    {
        return stream.profile();
    }

    @Override
    public double eventsPerSecond(final Path directory, final int warmUp, final int events)
    {
        final EngineContext context = new EngineContext().directory(directory);
        final Counter[] hits = new Counter[matching - 1];
        for (int i = 0; i < hits.length; i++)
        {
            final Counter counter = new Counter();
            hits[i] = counter;
            context.subscribe(
                SubscriptionSpec.to(RecordTemplate.TYPE.toString(), event -> counter.count()).name("hit-" + i));
        }
        final Counter misses = new Counter();
        for (int i = 0; i < missing; i++)
        {
            context.subscribe(miss(i, misses));
        }
        try (MeasuredEngine engine = new MeasuredEngine(context, PAYLOAD_LENGTH, (number, priority) -> {}))
        {
            final double rate = stream.run(engine, PublishPath.EVERYDAY, warmUp, events);
            engine.closeAndCheck();
            for (final Counter hit : hits)
            {
                MeasurementException.require("calls of a subscription that matches", warmUp + (long)events, hit.calls);
            }
            MeasurementException.require("calls of subscriptions that do not match", 0, misses.calls);
            return rate;
        }
    }

    private SubscriptionSpec miss(final int number, final Counter misses)
    {
        final SubscriptionSpec spec = miss == Miss.PATTERN ?
            SubscriptionSpec.to("elsewhere.t" + number + ".*", event -> misses.count()) :
            SubscriptionSpec.to(RecordTemplate.TYPE.toString(), event -> misses.count())
                .where("subject = 's" + number + "'");
        return spec.name("miss-" + number);
    }
}
