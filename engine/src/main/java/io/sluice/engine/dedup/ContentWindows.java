package io.sluice.engine.dedup;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.TopicPattern;
import java.util.Map;

/** Finds the content window of an event's type. Allocates nothing after construction. */
final class ContentWindows
{
    private static final long NS_PER_MS = 1_000_000L;

    private final TopicPattern[] patterns;
    private final long[] patternWindowsMs;
    private final long defaultMs;
    private final long longestMs;

    ContentWindows(final DedupLimits limits)
    {
        defaultMs = limits.contentWindowNs() / NS_PER_MS;
        patterns = new TopicPattern[limits.windows().size()];
        patternWindowsMs = new long[patterns.length];
        long longest = defaultMs;
        int i = 0;
        for (final Map.Entry<TopicPattern, Long> window : limits.windows().entrySet())
        {
            patterns[i] = window.getKey();
            patternWindowsMs[i] = window.getValue() / NS_PER_MS;
            longest = Math.max(longest, patternWindowsMs[i]);
            i++;
        }
        longestMs = longest;
    }

    long windowMs(final EventFlyweight event)
    {
        for (int i = 0; i < patterns.length; i++)
        {
            if (patterns[i].matches(
                event.buffer(), event.fieldOffset(EventField.TYPE), event.fieldLength(EventField.TYPE)))
            {
                return patternWindowsMs[i];
            }
        }
        return defaultMs;
    }

    long longestMs()
    {
        return longestMs;
    }
}
