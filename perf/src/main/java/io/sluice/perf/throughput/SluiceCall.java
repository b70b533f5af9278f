package io.sluice.perf.throughput;

import io.sluice.engine.EngineContext;
import io.sluice.event.Priority;
import io.sluice.perf.subject.MeasuredEngine;
import io.sluice.perf.subject.PublishPath;
import java.nio.file.Path;
import org.agrona.concurrent.EpochNanoClock;

/** Publishes to an engine with all settings at their defaults. */
final class SluiceCall implements PublishCall
{
    private final MeasuredEngine engine;
    private final EpochNanoClock clock;
    private final PublishPath path;

    SluiceCall(final Path directory, final int payloadLength, final PublishPath path)
    {
        engine = new MeasuredEngine(
            new EngineContext().directory(directory), payloadLength, (number, priority) -> {});
        clock = engine.engine().context().clock();
        this.path = path;
    }

    @Override
    public void publish(final long number)
    {
        engine.publish(path, number, Priority.NORMAL, clock.nanoTime());
    }

    @Override
    public long handled()
    {
        return engine.handled();
    }

    @Override
    public void close()
    {
        try (engine)
        {
            engine.closeAndCheck();
        }
    }
}
