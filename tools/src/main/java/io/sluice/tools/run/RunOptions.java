package io.sluice.tools.run;

import io.sluice.engine.EngineContext;
import io.sluice.handlers.source.EventRate;
import java.util.List;

/**
 * What to run.
 *
 * @param sources their names.
 * @param rate    events per second of each source, or null for as fast as possible.
 * @param limitNs longest time to feed, nanoseconds.
 * @param isJson  true for programs.
 * @param context of the engine; the run adds its subscription.
 */
public record RunOptions(List<String> sources, EventRate rate, long limitNs, boolean isJson, EngineContext context)
{
}
