package io.sluice.engine;

import io.sluice.journal.EventAppender;

/**
 * Runs the stages and the telemetry of an engine, and what is to be forced, on the thread of its host. One thread at a
 * time; not from a handler.
 */
final class Invoker implements InvokerGate
{
    private final EngineCore core;
    private final StageLoop stages;
    private final EventAppender appender;
    private final TelemetryAgent telemetry;
    private final Delivery delivery;
    private boolean running;
    private boolean closed;

    Invoker(
        final EngineCore core,
        final StageLoop stages,
        final EventAppender appender,
        final TelemetryAgent telemetry,
        final Delivery delivery)
    {
        this.delivery = delivery;
        this.core = core;
        this.stages = stages;
        this.appender = appender;
        this.telemetry = telemetry;
    }

    void start()
    {
        stages.startStages();
        telemetry.onStart();
    }

    @Override
    public int invoke()
    {
        if (running)
        {
            throw new IllegalStateException("a handler may not invoke the engine that calls it");
        }
        if (closed)
        {
            return 0;
        }
        running = true;
        try
        {
            return stages.doWork() + delivery.invoke() + telemetry.doWork() + sync();
        }
        catch (final Exception ex)
        {
            core.onError(ex);
            return 0;
        }
        finally
        {
            running = false;
        }
    }

    private int sync()
    {
        if (core.failure() != null)
        {
            return 0;
        }
        try
        {
            return appender.sync();
        }
        catch (final Throwable ex)
        {
            // As after a failed append: nobody knows what the device holds.
            core.fail(ex);
            return 0;
        }
    }

    void close()
    {
        if (!closed)
        {
            closed = true;
            stages.onClose();
        }
    }
}
