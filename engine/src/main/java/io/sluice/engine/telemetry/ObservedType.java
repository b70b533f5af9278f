package io.sluice.engine.telemetry;

/**
 * Counts of one event type.
 *
 * @param type     event type.
 * @param count    events handled.
 * @param failures events of them for which a handler threw.
 * @param totalNs  time in handlers.
 * @param maxNs    longest time in handlers of one event.
 */
public record ObservedType(String type, long count, long failures, long totalNs, long maxNs)
{
}
