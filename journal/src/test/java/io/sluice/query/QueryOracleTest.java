package io.sluice.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.filter.NaiveEvent;
import io.sluice.event.filter.NaiveFilter;
import io.sluice.event.filter.RandomEvents;
import io.sluice.event.filter.RandomFilters;
import io.sluice.index.IndexFixture;
import io.sluice.query.QueryResult.End;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random queries over a journal of random events hand out what a naive evaluator picks from a list, in every order,
 * range and number, with an index that is behind by a fifth of the events, and without one.
 * {@code sluice.oracle.filters} and {@code sluice.oracle.events} say how many, {@code sluice.oracle.seed} which.
 */
class QueryOracleTest
{
    private static final Logger LOGGER = LoggerFactory.getLogger(QueryOracleTest.class);
    private static final int FILES = 12;
    private static final int BYTES_PER_EVENT = 700;
    private static final int MIN_ROLL_SIZE = 1 << 16;

    private final int filters = Integer.getInteger("sluice.oracle.filters", 500);
    private final int events = Integer.getInteger("sluice.oracle.events", 2_000);
    private final long seed = Long.getLong("sluice.oracle.seed", 1);
    private final Random random = new Random(seed);
    private final RandomEvents randomEvents = new RandomEvents(seed, events);
    private final List<NaiveEvent> naiveEvents = new ArrayList<>();
    private long delivered;
    private long scanned;
    private long scannedWithIndex;
    private int limited;
    private int useful;

    @TempDir
    private Path directory;

    @Test
    void shouldHandOutWhatTheNaiveEvaluatorPicksWhenQueriesAndEventsAreRandom()
    {
        final long rolls = fill();
        final RandomFilters randomFilters = new RandomFilters(seed, events);
        try (JournalQuery scanning = open(false);
            JournalQuery indexed = open(true))
        {
            for (int i = 0; i < filters; i++)
            {
                compare(scanning, indexed, randomFilters.next());
            }
        }
        LOGGER.warn(
            "query oracle: {} queries over {} events in {} files from seed {} agree, {} of them pick some and not " +
            "all, {} end at their limit; {} events handed out, {} looked at, {} with the index",
            filters, events, rolls + 1, seed, useful, limited, delivered, scanned, scannedWithIndex);
        assertTrue(scannedWithIndex < scanned, "the index is not used");
        assertTrue(rolls > 0, "the journal has one file only");
        assertTrue(useful > filters / 4, useful + " of " + filters + " queries pick some and not all");
        assertTrue(limited > filters / 50, limited + " of " + filters + " queries end at their limit");
    }

    /** What is put to the test. */
    private JournalQuery open(final boolean useIndex)
    {
        return JournalQuery.open(
            new QueryContext().directory(directory).useIndex(useIndex).index(IndexFixture.context(directory)));
    }

    private long fill()
    {
        long rolls = 0;
        final int rollSize = Math.max(MIN_ROLL_SIZE, (int)((long)events * BYTES_PER_EVENT / FILES) >> 16 << 16);
        try (QueryFixture journal = new QueryFixture(directory, rollSize))
        {
            for (int i = 0; i < events; i++)
            {
                final NaiveEvent event = randomEvents.next();
                naiveEvents.add(event);
                rolls = journal.append(event);
                if (i == events / 5 * 4)
                {
                    IndexFixture.indexAll(directory);
                }
            }
        }
        return rolls;
    }

    private void compare(final JournalQuery scanning, final JournalQuery indexed, final String filter)
    {
        final EventQuery query = query(filter);
        final List<Long> expected = expected(query);
        final QueryResult result = compare(scanning, query, expected);
        scannedWithIndex += compare(indexed, query, expected).scanned();
        limited += expected.size() > query.limit() ? 1 : 0;
        delivered += result.delivered();
        scanned += result.scanned();
        useful += !expected.isEmpty() && expected.size() < events ? 1 : 0;
    }

    private QueryResult compare(final JournalQuery journal, final EventQuery query, final List<Long> expected)
    {
        final List<Long> sequences = new ArrayList<>();
        final QueryResult result = journal.run(query, (event) -> sequences.add(event.sequence()));
        final long limit = query.limit();
        final List<Long> first = expected.size() > limit ? expected.subList(0, (int)limit) : expected;
        final String what = query.filter() + ", order " + query.order() + ", from " + query.fromSequence() + " to " +
            query.toSequence() + ", limit " + limit + " (seed " + seed + ")";
        assertEquals(first, sequences, what);
        assertEquals(first.size(), result.delivered(), what);
        if (expected.size() > limit)
        {
            assertEquals(End.LIMIT, result.end(), what);
        }
        else
        {
            assertTrue(result.end() == End.COMPLETE || expected.size() == limit, what);
        }
        return result;
    }

    private EventQuery query(final String filter)
    {
        final EventQuery query = EventQuery.of(filter);
        if (random.nextBoolean())
        {
            query.order(QueryOrder.values()[random.nextInt(QueryOrder.values().length)]);
        }
        if (random.nextInt(3) == 0)
        {
            query.limit(1 + random.nextInt(50));
        }
        if (random.nextInt(3) == 0)
        {
            query.fromSequence(1 + random.nextInt(events + 2));
        }
        if (random.nextInt(3) == 0)
        {
            query.toSequence(random.nextInt(events + 5));
        }
        return query;
    }

    private List<Long> expected(final EventQuery query)
    {
        final NaiveFilter filter = NaiveFilter.of(query.filter().text(), randomEvents.texts());
        return naiveEvents.stream()
            .filter((event) -> event.sequence() >= query.fromSequence() && event.sequence() <= query.toSequence())
            .filter(filter::matches)
            .sorted(order(query.order()))
            .map(NaiveEvent::sequence)
            .collect(Collectors.toList());
    }

    // Events of which nobody knows when they happened come first by time.
    private static Comparator<NaiveEvent> order(final QueryOrder order)
    {
        final Comparator<NaiveEvent> bySequence = Comparator.comparingLong(NaiveEvent::sequence);
        final Comparator<NaiveEvent> byTime =
            Comparator.comparingLong(NaiveEvent::eventTimeNs).thenComparing(bySequence);
        return switch (order)
        {
            case SEQUENCE -> bySequence;
            case SEQUENCE_DESCENDING -> bySequence.reversed();
            case TIME -> byTime;
            case TIME_DESCENDING -> byTime.reversed();
        };
    }
}
