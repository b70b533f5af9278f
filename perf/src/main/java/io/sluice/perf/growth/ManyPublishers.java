package io.sluice.perf.growth;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.PublishResult;
import io.sluice.engine.Publisher;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.measure.Contender;
import io.sluice.perf.measure.ThreadEnd;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.subject.JournalSum;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;

/** Several threads, each with a publisher of its own, share the events of a round; one handler. */
final class ManyPublishers implements Contender
{
    private static final long TIMEOUT_NS = 120_000_000_000L;

    private final int publishers;
    private final int payloadLength;

    /**
     * @param publishers    threads, at least 1.
     * @param payloadLength of the events, at least 8.
     */
    ManyPublishers(final int publishers, final int payloadLength)
    {
        this.publishers = publishers;
        this.payloadLength = payloadLength;
    }

    @Override
    public String name()
    {
        return publishers + "-publishers";
    }

    @Override
    public double eventsPerSecond(final Path directory, final int warmUp, final int events)
    {
        try (Run run = new Run(directory))
        {
            run.publish(0, warmUp);
            final long startNs = System.nanoTime();
            run.publish(warmUp, events);
            final long tookNs = System.nanoTime() - startNs;
            run.closeAndCheck(directory, warmUp + (long)events);
            return events * 1e9 / tookNs;
        }
    }

    /** One engine, its handler and its publishers. */
    private final class Run implements AutoCloseable
    {
        private final AtomicLong handled = new AtomicLong();
        private final AtomicReference<Throwable> failure = new AtomicReference<>();
        private final List<Publisher> shares = new ArrayList<>();
        private final Engine engine;
        // Of the handling thread, read once all is handled.
        private long handledSum;
        private long published;

        private Run(final Path directory)
        {
            engine = Engine.launch(new EngineContext().directory(directory).subscribe(
                SubscriptionSpec.to(RecordTemplate.TYPE.toString(), this::onEvent).name("measured")));
            for (int i = 0; i < publishers; i++)
            {
                shares.add(engine.publisher("publisher-" + i));
            }
        }

        private void onEvent(final EventFlyweight event)
        {
            handledSum += JournalSum.numberOf(event);
            handled.setRelease(handled.getPlain() + 1);
        }

        /** Publish numbers, and wait until they are handled. */
        private void publish(final int from, final int count)
        {
            final List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < publishers; i++)
            {
                final int share = i;
                threads.add(new Thread(() -> publishShare(share, from, count), "perf-publish-" + i));
            }
            threads.forEach(Thread::start);
            threads.forEach(ThreadEnd::await);
            published += count;
            final IdleStrategy idle = new YieldingIdleStrategy();
            final long deadlineNs = System.nanoTime() + TIMEOUT_NS;
            while (handled.getAcquire() < published && failure.get() == null)
            {
                idle.idle();
                if (engine.failure() != null || System.nanoTime() - deadlineNs > 0)
                {
                    failure.compareAndSet(null, engine.failure() != null ? engine.failure() :
                        new MeasurementException("only " + handled + " of " + published + " events were handled"));
                }
            }
            if (failure.get() != null)
            {
                throw new MeasurementException("publishing failed: " + failure.get().getMessage(), failure.get());
            }
        }

        private void publishShare(final int share, final int from, final int count)
        {
            try
            {
                final UnsafeBuffer payload = RecordTemplate.payload(payloadLength);
                final EventBuilder event = new EventBuilder();
                final IdleStrategy idle = new YieldingIdleStrategy();
                for (int i = from + share; i < from + count; i += publishers)
                {
                    payload.putLong(0, i);
                    event.clear().type(RecordTemplate.TYPE.toString()).source(RecordTemplate.SOURCE.toString())
                        .priority(Priority.NORMAL).payload(payload, 0, payloadLength);
                    idle.reset();
                    long ticket = shares.get(share).publish(event);
                    while (PublishResult.isTransient(ticket))
                    {
                        idle.idle();
                        ticket = shares.get(share).publish(event);
                    }
                    if (ticket < 0)
                    {
                        throw new MeasurementException(
                            "publish refused: " + PublishResult.describe(ticket), engine.failure());
                    }
                }
            }
            catch (final RuntimeException e)
            {
                failure.compareAndSet(null, e);
            }
        }

        private void closeAndCheck(final Path directory, final long events)
        {
            close();
            final long sum = events * (events - 1) / 2;
            MeasurementException.require("events handled", events, handled.get());
            MeasurementException.require("sum of the numbers handled", sum, handledSum);
            JournalSum.of(directory).check(events, sum);
        }

        @Override
        public void close()
        {
            engine.close();
        }
    }
}
