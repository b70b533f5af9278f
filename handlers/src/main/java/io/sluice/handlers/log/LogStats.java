package io.sluice.handlers.log;

/**
 * Figures of a logger.
 *
 * @param logged   events that it took.
 * @param refused  events that it did not take, because the engine had no room and its own buffer neither, or because
 *                 the engine refused them for good.
 * @param held     events that wait in its buffer for room in the engine.
 * @param failed   events that it took and held, and that the engine then refused for good; their ids were reported to
 *                 the engine's error handler.
 */
public record LogStats(long logged, long refused, int held, long failed)
{
}
