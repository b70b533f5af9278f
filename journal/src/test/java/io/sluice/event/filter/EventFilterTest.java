package io.sluice.event.filter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import io.sluice.event.ContentType;
import io.sluice.event.EventFilterException;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EventFilterTest
{
    private static final int ROUNDS = 20_000;

    private final FilterFixture fixture = new FilterFixture();

    @Test
    void shouldLookAtTheWordsOnlyWhenTheSyntaxIsChecked()
    {
        EventFilter.checkSyntax("type REGEXP '(' AND payload.a = 1");
        assertThrows(EventFilterException.class, () -> EventFilter.of("type REGEXP '(' AND payload.a = 1"));
        final EventFilterException error =
            assertThrows(EventFilterException.class, () -> EventFilter.checkSyntax("type = "));
        assertEquals(8, error.column());
    }

    @Test
    void shouldMatchWhenTrueWithoutAnError()
    {
        final EventFlyweight event = fixture.sample();
        assertTrue(EventFilter.of("sequence = 42").matches(event));
        assertFalse(EventFilter.of("sequence = 43").matches(event));
        assertFalse(EventFilter.of("NOT payload.absent").matches(event));
        assertFalse(EventFilter.of("NOT 'abc'").matches(event));
        assertFalse(EventFilter.of("hops").matches(event));
        assertTrue(EventFilter.of("payload.ok").matches(event));
        assertEquals("hops", EventFilter.of("hops").toString());
    }

    @Test
    void shouldLookAtTheNewEventWhenAnotherOneComes()
    {
        final EventFilter filter = EventFilter.of("payload.a = 1 OR metadata.b = 'x' OR ext = TRUE");
        assertTrue(filter.matches(fixture.json("{\"type\":\"t\",\"payload\":{\"a\":1}}")));
        assertFalse(filter.matches(fixture.json("{\"type\":\"t\",\"payload\":{\"a\":2}}")));
        assertFalse(filter.matches(fixture.json("{\"type\":\"t\"}")));
        assertTrue(filter.matches(fixture.json("{\"type\":\"t\",\"metadata\":{\"b\":\"x\"}}")));
        assertTrue(filter.copy().matches(fixture.json("{\"type\":\"t\",\"metadata\":{\"ext\":true}}")));
        assertTrue(filter.matches(fixture.json("{\"type\":\"t\",\"payload\":{\"a\":0,\"a\":1}}")));
    }

    @Test
    void shouldFindNoPathWhenThePayloadIsNoJson()
    {
        fixture.builder.clear().type("t").payload("{\"a\":1}".getBytes(StandardCharsets.UTF_8))
            .contentType(ContentType.TEXT);
        final EventFlyweight text = fixture.encode(1);
        assertEquals(FilterError.MISSING_ATTRIBUTE, fixture.evaluate("payload.a = 1", text).error);
        assertTrue(EventFilter.of("payload CONTAINS '\"a\":1'").matches(text));

        fixture.builder.contentType("application/vnd.acme+json");
        assertTrue(EventFilter.of("payload.a = 1").matches(fixture.encode(2)));
        assertEquals("application/vnd.acme+json",
            FilterFixture.text(fixture.evaluate("contenttype", fixture.encode(2))));

        fixture.builder.contentType(ContentType.JSON).payload("{\"a\":1".getBytes(StandardCharsets.UTF_8));
        final EventFlyweight broken = fixture.encode(3);
        assertEquals(FilterError.MALFORMED_DOCUMENT, fixture.evaluate("payload.a = 1", broken).error);
        assertFalse(EventFilter.of("payload.a = 1").matches(broken));
        assertFalse(EventFilter.of("NOT EXISTS payload.a AND payload.a = 2").matches(broken));
    }

    @Test
    void shouldTakeTheLastOneWhenAMemberStandsTwice()
    {
        final EventFlyweight event = fixture.json(
            "{\"type\":\"t\",\"payload\":{\"a\":{\"b\":1,\"c\":{\"d\":2}},\"a\":{\"b\":3},\"e\":[1,2],\"e\":5}}");
        assertTrue(EventFilter.of("payload.a.b = 3 AND payload.e = 5").matches(event));
        assertFalse(EventFilter.of("EXISTS payload.a.c.d OR EXISTS payload.a.c").matches(event));
        assertFalse(EventFilter.of("EXISTS payload.e[1]").matches(event));
    }

    @Test
    void shouldFindNoElementWhenItIsNull()
    {
        final EventFlyweight event = fixture.json("{\"type\":\"t\",\"payload\":{\"list\":[null,\"x\"]}}");
        assertTrue(EventFilter.of("payload.list CONTAINS 'x' AND NOT EXISTS payload.list[0]").matches(event));
        assertFalse(EventFilter.of("payload.list CONTAINS 'null'").matches(event));
    }

    @Test
    void shouldBeAnErrorWhenATextGrowsTooLong()
    {
        fixture.builder.clear().type("t").payload(new byte[500_000]).contentType(ContentType.TEXT);
        final EventFlyweight event = fixture.encode(1);
        final String many = ", payload".repeat(1000);
        assertEquals(FilterError.FUNCTION_EVALUATION, fixture.evaluate("CONCAT(''" + many + ")", event).error);
        assertEquals(FilterError.FUNCTION_EVALUATION, fixture.evaluate("CONCAT_WS(payload" + many + ")", event).error);
        assertTrue(EventFilter.of("LENGTH(CONCAT(payload, payload)) = 1000000").matches(event));
        assertTrue(
            EventFilter.of("UPPER(payload) = 'x' OR ".repeat(7) + "LENGTH(TRIM(payload)) = 500000").matches(event));
        final EventFilter repeated = EventFilter.of("UPPER(payload) = 'x' OR ".repeat(400) + "LEFT(payload, 3) = 'x'");
        assertFalse(repeated.matches(event));
        assertEquals(FilterError.FUNCTION_EVALUATION, fixture.evaluate(repeated.text(), event).error);
    }

    @Test
    void shouldMissWhatTheJournalGivesWhenAnEventIsNotSequenced()
    {
        fixture.builder.clear().type("t");
        final EventFlyweight event = fixture.unsequenced();
        assertFalse(EventFilter.of("EXISTS recorded OR EXISTS sequence OR recorded < '2024-01-01'").matches(event));
        assertTrue(EventFilter.of("EXISTS timestamp AND type = 't'").matches(event));
    }

    @Test
    void shouldMissFieldsWhenAnEventHasJustAType()
    {
        final EventFlyweight event = fixture.json("{\"type\":\"t\"}");
        for (final String field : new String[]{"subject", "correlationid", "aggregate.version", "flags", "contenttype",
            "payload", "metadata", "payload.a", "metadata.a", "a", "originalsequence"})
        {
            assertFalse(EventFilter.of("EXISTS " + field).matches(event), field);
        }
        assertTrue(EventFilter.of("id LIKE '________-____-7%' AND LENGTH(id) = 36").matches(event));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "``                       | 1  | expected a value such as a name, a number or a 'text', found the end",
        "type =                   | 7  | expected a value such as a name, a number or a 'text', found the end",
        "type == 'a'              | 7  | expected a value such as a name, a number or a 'text', found '='",
        "type = 'a               | 8  | the quote that opens here is never closed, write ' at the end of the text",
        "type = 'a' type          | 12 | found 'type'",
        "type LIKE 5              | 11 | expected a text in quotes, found '5'",
        "a IN ()                  | 7  | expected a value",
        "a IN (1                  | 8  | expected",
        "(a = 1                   | 7  | ')'",
        "a = 1)                   | 6  | expected",
        "a.b = 1                  | 1  | a.b leads nowhere: paths start with payload or metadata",
        "type.x = 1               | 1  | type.x leads nowhere",
        "payload.a[-1] = 1        | 11 | expected",
        "payload.a[x] = 1         | 11 | expected a number or a text in quotes, found 'x'",
        "payload. = 1             | 10 | expected a name, found '='",
        "payload[9999999999] = 1  | 9  | there is no element 9999999999, use at most 999999999",
        "FOO(1) = 1               | 1  | there is no function FOO, use one of INT, BOOL, STRING, TIME",
        "LEFT('a') = 'a'          | 1  | LEFT takes 2 arguments and has 1",
        "SUBSTRING('a') = 'a'     | 1  | SUBSTRING takes 2 or 3 arguments and has 1",
        "ABS() = 1                | 1  | ABS takes 1 argument and has 0",
        "CONCAT_WS() = 1          | 1  | CONCAT_WS takes 1 arguments or more and has 0",
        "a = 9223372036854775808  | 5  | 9223372036854775808 is out of range",
        "a = 1.0e999              | 5  | 1.0e999 is out of range",
        "a # 1                    | 3  | expected an operator such as =, LIKE or AND, or the end, found '#'",
        "a = 1 OR b = 2 AND c = 3 | 16 | write (a OR b) AND c or a OR (b AND c)",
        "NOT a = 1                | 1  | write NOT (a = b) or (NOT a) = b",
        "NOT type LIKE 'x%'       | 1  | write NOT (a = b)",
        "NOT a + 1 = 2            | 1  | NOT means one thing",
        "NOT a * 1 = 2            | 1  | NOT means one thing",
        "1 < a < 9                | 7  | write for example 1 < x AND x < 9",
        "a + b LIKE 'c'           | 7  | LIKE after a calculation",
        "a * b IN (1)             | 7  | IN after a calculation",
        "timestamp > 'yesterday'  | 13 | use ISO-8601 like 2024-01-20T10:30:00Z",
        "timestamp IN ('x')       | 15 | use ISO-8601",
        "priority = 'urgent'      | 12 | use critical, high, normal or low",
        "priority IN ('x')        | 14 | use critical, high, normal or low",
        "category = 'x'           | 12 | use domain, system, integration, ui or plugin",
        "category > 'ui'          | 12 | categories have no order",
        "type MATCHES 'a..b'      | 1  | a segment is empty",
        "type REGEXP 'a('         | 1  | missing closing )",
        "type REGEXP '((a{1000}){1000}){9}' | 1 | repeat less often",
        "type                     | 1  | it gives a text, and a filter must give true or false",
        "1 + 1                    | 1  | it gives a number",
        "timestamp                | 1  | it gives a time",
        "'abc'                    | 1  | it gives a text",
    })
    void shouldPointAtTheFaultWhenAFilterIsNotValid(final String filter, final int column, final String message)
    {
        final String text = filter == null ? "" : filter;
        final EventFilterException ex = assertThrows(EventFilterException.class, () -> EventFilter.of(text));
        assertTrue(ex.getMessage().contains(message), ex.getMessage());
        assertEquals(column, ex.column(), ex.getMessage());
        assertTrue(ex.getMessage().startsWith("filter is not valid at column " + column + ": "), ex.getMessage());
    }

    @Test
    void shouldCountCharactersAndNotCodeUnitsWhenPointing()
    {
        final EventFilterException ex =
            assertThrows(EventFilterException.class, () -> EventFilter.of("'😀😀' = 'a' #"));
        assertEquals(12, ex.column());
        final EventFilterException half =
            assertThrows(EventFilterException.class, () -> EventFilter.of("'😀\ud83d' = 'a'"));
        assertEquals(3, half.column());
        assertTrue(half.getMessage().contains("surrogate"), half.getMessage());
        assertThrows(EventFilterException.class, () -> EventFilter.of("'\ude00'"));
    }

    @Test
    void shouldRefuseWhenAFilterIsBeyondALimit()
    {
        final String[] filters = {
            "(".repeat(100) + "TRUE" + ")".repeat(100),
            "NOT ".repeat(100) + "TRUE",
            "-".repeat(101) + "1 = 1",
            "(NOT ".repeat(60) + "TRUE" + ")".repeat(60),
            "1" + " + 1".repeat(101) + " = 1",
            "1" + " * 1".repeat(101) + " = 1",
            "1" + " = 1".repeat(101),
            "TRUE" + " LIKE 'a'".repeat(101),
            "type LIKE '" + "a".repeat(1025) + "'",
            "type = '" + "a".repeat(16_384) + "'",
        };
        for (final String filter : filters)
        {
            final EventFilterException ex = assertThrows(EventFilterException.class, () -> EventFilter.of(filter));
            assertTrue(ex.getMessage().length() < 200, ex.getMessage());
        }
        assertTrue(EventFilter.of("(".repeat(99) + "TRUE" + ")".repeat(99)).matches(fixture.sample()));
        assertTrue(EventFilter.of("(NOT FALSE) AND ".repeat(500) + "TRUE").matches(fixture.sample()));
        assertTrue(EventFilter.of("sequence = 1 OR ".repeat(900) + "TRUE").matches(fixture.sample()));
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "type = 'pipeline.stage.completed' AND source != 'x'",
        "type LIKE 'pipeline.%' AND type MATCHES 'pipeline.*' AND source CONTAINS 'pipe'",
        "id = 'evt_1234567890' AND correlationid IN ('a', 'pipe_abc123')",
        "sequence > 10 AND sequence + 1 < 100 AND aggregate.version = '3'",
        "timestamp > '2024-01-20' AND recorded >= timestamp AND recorded - timestamp < 1000",
        "priority >= 'NORMAL' AND category = 'integration' AND contenttype = 'application/json'",
        "EXISTS subject AND NOT EXISTS originalsequence AND (workflowid = 'w-1' XOR FALSE)",
    })
    void shouldAllocateNothingWhenOnlyFieldsAreLookedAt(final String text)
    {
        final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
        final EventFilter filter = EventFilter.of(text);
        final EventFlyweight event = fixture.sample();
        int matches = 0;
        for (int i = 0; i < ROUNDS; i++)
        {
            matches += filter.matches(event) ? 1 : 0;
        }
        final long before = threads.getCurrentThreadAllocatedBytes();
        final long second = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < ROUNDS; i++)
        {
            matches += filter.matches(event) ? 1 : 0;
        }
        final long bytes = threads.getCurrentThreadAllocatedBytes() - second - (second - before);
        assertEquals(2 * ROUNDS, matches);
        assertTrue(bytes < ROUNDS, bytes + " bytes");
    }

    @Test
    void shouldJoinConditionsWhenBuilt()
    {
        final EventFlyweight event = fixture.sample();
        assertTrue(new EventFilterBuilder().build().matches(event));
        final EventFilter filter = new EventFilterBuilder()
            .typePattern("hook.*", "pipeline.*")
            .timeRange(Instant.parse("2024-01-20T10:30:00Z"), Instant.parse("2024-01-20T10:30:00.000000001Z"))
            .source("a", "synthesis_pipeline")
            .correlationId("pipe_abc123")
            .sessionId("s-1")
            .minPriority(Priority.NORMAL)
            .content("time-?out", "never")
            .where("payload.ok OR payload.it = 'it''s'")
            .build();
        assertTrue(filter.matches(event));
        assertTrue(EventFilter.of(filter.text()).matches(event), filter.text());
        assertFalse(new EventFilterBuilder().timeRange(null, Instant.parse("2024-01-20T10:30:00Z")).build()
            .matches(event));
        assertFalse(new EventFilterBuilder().minPriority(Priority.CRITICAL).build().matches(event));
        assertFalse(new EventFilterBuilder().typePattern("pipeline.*").source("x").build().matches(event));
        assertThrows(EventFilterException.class, () -> new EventFilterBuilder().source());
        final EventFilterException none = assertThrows(
            EventFilterException.class, () -> new EventFilterBuilder().sessionId("a", null));
        assertTrue(none.getMessage().contains("null is not a session id: leave it out"), none.getMessage());
        final EventFilterException half = assertThrows(
            EventFilterException.class, () -> new EventFilterBuilder().source("x\ud83d").build());
        assertTrue(half.getMessage().contains("half of a surrogate pair"), half.getMessage());
        assertThrows(EventFilterException.class, () -> new EventFilterBuilder().typePattern());
        assertThrows(EventFilterException.class, () -> new EventFilterBuilder().content("(").build());
    }

    @Test
    void shouldTellTheSizeWhenARegularExpressionRepeats()
    {
        assertEquals(3, RegexpSize.of("abc"));
        assertEquals(1000, RegexpSize.of("a{1000}"));
        assertEquals(11, RegexpSize.of("a{10,}"));
        assertTrue(RegexpSize.of("((a{10}){10}){10}") >= 1000);
        assertTrue(RegexpSize.of("(((a{1000}){1000}){1000}){1000}") > 1_000_000_000);
        assertTrue(RegexpSize.of("x{,3}[a{1000}]{5}\\{9\\}(?:b|c)*{") < 100);
        assertTrue(RegexpSize.of("[]{9}]{100}") >= 100);
        assertTrue(RegexpSize.of("a{99999999999}b{1x}c{}d{") < 100);
        assertTrue(RegexpSize.of(")a\\") < 10);
        assertTrue(RegexpSize.of("[abc") < 10);
    }

    @Test
    void shouldTellTheLiteralBeginningWhenAPatternHasOne()
    {
        assertEquals("pipeline.", LikePattern.of("pipeline.%").prefix());
        assertEquals("a%b", LikePattern.of("a\\%b").prefix());
        assertEquals("", LikePattern.of("_a").prefix());
        assertEquals("ä", LikePattern.of("ä*").prefix());
    }
}
