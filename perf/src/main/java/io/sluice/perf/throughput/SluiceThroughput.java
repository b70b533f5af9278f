package io.sluice.perf.throughput;

import io.sluice.engine.EngineContext;
import io.sluice.engine.ThreadingMode;
import io.sluice.perf.measure.Contender;
import io.sluice.perf.subject.MeasuredEngine;
import io.sluice.perf.subject.PublishPath;
import io.sluice.perf.subject.TimedStream;
import java.nio.file.Path;
import java.util.Locale;

/** One publisher in a loop before an engine with one handler, JOURNALED, all other settings at their defaults. */
public final class SluiceThroughput implements Contender
{
    private final int payloadLength;
    private final ThreadingMode threadingMode;
    private final PublishPath path;
    private final TimedStream stream = new TimedStream();

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
            final double rate = stream.run(engine, path, warmUp, events);
            engine.closeAndCheck();
            return rate;
        }
    }

    @Override
    public String profile()
    {
        return stream.profile();
    }

    /** @return events per second if no processor ever rested, at what an event took of them in the last round. */
    double mostPerSecond()
    {
        return stream.mostPerSecond();
    }
}
