package io.sluice.engine.dedup;

import io.sluice.event.TopicPattern;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Limits of dedup.
 *
 * @param idCapacity      ids kept, 1 or more.
 * @param idHorizonNs     how long an id is kept, nanoseconds.
 * @param contentCapacity contents kept, 1 or more.
 * @param contentWindowNs how long a content is kept where no pattern says otherwise, nanoseconds; 0 for not at all.
 * @param windows         windows of types that match a pattern, nanoseconds; the first match counts.
 */
public record DedupLimits(
    int idCapacity, long idHorizonNs, int contentCapacity, long contentWindowNs, Map<TopicPattern, Long> windows)
{
    /** Keeps its own copy of the windows, in their order. */
    public DedupLimits
    {
        windows = new LinkedHashMap<>(windows);
    }

    /** @return bytes that such a dedup holds. */
    public long memory()
    {
        return RecentKeys.memory(idCapacity) + RecentKeys.memory(contentCapacity);
    }
}
