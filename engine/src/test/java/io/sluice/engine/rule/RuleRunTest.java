package io.sluice.engine.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.Priority;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.agrona.MutableDirectBuffer;
import org.junit.jupiter.api.Test;

class RuleRunTest
{
    private static final String SAMPLE = """
        {"id":"evt_1","timestamp":"2024-01-20T10:30:00Z","type":"pipeline.stage.failed","source":"worker",
         "subject":"Sub \\"ject\\"","correlationId":"c","causationId":"ca","sessionId":"s","workflowId":"w",
         "priority":"high","category":"integration","aggregate":{"type":"Order","id":"o-7","version":3},
         "version":"1.2","flags":["replayed"],
         "payload":{"stage":"x","ms":1250,"token":"secret","user":{"name":"A","token":"t"},"list":[1,{"n":"deep"}],
           "none":null},
         "metadata":{"host":"h","nested":{"a":1},"hops":7}}""";

    private final RuleFixture fixture = new RuleFixture();
    private final RuleRun run = fixture.run;

    @Test
    void shouldSayNothingWhenNoRuleMatches()
    {
        final EventFlyweight event = fixture.event(3, SAMPLE);
        assertFalse(run.apply(event));
        fixture.with(
            RoutingRule.named("other-type").pattern("pipeline.*.done").discard(),
            RoutingRule.named("other-content").where("payload.ms > 2000").discard(),
            RoutingRule.named("too-urgent").minimumPriority(Priority.CRITICAL).discard(),
            RoutingRule.named("off").enabled(false).discard());
        assertFalse(run.apply(event));
        assertSame(event, run.event());
        assertFalse(run.isTransformed());
        assertFalse(run.isDiscarded());
        assertFalse(run.isRerouted());
        assertNull(run.divertTarget());
        assertEquals(0, run.copyCount());
        assertEquals("pipeline.stage.failed", RuleFixture.topic(run));
        assertEquals(4, run.version());
        assertEquals(0, fixture.stats("other-type").lookedAt());
        assertEquals(1, fixture.stats("other-content").lookedAt());
        assertEquals(0, fixture.stats("other-content").matched());
        assertEquals(0, fixture.stats("too-urgent").lookedAt());
    }

    @Test
    void shouldKeepEverythingElseWhenSomethingIsChanged()
    {
        fixture.with(RoutingRule.named("a").set("metadata.team", "search"));
        final EventFlyweight event = fixture.event(3, SAMPLE).deliveryFlags(EventDescriptor.FLAG_REDELIVERED);
        final Map<String, Object> expected = RuleFixture.map(event);
        member(expected, "metadata").put("team", "search");

        assertTrue(run.apply(event));
        final EventFlyweight changed = run.event();
        assertNotSame(event, changed);
        assertTrue(run.isTransformed());
        assertEquals(expected, RuleFixture.map(changed));
        assertNull(changed.findDamage(changed.recordLength(), new EventHash()));
        assertEquals(event.runId(), changed.runId());
        assertEquals(event.verdict(), changed.verdict());
        assertEquals(event.journalTime(), changed.journalTime());
        assertEquals(1, changed.batchIndex());
        assertEquals(3, changed.batchCount());
        assertEquals(EventDescriptor.FLAG_REPLAYED | EventDescriptor.FLAG_REDELIVERED, changed.flags());
        assertEquals(EventDescriptor.FLAG_REPLAYED, changed.wrap(changed.buffer(), 0).flags());
        assertEquals(event.contentHashLow(), changed.contentHashLow());
        assertEquals(1, fixture.stats("a").transformed());
    }

    @Test
    void shouldKeepAUuidAndWhatIsMissingWhenAPlainEventIsChanged()
    {
        fixture.with(RoutingRule.named("a").rename("source", "s2").set("metadata.x", 1));
        fixture.builder.clear().type("a").eventTimeNs(EventDescriptor.NO_EVENT_TIME);
        final EventFlyweight event = fixture.encode(1);
        final Map<String, Object> expected = RuleFixture.map(event);
        expected.put("source", "s2");
        expected.put("metadata", Map.of("x", BigDecimal.ONE));
        assertEquals(expected, fixture.apply(event));
        assertTrue(run.event().hasUuid());
        assertEquals(event.idLow(), run.event().idLow());
        assertFalse(run.event().hasEventTime());
        assertFalse(run.event().hasAggregateVersion());
    }

