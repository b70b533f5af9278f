package io.sluice.perf.fanout;

import io.sluice.engine.DeliveryMode;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.PublishResult;
import io.sluice.engine.Subscription;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.event.EventBuilder;
import io.sluice.event.Priority;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * Events in a loop, and every so many of them a durable subscription is ended and begun again, and a handler that is
 * not durable is added or removed. Each durable one must have had each event, once.
 */
final class ChurnRun
{
    private static final int PAYLOAD_LENGTH = 64;
    private static final String TYPE = "fanout.churn";
    private static final Priority[] PRIORITIES = Priority.values();
    private static final int TRANSIENT_HANDLERS = 8;
    private static final long TIMEOUT_NS = 120_000_000_000L;

    private final RawOutput output;
    private final PrintStream progress;
    private final int events;
    private final int changes;
    private final IdleStrategy idle = new YieldingIdleStrategy();
    private final List<SequenceRecord> records = new ArrayList<>();
    private final List<SubscriptionSpec> specs = new ArrayList<>();
    private final List<Subscription> durable = new ArrayList<>();
    private final List<Subscription> others = new ArrayList<>();
    private final AtomicReference<Throwable> error = new AtomicReference<>();

    ChurnRun(final RawOutput output, final PrintStream progress, final int events, final int changes)
    {
        this.output = output;
        this.progress = progress;
        this.events = events;
        this.changes = changes;
    }

    void run(final FigureReport report)
    {
        final Path directory = output.scratch("churn");
        final long startNs = System.nanoTime();
        try (Engine engine = Engine.launch(
            new EngineContext().directory(directory).errorHandler(ex -> error.compareAndSet(null, ex))))
        {
            begin(engine, "immediate-1", DeliveryMode.IMMEDIATE);
            begin(engine, "immediate-2", DeliveryMode.IMMEDIATE);
            begin(engine, "tailing-1", DeliveryMode.TAILING);
            begin(engine, "tailing-2", DeliveryMode.TAILING);
            publish(engine);
            await();
        }
        catch (final MeasurementException e)
        {
            report.add(new Figure("C6", "events lost or repeated", Double.NaN, "events", "<= 0", 0, false,
                "").failed(e.getMessage()));
            return;
        }
        finally
        {
            output.discard(directory);
        }
        judge(report, records, events, changes);
        report.add(Figure.detail("C6/rate", "events meanwhile, one publisher, four durable subscriptions",
            events * 1e9 / (System.nanoTime() - startNs), "events/s"));
    }

    /** Judge what durable subscriptions were handed. */
    static void judge(
        final FigureReport report, final List<SequenceRecord> records, final long events, final int changes)
    {
        long wrong = 0;
        final List<Figure> details = new ArrayList<>();
        for (final SequenceRecord one : records)
        {
            wrong += one.lost(events) + one.repeated() + one.disordered() + one.overlapping();
            details.add(Figure.detail("C6/" + one.name() + "/lost", "never handed over",
                (double)one.lost(events), "events"));
            details.add(
                Figure.detail("C6/" + one.name() + "/repeated", "handed over again", (double)one.repeated(), "events"));
            details.add(Figure.detail("C6/" + one.name() + "/disordered", "behind a later one of their priority",
                (double)one.disordered(), "events"));
        }
        report.add(Figure.atMost("C6", "lost, repeated, out of order or two at once, of " + records.size() +
            " durable subscriptions that were ended and begun again during " + events + " events", (double)wrong,
            "events", 0, Double.NaN, changes + " changes"));
        details.forEach(report::add);
    }

    private void begin(final Engine engine, final String name, final DeliveryMode mode)
    {
        final SequenceRecord one = new SequenceRecord(name);
        final SubscriptionSpec spec = SubscriptionSpec.to(TYPE, one::onEvent).durable(name).mode(mode);
        records.add(one);
        specs.add(spec);
        durable.add(engine.subscribe(spec));
    }

    private void publish(final Engine engine)
    {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_LENGTH]);
        final EventBuilder event = new EventBuilder();
        final int interval = Math.max(1, events / (changes + 1));
        int changed = 0;
        for (int i = 0; i < events; i++)
        {
            payload.putLong(0, i);
            event.clear().type(TYPE).source("perf").priority(PRIORITIES[i % PRIORITIES.length])
                .payload(payload, 0, PAYLOAD_LENGTH);
            idle.reset();
            long ticket = engine.publisher().publish(event);
            while (PublishResult.isTransient(ticket))
            {
                idle.idle();
                ticket = engine.publisher().publish(event);
            }
            if (ticket < 0)
            {
                throw new MeasurementException(
                    "publish refused: " + PublishResult.describe(ticket), engine.failure());
            }
            if (changed < changes && (i + 1) % interval == 0)
            {
                change(engine, changed++);
            }
        }
        MeasurementException.require("changes", changes, changed);
        progress.printf("%,d events published, %,d changes%n", events, changed);
    }

    private void change(final Engine engine, final int number)
    {
        final int index = number % durable.size();
        engine.unsubscribe(durable.get(index));
        durable.set(index, engine.subscribe(specs.get(index)));
        if (others.size() < TRANSIENT_HANDLERS)
        {
            others.add(engine.subscribe(SubscriptionSpec.to("fanout.*", event -> {}).name("added-" + number)));
        }
        else
        {
            engine.unsubscribe(others.remove(0));
        }
    }

    private void await()
    {
        final long startNs = System.nanoTime();
        idle.reset();
        while (records.stream().anyMatch(one -> one.count() < events))
        {
            idle.idle();
            if (error.get() != null)
            {
                throw new MeasurementException("an error was reported: " + error.get().getMessage(), error.get());
            }
            if (System.nanoTime() - startNs > TIMEOUT_NS)
            {
                // What is missing shows in the figures.
                return;
            }
        }
    }
}
