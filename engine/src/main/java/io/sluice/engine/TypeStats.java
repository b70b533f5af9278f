package io.sluice.engine;

/**
 * What became of the events of one type.
 *
 * @param type     event type, or {@code (other)} for the types beyond the bound of the table.
 * @param count    events handled.
 * @param failures events of them for which a handler threw.
 * @param totalNs  time in handlers.
 * @param maxNs    longest time in handlers of one event.
 */
public record TypeStats(String type, long count, long failures, long totalNs, long maxNs)
{
}