    @Test
    void shouldSetTypedValuesWhenARuleEnriches()
    {
        fixture.with(RoutingRule.named("a")
            .set("metadata.text", "ä\n\"x\"").set("metadata.whole", 7).set("metadata.decimal", new BigDecimal("1.50"))
            .set("metadata.flag", true).set("metadata.nested.b.c", "d").set("metadata.host", "h2")
            .set("payload.added", false));
        final Map<String, Object> event = fixture.apply(fixture.event(1, SAMPLE));
        assertEquals(
            RuleFixture.parse("{\"host\":\"h2\",\"nested\":{\"a\":1,\"b\":{\"c\":\"d\"}},\"hops\":7,\"whole\":7," +
                "\"text\":\"ä\\n\\\"x\\\"\",\"decimal\":1.50,\"flag\":true}"),
            event.get("metadata"));
        assertEquals(false, member(event, "payload").get("added"));
    }

    @Test
    void shouldSetValuesOfTheEventWhenARuleEnrichesFromIt()
    {
        final RoutingRuleBuilder rule = RoutingRule.named("a").rename("source", "new-source");
        for (final RuleField field : RuleField.values())
        {
            rule.setFrom("metadata.of['" + field.label() + "']", field.label());
        }
        fixture.with(rule
            .setFrom("metadata.stage", "payload.stage")
            .setFrom("metadata.deep", "payload.list[1].n")
            .setFrom("metadata.user", "payload.user")
            .setFrom("metadata.list", "payload['list']")
            .setFrom("metadata.host", "payload.absent")
            .setFrom("metadata.hops", "payload.none")
            .setFrom("metadata.beyond", "payload.list[2]")
            .setFrom("metadata.into", "payload.stage.x")
            .setFrom("metadata.index", "payload.user[0]"));
        final Map<String, Object> metadata = member(fixture.apply(fixture.event(9, SAMPLE)), "metadata");
        assertEquals("x", metadata.get("stage"));
        assertEquals("deep", metadata.get("deep"));
        assertEquals(Map.of("name", "A", "token", "t"), metadata.get("user"));
        assertEquals(List.of(BigDecimal.ONE, Map.of("n", "deep")), metadata.get("list"));
        assertEquals("h", metadata.get("host"));
        assertEquals(new BigDecimal(7), metadata.get("hops"));
        assertFalse(metadata.containsKey("beyond"));
        assertFalse(metadata.containsKey("into"));
        assertFalse(metadata.containsKey("index"));
        final Map<String, Object> of = member(metadata, "of");
        assertEquals("evt_1", of.get("id"));
        assertEquals("pipeline.stage.failed", of.get("type"));
        assertEquals("new-source", of.get("source"));
        assertEquals("Sub \"ject\"", of.get("subject"));
        assertEquals("2024-01-20T10:30:00Z", of.get("timestamp"));
        assertEquals("2024-01-20T10:30:00.123456798Z", of.get("recorded"));
        assertEquals(new BigDecimal(9), of.get("sequence"));
        assertEquals("high", of.get("priority"));
        assertEquals("integration", of.get("category"));
        assertEquals(new BigDecimal(3), of.get("aggregate.version"));
        assertEquals("application/json", of.get("contentType"));
        assertEquals(RuleField.values().length, of.size());
    }

    @Test
    void shouldSetNothingWhenTheEventHasNoSuchField()
    {
        final RoutingRuleBuilder rule = RoutingRule.named("a");
        for (final RuleField field : RuleField.values())
        {
            rule.setFrom("metadata.of['" + field.label() + "']", field.label());
        }
        fixture.with(rule);
        fixture.builder.clear().type("a").eventTimeNs(EventDescriptor.NO_EVENT_TIME);
        final Map<String, Object> of = member(member(fixture.apply(fixture.encode(1)), "metadata"), "of");
        assertEquals(Set.of("id", "type", "recorded", "sequence", "priority", "category"), of.keySet());
        fixture.builder.clear().type("a").contentType("application/x-special").payload(new byte[] {1});
        assertEquals(
            "application/x-special",
            member(member(fixture.apply(fixture.encode(1)), "metadata"), "of").get("contentType"));
    }

