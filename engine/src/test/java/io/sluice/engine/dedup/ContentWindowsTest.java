package io.sluice.engine.dedup;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.event.TopicPattern;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContentWindowsTest
{
    private static final long NS_PER_MS = 1_000_000L;

    private final Records records = new Records();

    @Test
    void shouldTakeTheFirstPatternThatMatchesWhenSeveralDo()
    {
        final ContentWindows windows = windows("file.created", 5, "file.*", 50, "**", 500);
        assertEquals(5, windowOf(windows, "file.created"));
        assertEquals(50, windowOf(windows, "file.deleted"));
        assertEquals(500, windowOf(windows, "git.commit"));
        final ContentWindows reversed = windows("**", 500, "file.*", 50, "file.created", 5);
        assertEquals(500, windowOf(reversed, "file.created"));
    }

    @Test
    void shouldTakeTheDefaultWhenNoPatternMatches()
    {
        final ContentWindows windows = windows("a.*", 5, "b.*", 50, "c.*", 0);
        assertEquals(1000, windowOf(windows, "z.y"));
        assertEquals(0, windowOf(windows, "c.y"));
    }

    @Test
    void shouldKnowTheLongestWindowWhenPatternsAreLongerOrShorterThanTheDefault()
    {
        assertEquals(1000, windows("a.*", 5, "b.*", 50, "c.*", 0).longestMs());
        assertEquals(5000, windows("a.*", 5, "b.*", 5000, "c.*", 0).longestMs());
    }

    @Test
    void shouldNotFollowLaterChangesWhenTheMapIsTheCallers()
    {
        final Map<TopicPattern, Long> map = new LinkedHashMap<>();
        map.put(TopicPattern.of("a.*"), NS_PER_MS);
        final DedupLimits limits = new DedupLimits(1, 1, 1, 1, map);
        map.clear();
        assertEquals(1, limits.windows().size());
    }

    private long windowOf(final ContentWindows windows, final String type)
    {
        return windows.windowMs(records.event("id", type, "x"));
    }

    private static ContentWindows windows(
        final String first,
        final long firstMs,
        final String second,
        final long secondMs,
        final String third,
        final long thirdMs)
    {
        final Map<TopicPattern, Long> map = new LinkedHashMap<>();
        map.put(TopicPattern.of(first), firstMs * NS_PER_MS);
        map.put(TopicPattern.of(second), secondMs * NS_PER_MS);
        map.put(TopicPattern.of(third), thirdMs * NS_PER_MS);
        return new ContentWindows(new DedupLimits(1, 1, 1, 1000 * NS_PER_MS, map));
    }
}
