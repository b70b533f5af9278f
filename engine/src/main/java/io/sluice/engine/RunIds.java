package io.sluice.engine;

import io.sluice.event.IdGenerator;

/** Makes run ids: positive, and different for every seed and start time. */
final class RunIds
{
    private RunIds()
    {
    }

    static long next(final EngineContext context)
    {
        final long id = new IdGenerator(context.seed()).next(context.clock().nanoTime()).low() & Long.MAX_VALUE;
        return id == 0 ? 1L : id;
    }
}
