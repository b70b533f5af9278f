package io.sluice.engine.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Random tables and random events: the run comes to what a naive evaluator comes to over a map. */
class RulePropertyTest
{
    private static final int TABLES = 200;
    private static final int EVENTS = 30;

    private final RuleFixture fixture = new RuleFixture();
    private final EventHash hash = new EventHash();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldComeToTheSameWhenANaiveEvaluatorIsAsked(final long seed)
    {
        final Random random = new Random(seed);
        final RandomRules randomRules = new RandomRules(random);
        int transformed = 0;
        int discarded = 0;
        int failed = 0;
        for (int table = 0; table < TABLES; table++)
        {
            fixture.next = table * 100L + 1;
            final List<NaiveRules.Rule> rules = randomRules.rules();
            fixture.table.replaceAll(rules.stream()
                .map((rule) -> RoutingRule.ofJson(rule.rule().toJson()))
                .toList());
            for (int i = 0; i < EVENTS; i++)
            {
                final EventFlyweight event = event(random, fixture.next + i);
                final String what = "seed " + seed + " table " + table + " event " + i + ": " + rules.stream()
                    .map((rule) -> rule.rule().toJson()).toList() + " on " + RuleFixture.map(event);
                final NaiveRules.State expected = NaiveRules.apply(rules, event);
                check(expected, event, what);
                transformed += fixture.run.isTransformed() ? 1 : 0;
                discarded += expected.isDiscarded ? 1 : 0;
                failed += expected.isFailed ? 1 : 0;
            }
        }
        assertTrue(
            transformed > 500 && discarded > 500 && failed > 150, transformed + " " + discarded + " " + failed);
    }

    private void check(final NaiveRules.State expected, final EventFlyweight event, final String what)
    {
        final RuleRun run = fixture.run;
        final boolean isDecided = run.apply(event);
        assertEquals(expected.isDiscarded, run.isDiscarded(), what);
        if (expected.isDiscarded)
        {
            return;
        }
        final Map<String, Object> delivered = expected.delivered();
        assertEquals(delivered, RuleFixture.map(run.event()), what);
        assertNull(run.event().findDamage(run.event().recordLength(), hash), what);
        assertEquals(expected.divert, run.divertTarget(), what);
        assertEquals(new ArrayList<>(expected.copies), RuleFixture.copies(run), what);
        assertEquals(expected.topic == null ? delivered.get("type") : expected.topic, RuleFixture.topic(run), what);
        assertTrue(isDecided || delivered.equals(expected.original), what);
    }

    private EventFlyweight event(final Random random, final long sequence)
    {
        fixture.builder.clear()
            .type(RandomRules.TYPES.get(random.nextInt(RandomRules.TYPES.size())))
            .source(random.nextBoolean() ? "worker" : "other")
            .priority(Priority.of(random.nextInt(4)));
        if (random.nextBoolean())
        {
            fixture.builder.subject("s\"ü");
        }
        if (random.nextBoolean())
        {
            fixture.builder.metadata("m", random.nextInt(3));
        }
        if (random.nextBoolean())
        {
            fixture.builder.metadata("n", random.nextBoolean() ? Map.of("o", "oo") : 1);
        }
        switch (random.nextInt(4))
        {
            case 0 -> fixture.builder.payloadText("{\"p\":1}").contentType("text/plain");
            case 1 -> fixture.builder.payloadJson("{\"p\":" + random.nextInt(9) + ", \"q\":{\"r\":[1] ,\"s\":{}}}");
            case 2 -> fixture.builder.payloadJson(
                "{\"list\":[{\"x\":1},\"two\"],\"odd .key\":\"v\",\"q\":" + random.nextInt(2) + "}");
            default -> fixture.builder.payloadJson("[1,2]");
        }
        return fixture.encode(sequence);
    }
}
