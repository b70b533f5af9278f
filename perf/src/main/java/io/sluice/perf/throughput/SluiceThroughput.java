package io.sluice.perf.throughput;

import io.sluice.engine.EngineContext;
import io.sluice.engine.ThreadingMode;
import io.sluice.event.Priority;
import io.sluice.perf.measure.Contender;
import io.sluice.perf.subject.MeasuredEngine;
import io.sluice.perf.subject.PublishPath;
import java.nio.file.Path;
import java.util.Locale;

/** One publisher in a loop before an engine with one handler, JOURNALED, all other settings at their defaults. */
public final class SluiceThroughput implements Contender
{
    private final int payloadLength;
    private final ThreadingMode threadingMode;
    private final PublishPath path;

    /**
     * @param payloadLength of the events, at least 8.
     * @param threadingMode of the engine.
     * @param path          that events take into it.
     */
    public SluiceThroughput(final int payloadLength, final ThreadingMode threadingMode, final PublishPath path)
    {
        this.payloadLength = payloadLength;
        this.threadingMode = threadingMode;
        this.path = path;
    }

    @Override
    public String name()
    {
        return "sluice-" + threadingMode.name().toLowerCase(Locale.ROOT) + "-" + path.label();
    }

    @Override
    public double eventsPerSecond(final Path directory, final int warmUp, final int events)
    {
        final EngineContext context = new EngineContext().directory(directory).threadingMode(threadingMode);
        try (MeasuredEngine engine = new MeasuredEngine(context, payloadLength, (number, priority) -> {}))
        {
            publish(engine, 0, warmUp);
            final long startNs = System.nanoTime();
            publish(engine, warmUp, events);
            final long tookNs = System.nanoTime() - startNs;
            engine.closeAndCheck();
            return events * 1e9 / tookNs;
        }
    }

    // The intended time is now: latency is not what is measured here, and the clock would be read in any case.
    private void publish(final MeasuredEngine engine, final int from, final int count)
    {
        for (int i = from; i < from + count; i++)
        {
            engine.publish(path, i, Priority.NORMAL, engine.engine().context().clock().nanoTime());
        }
        engine.awaitHandled();
    }
}
