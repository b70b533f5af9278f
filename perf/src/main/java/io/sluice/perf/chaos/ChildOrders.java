package io.sluice.perf.chaos;

import io.sluice.engine.ThreadingMode;
import java.nio.file.Path;
import java.util.List;

/**
 * What the parent wants of a child: its arguments.
 *
 * @param directory     of the engine.
 * @param log           to write to.
 * @param threadingMode of the engine.
 * @param seed          of everything random.
 * @param firstNumber   of the events that it may publish.
 * @param isFirst       whether nothing was ever subscribed.
 * @param isFinish      whether to publish nothing, fail only where nothing helps, and bring everything to rest.
 * @param eventsPerS    that it publishes at most.
 * @param hangMs        how long a hanging call hangs, milliseconds.
 */
record ChildOrders(
    Path directory,
    Path log,
    ThreadingMode threadingMode,
    long seed,
    long firstNumber,
    boolean isFirst,
    boolean isFinish,
    int eventsPerS,
    int hangMs)
{
    /** On stdin: close the engine in order and end. */
    static final String CLOSE = "close";

    List<String> toArguments()
    {
        return List.of(
            directory.toString(),
            log.toString(),
            threadingMode.name(),
            Long.toString(seed),
            Long.toString(firstNumber),
            Boolean.toString(isFirst),
            Boolean.toString(isFinish),
            Integer.toString(eventsPerS),
            Integer.toString(hangMs));
    }

    static ChildOrders parse(final String[] arguments)
    {
        return new ChildOrders(
            Path.of(arguments[0]),
            Path.of(arguments[1]),
            ThreadingMode.valueOf(arguments[2]),
            Long.parseLong(arguments[3]),
            Long.parseLong(arguments[4]),
            Boolean.parseBoolean(arguments[5]),
            Boolean.parseBoolean(arguments[6]),
            Integer.parseInt(arguments[7]),
            Integer.parseInt(arguments[8]));
    }
}
