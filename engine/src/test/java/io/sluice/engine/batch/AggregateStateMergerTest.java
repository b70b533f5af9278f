package io.sluice.engine.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventField;
import io.sluice.event.EventFilterException;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.Priority;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class AggregateStateMergerTest
{
    private static final StateMerger PATCHES = AggregateStateMerger.patches("file.*");

    private final Records records = new Records();

    @Test
    void shouldHandOverOneEventWhenChangesOfAnAggregateFollowEachOther()
    {
        final EventFlyweight last = records.event(3, (event) -> event.type("file.modified").id("evt_3")
            .aggregate("File", "x", 12).correlationId("c").metadata("host", "h").priority(Priority.HIGH)
            .payloadJson("{\"c\":{\"d\":4},\"a\":null}"));
        final SealedBatch batch = take(
            PATCHES,
            records.change(1, "file.created", "x", "{\"a\":1,\"b\":2}"),
            records.change(2, "file.modified", "x", "{\"b\":3,\"c\":{\"e\":5}}"),
            last);
        final EventBatch events = batch.events();

        assertEquals(1, events.size());
        assertTrue(events.isMerged());
        assertEquals(3, events.eventCount(0));
        assertEquals(1, events.firstSequence(0));
        assertEquals(3, events.lastSequence(0));
        assertEquals(1, events.firstSequence());
        assertEquals(3, events.lastSequence());
        final EventFlyweight merged = events.event(0);
        assertEquals("{\"a\":null,\"b\":3,\"c\":{\"e\":5,\"d\":4}}", payload(merged));
        assertNull(merged.findDamage(merged.recordLength(), new EventHash()));
        assertEquals("evt_3", merged.id());
        assertEquals(3, merged.sequence());
        assertEquals(Records.RUN_ID, merged.runId());
        assertEquals(last.journalTime(), merged.journalTime());
        assertEquals(last.eventTime(), merged.eventTime());
        assertEquals(last.contextHash(), merged.contextHash());
        assertEquals(12, merged.aggregateVersion());
        assertEquals(Priority.HIGH, merged.priority());
        assertEquals(last.verdict(), merged.verdict());
        assertEquals(1, merged.batchCount());
        assertEquals(0, merged.flags());
        assertSame(events, batch.events());
        assertEquals(3, batch.size());
        assertEquals("{\"b\":3,\"c\":{\"e\":5}}", payload(batch.event(1)));
    }

    @Test
    void shouldKeepTheOrderOfTheLastOnesWhenAggregatesAlternate()
    {
        final EventBatch events = take(
            PATCHES,
            records.change(1, "file.modified", "x", "{\"n\":1}"),
            records.change(2, "file.modified", "y", "{\"n\":2}"),
            records.event(3, "file.modified", Priority.NORMAL),
            records.change(4, "file.modified", "y", "{\"n\":4}"),
            records.change(5, "file.modified", "z", "{ \"n\" : 5 }"),
            records.change(6, "file.modified", "x", "{\"n\":6}")).events();

        assertEquals(List.of("3 x1 payload 3", "4 x2 {\"n\":4}", "5 x1 { \"n\" : 5 }", "6 x2 {\"n\":6}"), show(events));
    }

    @Test
    void shouldEndTheRunWhenAnEventOfTheAggregateIsNotMergeable()
    {
        final EventBatch events = take(
            PATCHES,
            records.change(1, "file.modified", "x", "{\"a\":1}"),
            records.change(2, "file.modified", "x", "{\"b\":2}"),
            records.change(3, "repo.tagged", "x", "{\"c\":3}"),
            records.change(4, "file.modified", "x", "{\"d\":4}"),
            records.change(5, "file.modified", "x", "{\"e\":5}")).events();

        assertEquals(List.of("2 x2 {\"a\":1,\"b\":2}", "3 x1 {\"c\":3}", "5 x2 {\"d\":4,\"e\":5}"), show(events));
    }

    @Test
    void shouldEndTheRunWhenAPayloadCanNotBeJoined()
    {
        final EventBatch events = take(
            PATCHES,
            records.change(1, "file.modified", "x", "{\"a\":1}"),
            records.change(2, "file.modified", "x", "{\"a\":2}"),
            records.change(3, "file.modified", "x", "{\"a\":{\"b\":1}}"),
            records.change(4, "file.modified", "x", "{\"a\":{\"c\":1}}"),
            records.event(5, (event) -> event.type("file.modified").aggregate("File", "x", 5).payloadText("plain")),
            records.change(6, "file.modified", "x", "{\"a\":6}"),
            records.event(7, (event) -> event.type("file.modified").aggregate("File", "x", 7)
                .payload("{broken".getBytes(StandardCharsets.UTF_8))),
            records.change(8, "file.modified", "x", "{\"a\":8}"),
            records.change(9, "file.modified", "x", "{\"a\":9}")).events();

        assertEquals(
            List.of(
                "2 x2 {\"a\":2}",
                "4 x2 {\"a\":{\"b\":1,\"c\":1}}",
                "5 x1 plain",
                "6 x1 {\"a\":6}",
                "7 x1 {broken",
                "9 x2 {\"a\":9}"),
            show(events));
    }

    @Test
    void shouldTellAggregatesApartWhenTypeOrIdDiffers()
    {
        final EventBatch events = take(
            AggregateStateMerger.wholeStates("*"),
            records.event(1, (event) -> event.type("t").aggregate("a:b", "c", 1)),
            records.event(2, (event) -> event.type("t").aggregate("a", "b:c", 1)),
            records.event(3, (event) -> event.type("t").aggregate("a", "c", 1)),
            records.event(4, (event) -> event.type("t").aggregate("", "c", 1)),
            records.event(5, (event) -> event.type("t").aggregate("a", "", 1)),
            records.event(6, (event) -> event.type("t").aggregate("a", "", 1))).events();

        assertEquals(6, events.size());
        assertFalse(events.isMerged());
    }

    @Test
    void shouldHandOverTheLastAsItIsWhenPayloadsAreWholeStates()
    {
        final EventFlyweight last =
            records.event(3, (event) -> event.type("file.b").aggregate("File", "x", 3).payloadText("last"));
        final EventBatch events = take(
            AggregateStateMerger.wholeStates("file.a", "file.b"),
            records.change(1, "file.a", "x", "{\"a\":1}"),
            records.event(2, (event) -> event.type("file.a").aggregate("File", "x", 3).payload(new byte[9])),
            last).events();

        assertEquals(List.of("3 x3 last"), show(events));
        assertEquals(last.checksum(), events.event(0).checksum());
    }

    @Test
    void shouldBeFlaggedRedeliveredWhenOneOfThemIs()
    {
        final EventFlyweight[] given = {
            records.change(1, "file.a", "x", "{\"a\":1}").deliveryFlags(EventDescriptor.FLAG_REDELIVERED),
            records.change(2, "file.a", "x", "{\"a\":2}"),
            records.event(3, (event) -> event.type("file.a").aggregate("File", "x", 3).payloadJson("{\"a\":3}")
                .flags(EventDescriptor.FLAG_REPLAYED)),
            records.change(4, "file.a", "y", "{\"a\":4}")};

        for (final StateMerger merger : List.of(PATCHES, AggregateStateMerger.wholeStates("file.*")))
        {
            final EventBatch events = take(merger, given).events();
            assertEquals(2, events.size());
            assertEquals(EventDescriptor.FLAG_REDELIVERED | EventDescriptor.FLAG_REPLAYED, events.event(0).flags());
            assertEquals(0, events.event(1).flags());
            assertNull(events.event(0).findDamage(events.event(0).recordLength(), new EventHash()));
        }
    }

    @Test
    void shouldFailAllThatItStandsForWhenAMergedEventFails()
    {
        final SealedBatch batch = take(
            PATCHES,
            records.change(1, "file.a", "x", "{\"a\":1}"),
            records.change(2, "file.a", "y", "{\"a\":2}"),
            records.change(3, "file.a", "x", "{\"a\":3}"));
        final Exception cause = new Exception("no");

        batch.events().fail(1, cause);

        assertSame(cause, batch.failure(0));
        assertNull(batch.failure(1));
        assertSame(cause, batch.failure(2));
        assertEquals(2, batch.failed());
        batch.fail(new Exception("rest"));
        assertEquals(3, batch.failed());
        assertSame(cause, batch.failure(2));
    }

    @Test
    void shouldFailTheBatchWhenAMergerThrows()
    {
        final RuntimeException cause = new RuntimeException("merger");
        final SealedBatch batch = take(
            (merge) ->
            {
                merge.supersede(0, 1);
                throw cause;
            },
            records.change(1, "file.a", "x", "{\"a\":1}"),
            records.change(2, "file.a", "x", "{\"a\":2}"));

        assertSame(cause, assertThrows(RuntimeException.class, batch::events));

        batch.fail(cause);
        assertEquals(2, batch.failed());
        assertSame(cause, batch.failure(0));
        assertEquals(2, batch.events().size(), "nothing is merged");
    }

    @Test
    void shouldRefuseWhenAMergerWouldLoseOrDoubleAnEvent()
    {
        final List<BatchMerge> kept = new ArrayList<>();
        take(
            (merge) ->
            {
                kept.add(merge);
                assertEquals(3, merge.size());
                assertRefused("event 1 can't be superseded by event 0: name a later one", () -> merge.supersede(1, 0));
                assertRefused("event 1 can't be superseded by event 1: name a later one", () -> merge.supersede(1, 1));
                assertRefused(
                    "event 2 stands for no other, its payload stays: supersede others by it first",
                    () -> merge.payload(2, new UnsafeBuffer(new byte[1]), 0, 1));
                merge.supersede(0, 1);
                assertRefused(
                    "event 0 is superseded by event 1 already: use that one", () -> merge.supersede(0, 2));
                assertThrows(IndexOutOfBoundsException.class, () -> merge.supersede(2, 3));
                assertThrows(IndexOutOfBoundsException.class, () -> merge.event(3));
            },
            records.change(1, "file.a", "x", "{\"a\":1}"),
            records.change(2, "file.a", "x", "{\"a\":2}"),
            records.change(3, "file.a", "x", "{\"a\":3}")).events();

        assertThrows(IllegalStateException.class, () -> kept.get(0).event(0));
    }

    @Test
    void shouldUseTheLastPayloadWhenAMergerGivesSeveral()
    {
        final byte[] large = new byte[3 << 20];
        final StateMerger merger = (merge) ->
        {
            merge.supersede(0, 1).payload(1, new UnsafeBuffer(large), 0, 10).supersede(1, 2)
                .payload(2, new UnsafeBuffer(large), 0, 7).payload(2, new UnsafeBuffer(large), 0, large.length);
            assertEquals("{\"a\":3}", payload(merge.event(2)));
        };
        final BatchAccumulator accumulator = accumulator(merger);
        for (int round = 0; round < 3; round++)
        {
            final SealedBatch batch = take(
                accumulator,
                records.change(1, "file.a", "x", "{\"a\":1}"),
                records.change(2, "file.a", "x", "{\"a\":2}"),
                records.change(3, "file.a", "x", "{\"a\":3}"));
            assertEquals(1, batch.events().size());
            assertEquals(large.length, batch.events().event(0).payload().length);
            assertTrue(accumulator.complete(batch));
        }
    }

    @Test
    void shouldRefuseWhenPatternsAreMissingOrMalformed()
    {
        assertTrue(assertThrows(IllegalArgumentException.class, AggregateStateMerger::patches).getMessage()
            .contains("give one or more"));
        assertThrows(EventFilterException.class, () -> AggregateStateMerger.wholeStates("a..b"));
    }

    /** Whoever applies what is handed over as patches ends where every single event would have led. */
    @Test
    void shouldLeadToTheSameStatesWhenRandomChangesAreMerged()
    {
        final Random random = new Random(386);
        int merged = 0;
        for (int round = 0; round < 400; round++)
        {
            final List<EventFlyweight> given = new ArrayList<>();
            final Map<String, Map<String, String>> expected = new HashMap<>();
            for (int i = 1; i <= 30; i++)
            {
                final String aggregate = "a" + random.nextInt(4);
                final String name = "m" + random.nextInt(3);
                final String value = random.nextInt(4) == 0 ? "null" : Integer.toString(i);
                final String type = random.nextInt(6) == 0 ? "other" : "file.modified";
                given.add(records.change(i, type, aggregate, "{\"" + name + "\":" + value + "}"));
                expected.computeIfAbsent(aggregate, (key) -> new HashMap<>()).put(name, value);
            }
            final EventBatch events = take(PATCHES, given.toArray(new EventFlyweight[0])).events();
            final Map<String, Map<String, String>> actual = new HashMap<>();
            final Map<String, Long> last = new HashMap<>();
            int count = 0;
            long before = 0;
            for (int i = 0; i < events.size(); i++)
            {
                final EventFlyweight event = events.event(i);
                assertTrue(event.sequence() > before, "round " + round);
                before = event.sequence();
                count += events.eventCount(i);
                assertEquals(event.sequence(), events.lastSequence(i));
                final String aggregate = event.text(EventField.AGGREGATE_ID);
                assertTrue(events.firstSequence(i) > last.getOrDefault(aggregate, 0L), "round " + round);
                last.put(aggregate, event.sequence());
                final Map<String, String> state = actual.computeIfAbsent(aggregate, (key) -> new HashMap<>());
                final String json = payload(event);
                for (final String member : json.substring(1, json.length() - 1).split(",", -1))
                {
                    state.put(member.substring(1, 3), member.substring(5));
                }
            }
            assertEquals(30, count);
            assertEquals(expected, actual, "round " + round);
            merged += 30 - events.size();
        }
        assertTrue(merged > 400 * 10, "" + merged);
    }

    private static BatchAccumulator accumulator(final StateMerger merger)
    {
        return new BatchAccumulator(BatchPolicy.defaults().grouping(BatchGrouping.NONE).stateMerger(merger));
    }

    private static SealedBatch take(final StateMerger merger, final EventFlyweight... events)
    {
        return take(accumulator(merger), events);
    }

    private static SealedBatch take(final BatchAccumulator accumulator, final EventFlyweight... events)
    {
        for (final EventFlyweight event : events)
        {
            assertTrue(accumulator.offer(event, 1));
        }
        accumulator.flush(1);
        return accumulator.poll();
    }

    private static List<String> show(final EventBatch events)
    {
        final List<String> shown = new ArrayList<>();
        for (int i = 0; i < events.size(); i++)
        {
            final EventFlyweight event = events.event(i);
            shown.add(event.sequence() + " x" + events.eventCount(i) + " " + payload(event));
        }
        return shown;
    }

    private static String payload(final EventFlyweight event)
    {
        return new String(event.payload(), StandardCharsets.UTF_8);
    }

    private static void assertRefused(final String message, final Runnable call)
    {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}
