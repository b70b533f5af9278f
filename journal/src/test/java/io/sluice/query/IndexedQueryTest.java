package io.sluice.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.index.IndexFixture;
import io.sluice.query.QueryResult.End;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class IndexedQueryTest
{
    private static final int COUNT = 3000;

    private IndexedJournal journal;

    @TempDir
    private Path directory;

    @BeforeEach
    void beforeEach()
    {
        journal = new IndexedJournal(directory);
        journal.fill(COUNT);
    }

    @AfterEach
    void afterEach()
    {
        journal.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "TRUE",
        "id = 'e-1234'",
        "'e-7' = id",
        "id IN ('e-5', 'e-2999', 'none')",
        "correlationid = 'c-3'",
        "correlationid = 'c-3' AND sessionid = 's-2'",
        "correlationid = 'c-3' OR sessionid = 's-2'",
        "correlationid = 'c-3' AND NOT (type = 'order.paid')",
        "correlationid = ''",
        "sessionid = 's-1' AND payload.n > 2000",
        "workflowid = 'w-1' AND (type = 'order.paid' OR payload.n % 7 = 0)",
        "causationid = 'e-17'",
        "aggregate.type = 'Order' AND aggregate.id = 'o-5'",
        "aggregate.type = 'Order' AND aggregate.id IN ('o-5', 'o-6') AND aggregate.version >= 40",
        "aggregate.id = 'o-5'",
        "type = 'order.paid'",
        "type LIKE 'order.*' AND priority >= 'HIGH'",
        "type MATCHES 'user.*' AND source = 'b'",
        "NOT (type LIKE 'order.*')",
        "NOT EXISTS source",
        "source != 'a'",
        "priority = 'CRITICAL' AND category = 'system'",
        "priority = 'CRITICAL' OR id = 'e-44'",
        "timestamp >= '2024-01-01T00:10:00Z' AND timestamp < '2024-01-01T00:12:00Z'",
        "timestamp >= '2024-01-01T00:10:00Z' AND type = 'order.paid' AND payload.n % 3 = 0",
        "sequence > 1490 AND sequence <= 1600",
        "sequence > 2990 OR sequence < 5",
        "recorded >= '2000-01-01' AND type = 'user.created'",
        "type = 'no.such.type'",
        "payload.n = 77",
        "LOWER(type) = 'order.paid' AND LENGTH(source) = 1",
        "(type = 'order.paid') XOR (source = 'a')"})
    void shouldAnswerTheSameWhenItUsesTheIndex(final String filter)
    {
        IndexFixture.indexAll(directory);
        journal.fill(100);
        for (final QueryOrder order : QueryOrder.values())
        {
            assertSame(order, () -> EventQuery.of(filter).order(order));
            assertSame(order, () -> EventQuery.of(filter).order(order).fromSequence(500).toSequence(2600).limit(17));
            assertSame(order, () -> EventQuery.of(filter).order(order).fromSequence(3020).limit(3));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void shouldFindEventsOfManyIdsWhenTheyAreIndexedOrNotYet(final boolean isIndexed)
    {
        IndexFixture.indexAll(directory);
        journal.fill(100);
        final List<String> ids = new ArrayList<>(List.of("none", "e-0", "it's \" one \\", "x".repeat(200)));
        final List<Long> expected = new ArrayList<>();
        for (long n = 7; n <= COUNT + 100; n += 9)
        {
            ids.add("e-" + n);
            expected.add(n);
        }
        Collections.reverse(ids);
        final List<Long> found = new ArrayList<>();
        try (JournalQuery query = journal.open(isIndexed))
        {
            final QueryResult all = query.eventsById(ids, 1, (event) -> found.add(event.sequence()));
            assertEquals(expected, found);
            assertEquals(End.COMPLETE, all.end());
            assertTrue(!isIndexed || all.scanned() < expected.size() + 10, "looked at " + all.scanned());
            found.clear();
            query.eventsById(ids, 2000, (event) -> found.add(event.sequence()));
            assertEquals(expected.stream().filter((n) -> n >= 2000).toList(), found);
            assertEquals(0, query.eventsById(List.of(), 1, (event) -> found.add(0L)).matched());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "id = 'e-1234', 1",
        "correlationid = 'c-3' AND id = 'e-3', 1",
        "aggregate.type = 'Order' AND aggregate.id = 'o-5' AND aggregate.version >= 75, 3",
        "type = 'user.deleted', 3"})
    void shouldReadOnlyWhatTheIndexNamesWhenThereIsOne(final String filter, final int events)
    {
        IndexFixture.indexAll(directory);
        try (JournalQuery query = journal.open(true))
        {
            final QueryResult result = query.run(EventQuery.of(filter), (event) -> assertTrue(event.sequence() > 0));
            // The last zone is not complete and is scanned.
            assertTrue(result.scanned() <= events + IndexFixture.ZONE_EVENTS, result::toString);
            assertEquals(End.COMPLETE, result.end());
            assertTrue(result.delivered() > 0);
        }
    }

    @Test
    void shouldSeeWhatIsAppendedAndIndexedWhenItStaysOpen()
    {
        try (JournalQuery query = journal.open(true))
        {
            for (int i = 0; i < 5; i++)
            {
                final List<Long> found = new ArrayList<>();
                query.run(EventQuery.of("correlationid = 'c-3'"), (event) -> found.add(event.sequence()));
                assertEquals(journal.sequences(false, EventQuery.of("correlationid = 'c-3'")), found);
                journal.fill(300);
                IndexFixture.indexAll(directory);
            }
        }
    }

    @Test
    void shouldFindTheSameChainWhenItUsesTheIndex()
    {
        IndexFixture.indexAll(directory);
        try (JournalQuery scanning = journal.open(false);
            JournalQuery indexed = journal.open(true))
        {
            for (final String id : List.of("e-1", "e-17", "e-2000", "e-2999"))
            {
                final EventChain wanted = scanning.chain(id);
                final EventChain found = indexed.chain(id);
                assertEquals(wanted.size(), found.size());
                assertEquals(wanted.roots().toString(), found.roots().toString());
            }
            assertTrue(indexed.chain("e-1").size() > 100);
            assertNull(indexed.chain("none"));
        }
    }

    @Test
    void shouldEndWithTheEventsBeforeItWhenTheTimeIsOver()
    {
        IndexFixture.indexAll(directory);
        final long[] now = {0};
        try (JournalQuery query = JournalQuery.open(new QueryContext()
            .directory(directory)
            .clock(() -> now[0]++)
            .index(IndexFixture.context(directory))))
        {
            final List<Long> found = new ArrayList<>();
            final EventQuery question = EventQuery.of("type = 'order.paid'").timeout(Duration.ofNanos(200));
            final QueryResult first = query.run(question, (event) -> found.add(event.sequence()));
            assertEquals(End.TIMEOUT, first.end());
            assertEquals(first.delivered(), found.size());
            final EventQuery rest = EventQuery.of("type = 'order.paid'").fromSequence(first.lastSequence() + 1);
            query.run(rest, (event) -> found.add(event.sequence()));
            assertEquals(journal.sequences(false, EventQuery.of("type = 'order.paid'")), found);
        }
    }

    private void assertSame(final QueryOrder order, final Supplier<EventQuery> query)
    {
        assertEquals(
            journal.sequences(false, query.get()), journal.sequences(true, query.get()), () -> "order " + order);
    }
}
