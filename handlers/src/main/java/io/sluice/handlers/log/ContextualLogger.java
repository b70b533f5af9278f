package io.sluice.handlers.log;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventValidationException;
import java.util.List;
import java.util.Map;

/**
 * A logger whose events belong to one correlation.
 *
 * <pre>{@code
 * try (ContextualLogger session = logger.withCorrelation("session_abc"))
 * {
 *     session.log("process.started", Map.of("step", "validation"));
 *     session.log("process.completed", Map.of("step", "validation"));
 * }
 * }</pre>
 *
 * <p>Closing it ends nothing but its scope: what is logged later is logged all the same.
 */
public final class ContextualLogger implements EventLog, AutoCloseable
{
    private final EventLogger logger;
    private final String correlationId;

    ContextualLogger(final EventLogger logger, final String correlationId)
    {
        if (correlationId == null || correlationId.isEmpty())
        {
            throw new EventValidationException(
                "correlationId", String.valueOf(correlationId), "use 1 to 128 bytes, for example session_abc");
        }
        // Too long a one is refused here and not at each event.
        new EventBuilder().correlationId(correlationId);
        this.logger = logger;
        this.correlationId = correlationId;
    }

    /** @return the correlation id. */
    public String correlationId()
    {
        return correlationId;
    }

    @Override
    public String log(final String type, final Map<String, ?> payload, final String source, final String correlation)
    {
        return logger.log(type, payload, source, correlation == null ? correlationId : correlation);
    }

    @Override
    public String log(final EventBuilder event)
    {
        return logger.logAll(List.of(event), correlationId).get(0);
    }

    @Override
    public List<String> logBatch(final List<EventBuilder> events)
    {
        return logger.logAll(events, correlationId);
    }

    @Override
    public String logStructured(final EventSchema schema, final Map<String, ?> payload)
    {
        return logger.logStructured(schema, payload, correlationId);
    }

    @Override
    public String logError(final String type, final Throwable error, final Map<String, ?> context)
    {
        return logger.logError(type, error, context, correlationId);
    }

    @Override
    public ContextualLogger withCorrelation(final String other)
    {
        return logger.withCorrelation(other);
    }

    /** Ends the scope; does nothing. */
    @Override
    public void close()
    {
        // The logger that it belongs to goes on.
    }
}
