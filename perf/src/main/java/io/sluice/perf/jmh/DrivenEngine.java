package io.sluice.perf.jmh;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.EventClaim;
import io.sluice.engine.PublishResult;
import io.sluice.engine.Publisher;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.ThreadingMode;
import io.sluice.event.EncodedText;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.report.MeasurementException;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * An engine in memory without threads: what is published waits in the rings until it is told to handle it. One of its
 * subscriptions gets all events, the others none. One thread.
 */
final class DrivenEngine implements AutoCloseable
{
    /** Events of one go. */
    static final int EVENTS = 512;

    private static final int TYPES = 100;
    private static final int PAYLOAD_LENGTH = 256;
    private static final int RECORD_HEAD_LENGTH = 192;
    private static final long NS_PER_MS = 1_000_000L;

    private final Engine engine;
    private final Publisher publisher;
    private final String[] types = new String[TYPES];
    private final UnsafeBuffer payload = RecordTemplate.payload(PAYLOAD_LENGTH);
    private final EventBuilder builder = new EventBuilder();
    private final EventEncoder encoder = new EventEncoder();
    private final EventClaim claim = new EventClaim();
    private final EncodedText type = EncodedText.of(EventField.TYPE, "driven.type-0");
    private final EncodedText source = EncodedText.of(EventField.SOURCE, "perf");
    private final IdGenerator ids = new IdGenerator(1);
    private long published;
    private long handled;

    /**
     * @param subscriptions of the engine, at least 1.
     */
    DrivenEngine(final int subscriptions)
    {
        final EngineContext context =
            new EngineContext().durability(Durability.NONE).threadingMode(ThreadingMode.INVOKER);
        context.subscribe(SubscriptionSpec.to("driven.*", this::onEvent).name("all"));
        for (int i = 1; i < subscriptions; i++)
        {
            context.subscribe(SubscriptionSpec.to("idle.type-" + i + ".*", (event) -> {}).name("idle-" + i));
        }
        for (int i = 0; i < TYPES; i++)
        {
            types[i] = "driven.type-" + i;
        }
        engine = Engine.launch(context);
        publisher = engine.publisher();
        invoke();
    }

    /** Publish as most hosts do, with a builder. */
    void publish()
    {
        payload.putLong(0, published);
        builder.clear()
            .type(types[(int)(published % TYPES)]).source("perf").priority(Priority.NORMAL)
            .payload(payload, 0, PAYLOAD_LENGTH);
        accept(publisher.publish(builder));
    }

    /** Publish without a copy, encoding in the slot. */
    void publishClaim()
    {
        payload.putLong(0, published);
        final long nowNs = engine.context().clock().nanoTime();
        accept(publisher.tryClaim(claim, Priority.NORMAL, PAYLOAD_LENGTH + RECORD_HEAD_LENGTH, nowNs));
        ids.next(nowNs / NS_PER_MS * NS_PER_MS);
        encoder.wrap(claim.buffer(), claim.offset(), claim.capacity())
            .priority(Priority.NORMAL)
            .eventTime(nowNs)
            .uuid(ids.high(), ids.low())
            .put(type)
            .put(source)
            .put(EventField.PAYLOAD, payload, 0, PAYLOAD_LENGTH)
            .complete();
        claim.publish();
    }

    /** Handle whatever was published. */
    void handleAll()
    {
        while (handled < published)
        {
            invoke();
        }
    }

    /**
     * One duty cycle of all stages.
     *
     * @return work done.
     */
    int invoke()
    {
        if (engine.failure() != null)
        {
            throw new MeasurementException("the engine failed", engine.failure());
        }
        return engine.invoke();
    }

    @Override
    public void close()
    {
        engine.close();
    }

    private void accept(final long ticket)
    {
        if (ticket < 0)
        {
            throw new MeasurementException("publish refused: " + PublishResult.describe(ticket), engine.failure());
        }
        published++;
    }

    private void onEvent(final EventFlyweight event)
    {
        handled++;
    }
}
