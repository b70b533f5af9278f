package io.sluice.event.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFilterException;
import io.sluice.event.EventFlyweight;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random filters over random events, compiled and naive, agree. {@code sluice.oracle.filters} and
 * {@code sluice.oracle.events} say how many, {@code sluice.oracle.seed} which.
 */
class FilterOracleTest
{
    private static final Logger LOGGER = LoggerFactory.getLogger(FilterOracleTest.class);

    @Test
    void shouldAgreeWithTheNaiveEvaluatorWhenFiltersAndEventsAreRandom()
    {
        final int filters = Integer.getInteger("sluice.oracle.filters", 1_000);
        final int events = Integer.getInteger("sluice.oracle.events", 500);
        final long seed = Long.getLong("sluice.oracle.seed", 1);
        final List<Map<String, Object>> maps = new ArrayList<>();
        final List<EventFlyweight> records = new ArrayList<>();
        final RandomEventMaps randomEvents = new RandomEventMaps(seed);
        final FilterFixture fixture = new FilterFixture();
        for (int i = 1; i <= events; i++)
        {
            final Map<String, Object> map = randomEvents.next();
            final EventFlyweight event = fixture.json(RandomEventMaps.eventJson(map), i);
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[event.recordLength()]);
            event.copyTo(copy, 0);
            records.add(new EventFlyweight().wrap(copy, 0));
            map.put("SEQUENCE", (long)i);
            maps.add(map);
        }
        final RandomFilters randomFilters = new RandomFilters(seed);
        long matching = 0;
        int useful = 0;
        for (int i = 0; i < filters; i++)
        {
            final String text = randomFilters.next();
            final EventFilter filter = compile(text);
            if (filter == null)
            {
                continue;
            }
            int matches = 0;
            for (int j = 0; j < events; j++)
            {
                final boolean expected = new NaiveFilter(maps.get(j)).matches(filter.expression());
                final int number = j;
                assertEquals(expected, filter.matches(records.get(j)), () -> text + " on " +
                    RandomEventMaps.eventJson(maps.get(number)) + " (seed " + seed + ")");
                matches += expected ? 1 : 0;
            }
            matching += matches;
            useful += matches > 0 && matches < events ? 1 : 0;
        }
        LOGGER.warn(
            "filter oracle: {} filters over {} events from seed {}, {} of them pick some and not all, {} matches",
            filters, events, seed, useful, matching);
        assertTrue(useful > filters / 3, useful + " of " + filters + " filters pick some and not all");
    }

    // A literal that no priority or time is makes a filter that is refused.
    private static EventFilter compile(final String text)
    {
        try
        {
            return EventFilter.of(text);
        }
        catch (final EventFilterException ex)
        {
            return null;
        }
    }
}