    @Test
    void shouldRenameAndMoveWhenARuleSaysSo()
    {
        fixture.with(RoutingRule.named("a")
            .rename("type", "stage.broken").rename("source", "gateway")
            .rename("payload.user.name", "metadata.user.name")
            .rename("metadata.hops", "payload.hops")
            .rename("payload.stage", "payload.step")
            .rename("payload.absent", "payload.ms"));
        final Map<String, Object> event = fixture.apply(fixture.event(1, SAMPLE));
        assertEquals("stage.broken", event.get("type"));
        assertEquals("gateway", event.get("source"));
        assertEquals(
            RuleFixture.parse("{\"host\":\"h\",\"nested\":{\"a\":1},\"user\":{\"name\":\"A\"}}"),
            event.get("metadata"));
        assertEquals(
            RuleFixture.parse("{\"step\":\"x\",\"ms\":1250,\"token\":\"secret\",\"user\":{\"token\":\"t\"}," +
                "\"list\":[1,{\"n\":\"deep\"}],\"none\":null,\"hops\":7}"),
            event.get("payload"));
        assertEquals("stage.broken", RuleFixture.topic(run));
        assertFalse(run.isRerouted());
    }

    @Test
    void shouldLeaveNoTraceWhenAMemberIsDropped()
    {
        fixture.with(RoutingRule.named("a")
            .drop("payload.token").drop("payload.user.token").drop("metadata.host").drop("metadata.absent.x"));
        fixture.builder.clear().type("a").payloadJson(
            "{ \"token\" : 1, \"user\" : {\"token\":2}, \"x\": [3] , \"tok\\u0065n\":4," +
            "\"user\":{\"y\":5,\"token\":6}}");
        fixture.builder.metadata("host", "h");
        fixture.apply(fixture.encode(1));
        assertEquals(
            "{\"user\":{},\"x\":[3],\"user\":{\"y\":5}}",
            new String(run.event().payload(), StandardCharsets.UTF_8));
        assertEquals(0, run.event().fieldLength(EventField.METADATA));
    }

    @Test
    void shouldMatchAnotherTopicWhenAnEventIsRerouted()
    {
        fixture.with(RoutingRule.named("a").rename("type", "renamed").reroute("audit.ä"));
        final EventFlyweight event = fixture.event(1, SAMPLE);
        assertTrue(run.apply(event));
        assertTrue(run.isRerouted());
        assertEquals("audit.ä", RuleFixture.topic(run));
        assertEquals("renamed", run.event().type());
        assertEquals(1, fixture.stats("a").rerouted());
    }

    @Test
    void shouldTellTargetsWhenARuleDivertsOrCopies()
    {
        fixture.with(
            RoutingRule.named("a").order(1).divert("one").copyTo("c1").copyTo("c2"),
            RoutingRule.named("b").order(2).divert("two").copyTo("c1").copyTo("c3").copyTo("c4").copyTo("c5"));
        assertTrue(run.apply(fixture.event(1, SAMPLE)));
        assertFalse(run.isTransformed());
        assertEquals("two", run.divertTarget());
        assertEquals(List.of("c1", "c2", "c3", "c4", "c5"), RuleFixture.copies(run));
        assertEquals(1, fixture.stats("a").diverted());
        assertEquals(1, fixture.stats("b").copied());
        assertFalse(run.isDiscarded());
    }

    @Test
    void shouldAskNoLaterRuleWhenOneStopsOrDiscards()
    {
        fixture.with(
            RoutingRule.named("a").order(1).where("payload.ms = 1250").copyTo("x").stop(),
            RoutingRule.named("b").order(2).where("payload.ms > 0").discard(),
            RoutingRule.named("c").order(3).copyTo("z"));
        assertTrue(run.apply(fixture.event(1, SAMPLE)));
        assertEquals(List.of("x"), RuleFixture.copies(run));
        assertFalse(run.isDiscarded());
        assertEquals(0, fixture.stats("b").lookedAt());
        assertTrue(run.apply(fixture.event(2, SAMPLE.replace("1250", "1251"))));
        assertTrue(run.isDiscarded());
        assertEquals(1, fixture.stats("b").discarded());
        assertEquals(0, fixture.stats("c").lookedAt());
        assertEquals(3, run.evaluations());
    }

