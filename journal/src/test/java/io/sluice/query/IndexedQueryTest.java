package io.sluice.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.index.IndexFixture;
import io.sluice.query.QueryResult.End;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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

    private QueryFixture journal;

    @TempDir
    private Path directory;

    @BeforeEach
    void beforeEach()
    {
        journal = new QueryFixture(directory);
        fill(COUNT);
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
        fill(100);
        for (final QueryOrder order : QueryOrder.values())
        {
            assertSame(order, () -> EventQuery.of(filter).order(order));
            assertSame(order, () -> EventQuery.of(filter).order(order).fromSequence(500).toSequence(2600).limit(17));
            assertSame(order, () -> EventQuery.of(filter).order(order).fromSequence(3020).limit(3));
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
        try (JournalQuery query = open(true))
        {
            final QueryResult result = query.run(EventQuery.of(filter), (event) -> {});
            // The last zone is not complete and is scanned.
            assertTrue(result.scanned() <= events + IndexFixture.ZONE_EVENTS, result::toString);
            assertEquals(End.COMPLETE, result.end());
            assertTrue(result.delivered() > 0);
        }
    }

    @Test
    void shouldSeeWhatIsAppendedAndIndexedWhenItStaysOpen()
    {
        try (JournalQuery query = open(true))
        {
            for (int i = 0; i < 5; i++)
            {
                final List<Long> found = new ArrayList<>();
                query.run(EventQuery.of("correlationid = 'c-3'"), (event) -> found.add(event.sequence()));
                assertEquals(sequences(false, EventQuery.of("correlationid = 'c-3'")), found);
                fill(300);
                IndexFixture.indexAll(directory);
            }
        }
    }

    private void assertSame(final QueryOrder order, final java.util.function.Supplier<EventQuery> query)
    {
        assertEquals(sequences(false, query.get()), sequences(true, query.get()), () -> "order " + order);
    }

    private List<Long> sequences(final boolean isIndexed, final EventQuery question)
    {
        final List<Long> found = new ArrayList<>();
        try (JournalQuery query = open(isIndexed))
        {
            query.run(question, (event) -> found.add(event.sequence()));
        }
        return found;
    }

    private JournalQuery open(final boolean isIndexed)
    {
        return JournalQuery.open(new QueryContext()
            .directory(directory)
            .useIndex(isIndexed)
            .index(IndexFixture.context(directory)));
    }

    private void fill(final int count)
    {
        final Random random = new Random(journal.nextSequence());
        final String[] types = {"order.placed", "order.paid", "user.created"};
        final String[] sources = {"", "a", "b"};
        final String[] priorities = {"critical", "high", "normal", "low"};
        for (int i = 0; i < count; i++)
        {
            final long n = journal.nextSequence();
            final StringBuilder json = new StringBuilder("{\"id\":\"e-").append(n).append("\",\"type\":\"")
                .append(n % 1000 == 0 ? "user.deleted" : types[random.nextInt(3)])
                .append("\",\"source\":\"").append(sources[random.nextInt(3)])
                .append("\",\"priority\":\"").append(priorities[random.nextInt(4)])
                .append("\",\"category\":\"").append(random.nextBoolean() ? "domain" : "system")
                .append("\",\"timestamp\":\"2024-01-01T00:").append(String.format("%02d", n * 20 / 1000 % 60))
                .append(":").append(String.format("%02d", random.nextInt(60))).append("Z\"");
            if (random.nextInt(3) > 0)
            {
                json.append(",\"correlationId\":\"c-").append(n % 50).append('"');
            }
            if (random.nextInt(3) == 0)
            {
                json.append(",\"sessionId\":\"s-").append(random.nextInt(5)).append('"')
                    .append(",\"workflowId\":\"w-").append(random.nextInt(100)).append('"');
            }
            if (n > 1 && random.nextBoolean())
            {
                json.append(",\"causationId\":\"e-").append(1 + random.nextInt((int)n - 1)).append('"');
            }
            if (random.nextInt(2) == 0)
            {
                json.append(",\"aggregate\":{\"type\":\"Order\",\"id\":\"o-").append(n % 20)
                    .append("\",\"version\":").append(n * 80 / 3000).append('}');
            }
            journal.append(json.append(",\"payload\":{\"n\":").append(n).append("}}").toString());
        }
    }
}
