package io.sluice.engine;

import io.sluice.engine.telemetry.TelemetryWriter;
import org.agrona.ErrorHandler;

/** Takes every error of an engine to the mapped error log and to the host's handler. Thread-safe. */
final class EngineErrors implements ErrorHandler
{
    private final ErrorHandler host;
    private volatile TelemetryWriter writer;

    EngineErrors(final ErrorHandler host)
    {
        this.host = host;
    }

    void writer(final TelemetryWriter value)
    {
        writer = value;
    }

    @Override
    public void onError(final Throwable error)
    {
        final TelemetryWriter current = writer;
        if (current != null)
        {
            current.error(error);
        }
        host.onError(error);
    }
}
