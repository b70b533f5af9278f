package io.sluice.event.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sluice.event.EventFilterException;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventJson;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventFilterSetTest
{
    private final FilterFixture fixture = new FilterFixture();
    private final EventFilterSet set = new EventFilterSet();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldAgreeWithEachFilterAloneWhenFiltersComeAndGo(final long seed)
    {
        final Random random = new Random(seed);
        final List<EventFlyweight> events = randomEvents(seed, 300);
        final RandomFilters randomFilters = new RandomFilters(seed, 300);
        final Map<Integer, EventFilter> present = new HashMap<>();
        long matches = 0;
        for (int round = 0; round < 4_000; round++)
        {
            if (random.nextInt(4) == 0)
            {
                final EventFilter filter = compile(filterText(random, randomFilters));
                if (filter != null)
                {
                    assertEquals(null, present.put(set.add(filter), filter));
                }
            }
            if (!present.isEmpty() && random.nextInt(present.size() > 60 ? 2 : 6) == 0)
            {
                final List<Integer> ids = new ArrayList<>(present.keySet());
                final int id = ids.get(random.nextInt(ids.size()));
                set.remove(id);
                present.remove(id);
            }
            assertEquals(present.size(), set.size());
            final EventFlyweight event = events.get(random.nextInt(events.size()));
            final Set<Integer> expected = new TreeSet<>();
            present.forEach((id, filter) ->
            {
                if (filter.matches(event))
                {
                    expected.add(id);
                }
            });
            assertEquals(expected, new TreeSet<>(matched(event)), "round " + round + " of seed " + seed);
            set.look(event);
            present.keySet().forEach((id) ->
                assertEquals(expected.contains(id), set.matches(id), "filter " + id + " of seed " + seed));
            matches += expected.size();
        }
        assertTrue(matches > 10_000, matches + " matches");
    }

    @Test
    void shouldAgreeWhenMoreTypesComeThanAreRemembered()
    {
        final List<EventFilter> filters = new ArrayList<>();
        for (int i = 0; i < 20; i++)
        {
            filters.add(EventFilter.of("type LIKE '%." + i + "%' AND priority >= '" + (i % 2 == 0 ? "high" : "low") +
                "'"));
            set.add(filters.get(i));
        }
        final Random random = new Random(3);
        final String[] priorities = {"critical", "high", "normal", "low"};
        for (int i = 0; i < 30_000; i++)
        {
            // Of 5,000 types a few come often.
            final int number = random.nextBoolean() ? random.nextInt(20) : random.nextInt(5_000);
            fixture.builder.type("t." + number)
                .priority(io.sluice.event.Priority.parse(priorities[random.nextInt(priorities.length)]));
            final EventFlyweight event = fixture.encode(i + 1);
            final List<Integer> expected = new ArrayList<>();
            for (int id = 0; id < filters.size(); id++)
            {
                if (filters.get(id).matches(event))
                {
                    expected.add(id);
                }
            }
            assertEquals(expected, matched(event));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "TRUE | true",
        "payload.ok | true",
        "payload.status | false",
        "payload.ok AND TRUE | true",
        "TRUE AND (payload.ok AND type LIKE 'pipeline.%') | true",
        "type LIKE 'order.%' AND payload.ok | false",
        "type AND TRUE | false",
        "missing AND type LIKE 'pipeline.%' | false",
        "type = 'pipeline.stage.completed' AND priority = 'high' | true",
        "LENGTH(type) = 24 AND UPPER(type) LIKE 'PIPE%' AND NOT (type IN ('a', 'b')) AND EXISTS type | true",
        "-LENGTH(type) < 1 AND LENGTH(type) + 1 > 2.5 AND type MATCHES 'pipeline.*' AND type REGEXP 'stage' | true",
        "type CONTAINS 'stage' AND metadata.host = 'worker-01' AND hops > 5 | true"})
    void shouldAgreeWithTheFilterAloneWhenItIsTakenApart(final String text, final boolean expected)
    {
        final EventFlyweight event = fixture.sample();
        final EventFilter filter = EventFilter.of(text);
        assertEquals(expected, filter.matches(event));
        final int id = set.add(filter);
        assertEquals(expected ? List.of(id) : List.of(), matched(event));
        assertEquals(expected ? List.of(id) : List.of(), matched(event), "a second time");
    }

    @Test
    void shouldAllocateNothingWhenOnlyFieldsAreLookedAt()
    {
        final List<EventFlyweight> events = randomEvents(9, 100);
        final List<String> types = events.stream().map(EventFlyweight::type).distinct().toList();
        for (int i = 0; i < 100; i++)
        {
            set.add(EventFilter.of(
                "type = '" + types.get(i % types.size()) + "' AND source LIKE '%" +
                (char)('a' + i % 26) + "%' AND priority >= 'normal' AND sequence % 100 != " + i));
        }
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        long allocated = Long.MAX_VALUE;
        long count = 0;
        for (int round = 0; round < 20 && allocated > 0; round++)
        {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++)
            {
                count += set.match(events.get(i % 100));
            }
            allocated = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertTrue(count > 0);
        assertEquals(0, allocated);
    }

    @Test
    void shouldRefuseWhenAFilterIsRemovedThatIsNotThere()
    {
        final int id = set.add(EventFilter.of("TRUE"));
        set.remove(id);
        assertEquals(
            "id=0 is of no filter in this set",
            assertThrows(IllegalArgumentException.class, () -> set.remove(id)).getMessage());
        assertThrows(IllegalArgumentException.class, () -> set.remove(-1));
        assertThrows(IllegalArgumentException.class, () -> set.remove(100));
        assertEquals(0, set.match(fixture.sample()));
    }

    private List<Integer> matched(final EventFlyweight event)
    {
        final List<Integer> ids = new ArrayList<>();
        final int count = set.match(event);
        for (int i = 0; i < count; i++)
        {
            ids.add(set.matched(i));
        }
        return ids;
    }

    private List<EventFlyweight> randomEvents(final long seed, final int count)
    {
        final RandomEvents random = new RandomEvents(seed, count);
        final EventJson reader = new EventJson();
        final List<EventFlyweight> events = new ArrayList<>();
        for (int i = 1; i <= count; i++)
        {
            random.next().read(reader, fixture.builder);
            final EventFlyweight event = fixture.encode(i);
            final UnsafeBuffer copy = new UnsafeBuffer(new byte[event.recordLength()]);
            event.copyTo(copy, 0);
            events.add(new EventFlyweight().wrap(copy, 0));
        }
        return events;
    }

    private static String filterText(final Random random, final RandomFilters filters)
    {
        return switch (random.nextInt(4))
        {
            case 0 -> "type MATCHES 'order.*' AND (" + filters.next() + ")";
            case 1 -> "(" + filters.next() + ") AND priority >= 'normal' AND (" + filters.next() + ")";
            case 2 -> "priority = 'high' OR type LIKE 'p%'";
            default -> filters.next();
        };
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
