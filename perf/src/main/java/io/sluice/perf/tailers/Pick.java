package io.sluice.perf.tailers;

import io.sluice.event.Priority;

/**
 * A filter, and the same said in Java, by the number and the priority of an event.
 *
 * @param filter in the filter language.
 * @param test   that must give the same.
 */
record Pick(String filter, Test test)
{
    /** Whether an event is picked. */
    @FunctionalInterface
    interface Test
    {
        /** @return true if it is. */
        boolean holds(long number, Priority priority);
    }

    /** @return one of a hundred different ones, over types, priorities, sources, payloads, and all of them. */
    static Pick of(final int index)
    {
        final int kind = index % 5;
        final int which = index / 5 % PerfEvents.TYPES;
        final int other = (which + 7) % PerfEvents.TYPES;
        return switch (kind)
        {
            case 0 -> new Pick(
                "type = '" + PerfEvents.typeName(which) + "'",
                (number, priority) -> PerfEvents.typeOf(number) == which);
            case 1 -> new Pick(
                "type MATCHES 'perf.t" + which + ".*' AND priority >= 'normal'",
                (number, priority) -> PerfEvents.typeOf(number) == which && priority != Priority.LOW);
            case 2 -> new Pick(
                "source = '" + PerfEvents.sourceName(which) + "' AND priority = 'high'",
                (number, priority) -> PerfEvents.sourceOf(number) == which && priority == Priority.HIGH);
            case 3 -> new Pick(
                "payload.n % 20 = " + which,
                (number, priority) -> PerfEvents.payloadNumber(number) % 20 == which);
            default -> new Pick(
                "type IN ('" + PerfEvents.typeName(which) + "', '" + PerfEvents.typeName(other) +
                "') AND payload.even = 'y' AND payload.n % 3 != 0",
                (number, priority) ->
                    (PerfEvents.typeOf(number) == which || PerfEvents.typeOf(number) == other) && number % 2 == 0 &&
                    PerfEvents.payloadNumber(number) % 3 != 0);
        };
    }
}
