package io.sluice.engine.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is worked out once for a type and a priority is what the rules would say, and count, for each event. */
class SteadyOutcomeTest
{
    private static final int TABLES = 30;
    private static final int EVENTS = 60;
    private static final int RULES = 4;
    private static final List<String> TYPES = List.of("a.b", "a.c", "b.b", "b.c.d");
    private static final List<String> PATTERNS = List.of("a.*", "*.b", "**", "b.c.d", "a.b");

    private final RuleFixture kept = new RuleFixture();
    private final RuleFixture anew = new RuleFixture();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4})
    void shouldSayAndCountTheSameAsWhenEachEventIsTheFirst(final long seed)
    {
        final Random random = new Random(seed);
        int decided = 0;
        for (int table = 0; table < TABLES; table++)
        {
            final int first = table * EVENTS + 1;
            final List<RoutingRule> rules = rules(random);
            replace(first, rules);
            for (int i = 0; i < EVENTS; i++)
            {
                // Now and then one that an older table holds for.
                final long sequence = random.nextInt(20) == 0 ? 1 + random.nextInt(first) : first + i;
                decided += check(event(random, sequence)) ? 1 : 0;
            }
            for (final RoutingRule rule : rules)
            {
                assertEquals(anew.stats(rule.name()), kept.stats(rule.name()), "seed " + seed + " table " + table);
            }
        }
        assertTrue(decided > TABLES * EVENTS / 4, "" + decided);
        assertEquals(0, kept.run.evaluations());
        kept.run.close();
        for (final RuleStats stats : anew.table.stats())
        {
            assertEquals(stats, kept.stats(stats.rule().name()), "closed");
        }
    }

    @Test
    void shouldAskEachTimeWhenARuleLooksAtTheEvent()
    {
        replace(1, List.of(
            RoutingRule.named("steady").pattern("a.*").copyTo("c").build(),
            RoutingRule.named("asks").pattern("a.*").where("subject = 'x'").discard().build()));
        for (int i = 1; i <= 10; i++)
        {
            kept.builder.clear().type("a.b").subject(i % 2 == 0 ? "x" : "y");
            kept.run.apply(kept.encode(i));
            assertEquals(i % 2 == 0, kept.run.isDiscarded());
        }
        assertEquals(10, kept.run.evaluations());
        assertEquals(5, kept.stats("asks").discarded());
    }

    @Test
    void shouldRememberNoMoreRulesThanTheBoundAndStillAnswer()
    {
        final int rules = 1024;
        replace(1, IntStream.range(0, rules)
            .mapToObj((i) -> RoutingRule.named("r" + i).pattern("**").copyTo("c" + i % 3).build()).toList());
        final int types = PreparedTypes.MAX_RULES_OF_OUTCOMES / rules + 10;
        for (int round = 0; round < 3; round++)
        {
            for (int type = 0; type < types; type++)
            {
                kept.builder.clear().type("t" + type);
                assertTrue(kept.run.apply(kept.encode(round * types + type + 1)));
                assertEquals(List.of("c0", "c1", "c2"), RuleFixture.copies(kept.run));
            }
        }
        assertEquals(3L * types, kept.stats("r1").copied());
        assertEquals(3L * types, kept.stats("r1023").matched());
    }

    @Test
    void shouldWorkOutOnceForATypeAndAPriorityUpToTheBound()
    {
        final int rules = 1 << 12;
        replace(1, IntStream.range(0, rules)
            .mapToObj((i) -> RoutingRule.named("r" + i).pattern("**").copyTo("c").build()).toList());
        final RuleDraft draft = new RuleDraft(RuleFixture.MAX_EVENT_LENGTH);
        final PreparedTypes types =
            new PreparedTypes(kept.table.newest().delivery(), new PreparedRules((name) -> new RuleCounters(), false));
        final int most = PreparedTypes.MAX_RULES_OF_OUTCOMES / rules;
        for (int type = 0; type < most; type++)
        {
            assertNull(outcome(types, draft, "t" + type, Priority.LOW), "seen for the first time");
            final SteadyOutcome made = outcome(types, draft, "t" + type, Priority.LOW);
            assertSame(made, outcome(types, draft, "t" + type, Priority.LOW));
        }
        assertNotNull(outcome(types, draft, "t0", Priority.LOW));
        assertNull(outcome(types, draft, "t0", Priority.HIGH), "beyond the bound");
    }

    private SteadyOutcome outcome(
        final PreparedTypes types, final RuleDraft draft, final String type, final Priority priority)
    {
        kept.builder.clear().type(type).priority(priority);
        final EventFlyweight event = kept.encode(1);
        types.find(event);
        return types.outcome(event, draft);
    }

    private boolean check(final EventFlyweight event)
    {
        final String what = RuleFixture.map(event).toString();
        try (RuleRun first = anew.newRun())
        {
            final RuleRun run = kept.run;
            final boolean isDecided = run.apply(event);
            assertEquals(first.apply(event), isDecided, what);
            assertEquals(first.isDiscarded(), run.isDiscarded(), what);
            assertEquals(first.divertTarget(), run.divertTarget(), what);
            assertEquals(RuleFixture.copies(first), RuleFixture.copies(run), what);
            assertEquals(first.isRerouted(), run.isRerouted(), what);
            assertEquals(RuleFixture.topic(first), RuleFixture.topic(run), what);
            assertEquals(first.version(), run.version(), what);
            assertEquals(event, run.event(), what);
            for (final String target : RuleFixture.copies(first))
            {
                first.onAbsent(target);
                run.onAbsent(target);
            }
            return isDecided;
        }
    }

    private EventFlyweight event(final Random random, final long sequence)
    {
        kept.builder.clear()
            .type(TYPES.get(random.nextInt(TYPES.size())))
            .priority(Priority.of(random.nextInt(Priority.COUNT)));
        return kept.encode(sequence);
    }

    private void replace(final long first, final List<RoutingRule> rules)
    {
        kept.next = first;
        anew.next = first;
        kept.table.replaceAll(rules);
        anew.table.replaceAll(rules);
    }

    private static List<RoutingRule> rules(final Random random)
    {
        final List<RoutingRule> rules = new ArrayList<>();
        // The counts of a name that leaves the table begin anew when it comes back.
        for (int i = 0; i < RULES; i++)
        {
            final RoutingRuleBuilder rule = RoutingRule.named("r" + i)
                .pattern(PATTERNS.get(random.nextInt(PATTERNS.size())))
                .minimumPriority(Priority.of(random.nextInt(Priority.COUNT)));
            for (int action = 0; action < 1 + random.nextInt(2); action++)
            {
                switch (random.nextInt(4))
                {
                    case 0 -> rule.divert("d" + random.nextInt(2));
                    case 1 -> rule.reroute("topic.t" + random.nextInt(2));
                    default -> rule.copyTo("c" + random.nextInt(9));
                }
            }
            switch (random.nextInt(8))
            {
                case 0 -> rule.discard();
                case 1 -> rule.stop();
                default -> rule.copyTo("c");
            }
            rules.add(rule.build());
        }
        return rules;
    }
}