    @Test
    void shouldLookAtTheEventAsItWasJournaledWhenAnEarlierRuleChangedIt()
    {
        fixture.with(
            RoutingRule.named("a").order(1).rename("type", "other.type").set("payload.ms", 0),
            RoutingRule.named("b").order(2).pattern("pipeline.*").where("payload.ms = 1250")
                .setFrom("metadata.seen", "payload.ms"));
        final Map<String, Object> event = fixture.apply(fixture.event(1, SAMPLE));
        assertEquals("other.type", event.get("type"));
        assertEquals(BigDecimal.ZERO, member(event, "metadata").get("seen"));
    }

    @Test
    void shouldLeaveThePayloadAloneWhenItIsNotJson()
    {
        fixture.with(RoutingRule.named("a")
            .drop("payload.a").set("payload.b", 1).rename("payload.c", "metadata.c")
            .setFrom("metadata.d", "payload.d").rename("metadata.host", "payload.host").set("metadata.e", 5));
        fixture.builder.clear().type("a").contentType("text/plain").payloadText("{\"a\":1,\"c\":2,\"d\":3}");
        fixture.builder.metadata("host", "h");
        final Map<String, Object> event = fixture.apply(fixture.encode(1));
        assertEquals("{\"a\":1,\"c\":2,\"d\":3}", event.get("payload"));
        assertEquals(RuleFixture.parse("{\"host\":\"h\",\"e\":5}"), event.get("metadata"));
        assertEquals(1, fixture.stats("a").skipped());
        assertEquals(1, fixture.stats("a").transformed());
        assertEquals(0, fixture.stats("a").failed());

        fixture.builder.clear().type("a").payloadText("{\"a\":1,\"c\":2,\"d\":3}")
            .contentType("application/vnd.x+json");
        assertEquals(RuleFixture.parse("{\"d\":3,\"b\":1}"), fixture.apply(fixture.encode(2)).get("payload"));
    }

    @Test
    void shouldDeliverTheEventAsItWasJournaledWhenAChangeFails()
    {
        fixture.with(
            RoutingRule.named("a").order(1).set("metadata.x", 1).rename("type", "t"),
            RoutingRule.named("b").order(2).set("metadata.host.below", 1).copyTo("c").set("metadata.y", 2),
            RoutingRule.named("c").order(3).rename("source", "s").setFrom("metadata.z", "type").drop("metadata.host")
                .rename("metadata.host", "metadata.h").divert("d"));
        final EventFlyweight event = fixture.event(1, SAMPLE);
        assertTrue(run.apply(event));
        assertSame(event, run.event());
        assertEquals("pipeline.stage.failed", RuleFixture.topic(run));
        assertEquals("d", run.divertTarget());
        assertEquals(List.of("c"), RuleFixture.copies(run));
        assertEquals(List.of(0L, 0L, 0L), counts(RuleStats::transformed));
        assertEquals(List.of(0L, 1L, 0L), counts(RuleStats::failed));
        assertEquals(1, fixture.errors.size());
        final String message = fixture.errors.get(0).getMessage();
        assertTrue(message.contains("rule 'b'") && message.contains("metadata.host.below"), message);
        for (int i = 0; i < 100; i++)
        {
            run.apply(event);
        }
        assertEquals(7, fixture.errors.size());
    }

