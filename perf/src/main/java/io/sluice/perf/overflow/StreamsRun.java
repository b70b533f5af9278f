package io.sluice.perf.overflow;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.PublishResult;
import io.sluice.engine.stream.EventStream;
import io.sluice.engine.stream.EventStreamSpec;
import io.sluice.engine.stream.EventStreams;
import io.sluice.engine.stream.MissedEvents;
import io.sluice.engine.stream.StreamHandler;
import io.sluice.engine.stream.StreamOverflow;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.perf.report.Figure;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.MeasurementException;
import io.sluice.perf.report.RawOutput;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.YieldingIdleStrategy;

/**
 * An engine with all defaults and a hundred streams of everything. Half of them are read all the time and wait for what
 * they have no room for; half are not read until the end, and lose the oldest with a notice. All events must be
 * accounted for, and heap and direct memory, the engine's and the streams' together, stay within the engine's bound.
 */
final class StreamsRun
{
    /** Streams that an engine has by default at most. */
    static final int STREAMS = 100;
    private static final int COLLECTIONS = 5;

    private static final int PAYLOAD_LENGTH = 256;
    private static final int POLL_LIMIT = 256;
    private static final long MOST_BYTES = 100_000_000L;
    private static final long TIMEOUT_NS = 120_000_000_000L;

    private final RawOutput output;
    private final int events;
    private final IdleStrategy idle = new YieldingIdleStrategy();

    StreamsRun(final RawOutput output, final int events)
    {
        this.output = output;
        this.events = events;
    }

    /** One subscriber. */
    static final class Reader implements StreamHandler
    {
        private long delivered;
        private long missed;
        private long last;
        private boolean isDisordered;

        @Override
        public void onEvent(final EventFlyweight event)
        {
            add(event.sequence());
        }

        void add(final long sequence)
        {
            delivered++;
            isDisordered |= sequence <= last;
            last = sequence;
        }

        @Override
        public void onMissed(final MissedEvents range)
        {
            missed += range.count();
        }

        /** @return events that it knows of. */
        long known()
        {
            return delivered + missed;
        }

        long missed()
        {
            return missed;
        }

        boolean isDisordered()
        {
            return isDisordered;
        }
    }

    void run(final FigureReport report)
    {
        final Path directory = output.scratch("streams");
        final long before = heldBytes();
        final List<Reader> readers = new ArrayList<>();
        long held = 0;
        try (Engine engine = Engine.launch(new EngineContext().directory(directory));
            EventStreams streams = EventStreams.on(engine))
        {
            final List<EventStream> opened = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++)
            {
                opened.add(streams.subscribe(EventStreamSpec.of("stream-" + i)
                    .overflow(i % 2 == 0 ? StreamOverflow.WAIT : StreamOverflow.DROP_OLDEST)));
                readers.add(new Reader());
            }
            publish(engine, opened, readers);
            held = heldBytes() - before;
            readRest(opened, readers);
        }
        catch (final MeasurementException e)
        {
            report.add(
                Figure.detail("D13", "memory of an engine with " + STREAMS + " streams", Double.NaN, "bytes")
                    .failed(e.getMessage()));
            return;
        }
        finally
        {
            output.discard(directory);
        }
        judge(report, readers, events, held);
    }

    /** Judge what the subscribers got; those with an even index must have missed nothing. */
    static void judge(final FigureReport report, final List<Reader> readers, final long events, final long held)
    {
        long wrong = 0;
        long missed = 0;
        for (int i = 0; i < readers.size(); i++)
        {
            final Reader reader = readers.get(i);
            wrong += Math.abs(events - reader.known()) + (reader.isDisordered() ? 1 : 0);
            wrong += i % 2 == 0 ? reader.missed() : 0;
            missed += reader.missed();
        }
        final Figure memory = Figure.atMost("D13", "heap and direct memory of an engine with " + readers.size() +
            " streams, half of them full", (double)held, "bytes", MOST_BYTES, Double.NaN, "after a collection");
        report.add(wrong == 0 ? memory : memory.failed(wrong + " events not accounted for"));
        report.add(Figure.detail("D13/missed", "told as missed to those that were not read", (double)missed, "events"));
        report.add(Figure.detail("D13/wrong", "not accounted for", (double)wrong, "events"));
    }

    private void publish(final Engine engine, final List<EventStream> streams, final List<Reader> readers)
    {
        final UnsafeBuffer payload = new UnsafeBuffer(new byte[PAYLOAD_LENGTH]);
        final EventBuilder event = new EventBuilder();
        for (int i = 0; i < events; i++)
        {
            payload.putLong(0, i);
            event.clear().type("overflow.stream").source("perf").priority(Priority.NORMAL)
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
            if (i % POLL_LIMIT == 0)
            {
                for (int stream = 0; stream < streams.size(); stream += 2)
                {
                    streams.get(stream).poll(readers.get(stream), POLL_LIMIT);
                }
            }
        }
    }

    private void readRest(final List<EventStream> streams, final List<Reader> readers)
    {
        final long beginNs = System.nanoTime();
        for (int i = 0; i < streams.size(); i++)
        {
            idle.reset();
            while (readers.get(i).known() < events)
            {
                idle.idle(streams.get(i).poll(readers.get(i), POLL_LIMIT));
                if (System.nanoTime() - beginNs > TIMEOUT_NS)
                {
                    throw new MeasurementException(
                        streams.get(i).spec().name() + " knows of " + readers.get(i).known() + " of " + events);
                }
            }
        }
    }

    // Direct memory goes some time after the collection that finds its buffer, by a thread of the JVM: of several looks
    // the least counts, or what an earlier part has left would be taken for what this one needs less.
    private static long heldBytes()
    {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++)
        {
            System.gc();
            long bytes = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            for (final BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class))
            {
                bytes += "direct".equals(pool.getName()) ? pool.getMemoryUsed() : 0;
            }
            least = Math.min(least, bytes);
        }
        return least;
    }
}
