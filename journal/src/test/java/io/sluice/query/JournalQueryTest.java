package io.sluice.query;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventException;
import io.sluice.event.EventFilterException;
import io.sluice.journal.DataDirectoryException;
import io.sluice.journal.RecordHandler;
import io.sluice.query.QueryResult.End;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalQueryTest
{
    private static final int COUNT = 1000;

    private final List<Long> sequences = new ArrayList<>();
    private final RecordHandler collect = (event) -> sequences.add(event.sequence());
    private QueryFixture journal;
    private long nowNs;

    @TempDir
    private Path directory;

    @BeforeEach
    void beforeEach()
    {
        journal = new QueryFixture(directory);
    }

    @AfterEach
    void afterEach()
    {
        journal.close();
    }

    @Test
    void shouldHandOutWhatMatchesWhenSeveralFilesAreRead()
    {
        fill();
        try (JournalQuery query = open())
        {
            final QueryResult result = query.run(EventQuery.of("payload.n % 100 = 0"), collect);
            assertEquals(List.of(100L, 200L, 300L, 400L, 500L, 600L, 700L, 800L, 900L, 1000L), sequences);
            assertEquals(new QueryResult(10, 10, COUNT, End.COMPLETE, COUNT), result);
            assertFalse(result.isPartial());
        }
    }

    @Test
    void shouldEndAtTheLimitWhenThereIsMore()
    {
        fill();
        try (JournalQuery query = open())
        {
            final QueryResult result = query.run(EventQuery.of("payload.n > 500").limit(3), collect);
            assertEquals(List.of(501L, 502L, 503L), sequences);
            assertEquals(End.LIMIT, result.end());
            assertEquals(3, result.delivered());

            sequences.clear();
            final QueryResult rest = query.run(
                EventQuery.of("payload.n > 500").fromSequence(result.lastSequence() + 1).toSequence(505), collect);
            assertEquals(List.of(504L, 505L), sequences);
            assertEquals(End.COMPLETE, rest.end());
        }
    }

    @Test
    void shouldSeeNothingWhenTheRangeIsEmptyOrBeyondTheEnd()
    {
        try (JournalQuery query = open())
        {
            assertEquals(new QueryResult(0, 0, 0, End.COMPLETE, 0), query.run(EventQuery.of("TRUE"), collect));
        }
        fill();
        try (JournalQuery query = open())
        {
            assertEquals(0, query.run(EventQuery.of("TRUE").fromSequence(COUNT + 5), collect).scanned());
            assertEquals(0, query.run(EventQuery.of("TRUE").fromSequence(7).toSequence(6), collect).scanned());
            assertEquals(1, query.run(EventQuery.of("TRUE").fromSequence(7).toSequence(7), collect).scanned());
        }
    }

    @Test
    void shouldLeaveOutWhatComesWhenTheQueryRunsAlready()
    {
        fill();
        try (JournalQuery query = open())
        {
            final QueryResult result = query.run(EventQuery.of("TRUE"), (event) ->
            {
                collect.onRecord(event);
                if (sequences.size() < 10)
                {
                    journal.append("{\"type\":\"late\"}");
                }
            });
            assertEquals(COUNT, result.delivered());
            assertEquals(COUNT + 9, query.run(EventQuery.of("TRUE"), (event) -> {}).delivered());
        }
    }

    @Test
    void shouldOrderAsAskedWhenTimesAndSequencesDiffer()
    {
        for (final int second : new int[]{5, 3, 9, 3, 1})
        {
            journal.append("{\"type\":\"t\",\"timestamp\":\"2024-01-01T00:00:0" + second + "Z\"}");
        }
        assertEquals(List.of(1L, 2L, 3L, 4L, 5L), inOrder(QueryOrder.SEQUENCE, 10));
        assertEquals(List.of(5L, 4L, 3L, 2L, 1L), inOrder(QueryOrder.SEQUENCE_DESCENDING, 10));
        assertEquals(List.of(5L, 2L, 4L, 1L, 3L), inOrder(QueryOrder.TIME, 10));
        assertEquals(List.of(3L, 1L, 4L, 2L, 5L), inOrder(QueryOrder.TIME_DESCENDING, 10));
        assertEquals(List.of(5L, 4L), inOrder(QueryOrder.SEQUENCE_DESCENDING, 2));
        assertEquals(List.of(5L, 2L, 4L), inOrder(QueryOrder.TIME, 3));
        assertEquals(List.of(3L), inOrder(QueryOrder.TIME_DESCENDING, 1));
    }

    @Test
    void shouldGiveWhatItHasWhenTheTimeIsOver()
    {
        fill();
        final QueryContext context = new QueryContext().directory(directory).clock(() -> nowNs);
        try (JournalQuery query = JournalQuery.open(context))
        {
            final EventQuery slow = EventQuery.of("TRUE").timeout(Duration.ofSeconds(1));
            final QueryResult result = query.run(slow, (event) ->
            {
                collect.onRecord(event);
                nowNs += 10_000_000;
            });
            assertTrue(result.isPartial());
            assertEquals(End.TIMEOUT, result.end());
            assertEquals(sequences.size(), result.delivered());
            assertEquals(sequences.get(sequences.size() - 1), result.lastSequence());
            assertTrue(sequences.size() >= 100 && sequences.size() < COUNT, "" + sequences.size());

            sequences.clear();
            nowNs = 0;
            final QueryResult ordered = query.run(
                EventQuery.of("payload.tick = 0").order(QueryOrder.TIME).timeout(Duration.ofNanos(1)), collect);
            assertEquals(End.COMPLETE, ordered.end());
        }
    }

    @Test
    void shouldKeepTheOrderOfVersionsWhenAnAggregateIsAsked()
    {
        journal.append(order("o-1", 2));
        journal.append(order("o-2", 1));
        journal.append(order("o-1", 1));
        final long original = journal.append(order("o-1", 3));
        journal.append(order("o-1", 3), original);
        journal.append("{\"type\":\"t\",\"aggregate\":{\"type\":\"Order\",\"id\":\"o-1\"}}");
        journal.append("{\"type\":\"t\",\"aggregate\":{\"type\":\"Offer\",\"id\":\"o-1\",\"version\":7}}");
        try (JournalQuery query = open())
        {
            assertEquals(3, query.events("Order", "o-1", 0, collect).delivered());
            assertEquals(List.of(3L, 1L, 4L), sequences);
            sequences.clear();
            query.events("Order", "o-1", 2, collect);
            assertEquals(List.of(1L, 4L), sequences);
            assertEquals(0, query.events("Order", "it's", 0, collect).delivered());
        }
    }

    @Test
    void shouldFindTheEventsOfACorrelationWhenThereAreDuplicates()
    {
        final long original = journal.append(event("a", "c-1", null));
        journal.append(event("b", "c-2", null));
        journal.append(event("a", "c-1", null), original);
        journal.append(event("c", "c-1", null));
        try (JournalQuery query = open())
        {
            query.eventsByCorrelation("c-1", collect);
            assertEquals(List.of(1L, 4L), sequences);
        }
    }

    @Test
    void shouldGrowTreesWhenEventsCauseOthers()
    {
        journal.append(event("root", "c-1", "elsewhere"));
        journal.append(event("a", "c-1", "root"));
        journal.append(event("late-effect", null, "later-cause"));
        journal.append(event("b", "c-2", "a"));
        journal.append(event("alone", "c-1", null));
        journal.append(event("later-cause", "c-3", "b"));
        journal.append(event("stranger", "c-9", null));
        journal.append(event("stranger-effect", "c-9", "stranger"));
        journal.append(event("d", null, "a"));
        try (JournalQuery query = open())
        {
            final EventChain chain = query.chain("a");
            assertEquals("a", chain.event().id());
            assertEquals(7, chain.size());
            assertEquals("root(a(b(later-cause(late-effect)) d)) alone", text(chain.roots()));
            assertEquals("root(a(b(later-cause(late-effect)) d))", text(query.chain("late-effect").roots()));
            assertEquals("stranger(stranger-effect)", text(query.chain("stranger").roots()));
            assertNull(query.chain("nobody"));
            final ChainEvent root = chain.roots().get(0);
            assertEquals(List.of("t", "s", "c-1", "elsewhere"),
                List.of(root.type(), root.source(), root.correlationId(), root.causationId()));
            assertTrue(root.toString().startsWith("1 20"), root.toString());
        }
    }

    @Test
    void shouldEndWhenEventsCauseEachOtherInACircle()
    {
        journal.append(event("b", null, "c"));
        journal.append(event("c", null, "a"));
        journal.append(event("a", null, "b"));
        journal.append(event("self", null, "self"));
        journal.append(event("tail", null, "a"));
        try (JournalQuery query = open())
        {
            assertEquals("b(a(c tail))", text(query.chain("a").roots()));
            assertEquals("self", text(query.chain("self").roots()));
        }
    }

    @Test
    void shouldNameTheLimitWhenAQueryAsksForTooMuch()
    {
        journal.append("{\"type\":\"t\"}");
        try (JournalQuery query = open())
        {
            final EventQuery tooMany =
                EventQuery.of("TRUE").order(QueryOrder.TIME).limit(EventQuery.MAX_COLLECTED + 1);
            assertTrue(assertThrows(EventException.class, () -> query.run(tooMany, collect))
                .getMessage().contains("use at most 100000"));
            assertEquals(1, query.run(EventQuery.of("TRUE").order(QueryOrder.TIME), collect).delivered());
        }
        final EventQuery query = EventQuery.of("TRUE");
        assertThrows(IllegalArgumentException.class, () -> query.limit(0));
        assertThrows(IllegalArgumentException.class, () -> query.fromSequence(0));
        assertThrows(IllegalArgumentException.class, () -> query.timeout(Duration.ZERO));
        assertThrows(EventFilterException.class, () -> EventQuery.of("type ="));
        assertThrows(DataDirectoryException.class,
            () -> JournalQuery.open(new QueryContext().directory(directory.resolve("nowhere"))));
    }

    private void fill()
    {
        for (int i = 1; i <= COUNT; i++)
        {
            journal.append("{\"type\":\"t\",\"payload\":{\"n\":" + i + ",\"pad\":\"" + "x".repeat(100) + "\"}}");
        }
    }

    private JournalQuery open()
    {
        return JournalQuery.open(new QueryContext().directory(directory));
    }

    private List<Long> inOrder(final QueryOrder order, final long limit)
    {
        final List<Long> found = new ArrayList<>();
        try (JournalQuery query = open())
        {
            final QueryResult result = query.run(
                EventQuery.of("TRUE").order(order).limit(limit), (event) -> found.add(event.sequence()));
            assertEquals(limit < 5 ? End.LIMIT : End.COMPLETE, result.end());
        }
        return found;
    }

    private static String order(final String id, final int version)
    {
        return "{\"type\":\"t\",\"aggregate\":{\"type\":\"Order\",\"id\":\"" + id + "\",\"version\":" + version + "}}";
    }

    private static String event(final String id, final String correlation, final String cause)
    {
        final Function<String, String> text = (value) -> value == null ? "null" : "\"" + value + "\"";
        return "{\"type\":\"t\",\"source\":\"s\",\"id\":\"" + id + "\",\"correlationId\":" + text.apply(correlation) +
            ",\"causationId\":" + text.apply(cause) + "}";
    }

    private static String text(final List<ChainEvent> events)
    {
        final StringBuilder text = new StringBuilder();
        for (final ChainEvent event : events)
        {
            text.append(text.length() == 0 ? "" : " ").append(event.id());
            if (!event.effects().isEmpty())
            {
                text.append('(').append(text(event.effects())).append(')');
            }
        }
        return text.toString();
    }
}