    @Test
    void shouldFailAndLoseNothingWhenTheResultIsTooLarge()
    {
        fixture.with(
            RoutingRule.named("a").order(1).setFrom("metadata.all", "payload.text"),
            RoutingRule.named("b").order(2).copyTo("c"));
        fixture.builder.clear().type("a").payloadJson("{\"text\":\"" + "x".repeat(40_000) + "\"}");
        final EventFlyweight event = fixture.encode(1);
        assertTrue(run.apply(event));
        assertSame(event, run.event());
        assertTrue(fixture.errors.get(0).getMessage().contains("maxEventLength is 65536"));
        assertEquals(List.of(1L, 0L), counts(RuleStats::failed));
        assertEquals(List.of(0L, 0L), counts(RuleStats::transformed));

        final RuleRun wide = fixture.table.newRun(1 << 20, fixture.errors::add);
        assertTrue(wide.apply(event));
        assertTrue(wide.isTransformed());
        fixture.builder.clear().type("a").payloadJson("{\"text\":\"" + "\\u0001".repeat(10_000) + "\"}")
            .metadata("big", "y".repeat(20_000));
        final EventFlyweight escaped = fixture.encode(2);
        assertTrue(wide.apply(escaped));
        assertSame(escaped, wide.event());
        assertTrue(fixture.errors.get(1).getMessage().contains("at most 65536 are allowed"), "" + fixture.errors);
        wide.close();
        wide.close();
        assertEquals(List.of(2L, 0L), counts(RuleStats::failed));
        assertEquals(List.of(1L, 0L), counts(RuleStats::transformed));
    }

    @Test
    void shouldFailAndLoseNothingWhenTheJsonIsMalformed()
    {
        fixture.with(RoutingRule.named("a").where("type = 'p'").drop("payload.token"),
            RoutingRule.named("b").where("type = 'm'").drop("metadata.token"));
        fixture.builder.clear().type("p").payload("{\"token\":1".getBytes(StandardCharsets.UTF_8));
        final EventFlyweight payload = fixture.encode(1);
        assertFalse(run.apply(payload));
        assertSame(payload, run.event());
        assertEquals(List.of(1L, 0L), counts(RuleStats::failed));

        fixture.builder.clear().type("m").metadata("token", "t");
        final EventFlyweight metadata = fixture.encode(2);
        final int at = metadata.fieldOffset(EventField.METADATA);
        ((MutableDirectBuffer)metadata.buffer()).putByte(at, (byte)'[');
        assertFalse(run.apply(metadata));
        assertEquals(List.of(1L, 1L), counts(RuleStats::failed));
        assertTrue(fixture.errors.get(1).getMessage().contains("metadata is no JSON object"));
    }

    @Test
    void shouldPickAlwaysTheSameEventsWhenARuleSamples()
    {
        fixture.with(
            RoutingRule.named("tenth").pattern("a").sample(10),
            RoutingRule.named("quarter").pattern("b").share(0.25, SampleBy.SEQUENCE),
            RoutingRule.named("content-third").pattern("c").sample(3, SampleBy.CONTENT),
            RoutingRule.named("content-share").pattern("d").share(0.6, SampleBy.CONTENT),
            RoutingRule.named("all").pattern("e").share(1, SampleBy.CONTENT),
            RoutingRule.named("some-other").pattern("f").share(0.6, SampleBy.CONTENT));
        final RuleRun other = fixture.newRun();
        final int count = 3000;
        for (int i = 1; i <= count; i++)
        {
            for (final String type : List.of("a", "b", "c", "d", "e", "f"))
            {
                fixture.builder.clear().type(type).payloadJson("{\"i\":" + i + "}");
                final EventFlyweight event = fixture.encode(i);
                run.apply(event);
                final boolean isDiscarded = run.isDiscarded();
                other.apply(event);
                assertEquals(isDiscarded, other.isDiscarded());
                if ("c".equals(type) || "d".equals(type))
                {
                    other.apply(fixture.encode(i + 70_001));
                    assertEquals(isDiscarded, other.isDiscarded(), "another journal");
                }
            }
        }
        assertEquals(2 * count * 9 / 10, fixture.stats("tenth").sampledOut());
        assertShare(0.75, fixture.stats("quarter"));
        assertShare(2.0 / 3, fixture.stats("content-third"));
        assertShare(0.4, fixture.stats("content-share"));
        assertEquals(0, fixture.stats("all").sampledOut());
        assertShare(0.4, fixture.stats("some-other"));
    }

    private static void assertShare(final double expected, final RuleStats stats)
    {
        assertEquals(expected, (double)stats.sampledOut() / stats.matched(), 0.04, stats.toString());
    }

    private List<Long> counts(final ToLongFunction<RuleStats> count)
    {
        return fixture.table.stats().stream().map(count::applyAsLong).toList();
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> member(final Map<String, Object> object, final String name)
    {
        return (Map<String, Object>)object.get(name);
    }
}
