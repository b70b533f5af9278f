package io.sluice.handlers.log;

import io.sluice.event.EventBuilder;
import java.util.List;
import java.util.Map;

/**
 * Logs events. Each call returns at once with the id of the event, which is then the logger's to hand to the engine; it
 * is journaled when {@link EventLogger#flush} says so.
 *
 * <p>Thread-safe. What one thread logs with one priority is journaled in that order. All calls allocate.
 */
public interface EventLog
{
    /**
     * Log an event.
     *
     * @param type    in dot notation, for example {@code user.action}.
     * @param payload becomes a JSON object: String, Number, Boolean, null, List and Map.
     * @return id of the event.
     * @throws EventLogException if it was not taken; nothing was logged.
     * @throws io.sluice.event.EventValidationException if a value is not valid; nothing was logged.
     */
    default String log(final String type, final Map<String, ?> payload)
    {
        return log(type, payload, null);
    }

    /**
     * Log an event of a source.
     *
     * @param type    in dot notation, for example {@code user.action}.
     * @param payload becomes a JSON object.
     * @param source  who created the event, or null for the engine's own source.
     * @return id of the event.
     * @throws EventLogException if it was not taken; nothing was logged.
     * @throws io.sluice.event.EventValidationException if a value is not valid; nothing was logged.
     */
    default String log(final String type, final Map<String, ?> payload, final String source)
    {
        return log(type, payload, source, null);
    }

    /**
     * Log an event of a source and a correlation.
     *
     * @param type          in dot notation, for example {@code user.action}.
     * @param payload       becomes a JSON object.
     * @param source        who created the event, or null for the engine's own source.
     * @param correlationId groups the events of one request, or null for that of the logger, if it has one.
     * @return id of the event.
     * @throws EventLogException if it was not taken; nothing was logged.
     * @throws io.sluice.event.EventValidationException if a value is not valid; nothing was logged.
     */
    String log(String type, Map<String, ?> payload, String source, String correlationId);

    /**
     * Log an event with whatever it has. An absent id is made; an absent correlation id becomes that of the logger.
     *
     * @param event to log; may be reused at once.
     * @return id of the event.
     * @throws EventLogException if it was not taken; nothing was logged.
     * @throws io.sluice.event.EventValidationException if there is no type; nothing was logged.
     */
    String log(EventBuilder event);

    /**
     * Log several events, all or none of them: if the logger can't take them all, none is logged. What it took reaches
     * the journal as that many events, one behind the other for each priority.
     *
     * @param events to log; may be reused at once.
     * @return ids of the events, in the same order.
     * @throws EventLogException if they were not taken; nothing was logged.
     * @throws io.sluice.event.EventValidationException if one has no type; nothing was logged.
     */
    List<String> logBatch(List<EventBuilder> events);

    /**
     * Log an event whose payload follows a schema.
     *
     * @param schema  of the payload; also gives type and schema version.
     * @param payload becomes a JSON object.
     * @return id of the event.
     * @throws io.sluice.event.EventValidationException if the payload does not follow the schema; the message names all
     *                           that is wrong, and nothing was logged.
     * @throws EventLogException if it was not taken; nothing was logged.
     */
    String logStructured(EventSchema schema, Map<String, ?> payload);

    /**
     * Log a failure: as a system event with priority HIGH, with class, message and stack trace of the throwable and its
     * causes, each bounded.
     *
     * @param type    in dot notation, for example {@code error.import}.
     * @param error   that happened.
     * @param context what it was about; becomes {@code context} of the payload.
     * @return id of the event.
     * @throws EventLogException if it was not taken; nothing was logged.
     * @throws io.sluice.event.EventValidationException if a value is not valid; nothing was logged.
     */
    String logError(String type, Throwable error, Map<String, ?> context);

    /**
     * A logger that gives its events a correlation id.
     *
     * @param correlationId of each event that has none, 1 to 128 bytes of UTF-8.
     * @return the logger; closing it ends the scope and nothing else.
     * @throws io.sluice.event.EventValidationException if the id is empty or too long.
     */
    ContextualLogger withCorrelation(String correlationId);
}
