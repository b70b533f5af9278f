package io.sluice.engine.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

/** What a thousand rules cost, counted and not timed. */
class RuleGrowthTest
{
    private static final int RULES = 1000;
    private static final int MATCHING = 100;

    private final RuleFixture fixture = new RuleFixture();
    private final RuleRun run = fixture.run;

    @Test
    void shouldAskOnlyTheRulesOfTheTypeWhenThereAreAThousand()
    {
        addRules();
        final EventFlyweight busy = fixture.event(1, "{\"type\":\"busy.step.done\",\"payload\":{\"x\":5}}");
        run.apply(busy);
        assertEquals(MATCHING, run.evaluations());
        assertEquals(1, run.copyCount());
        final EventFlyweight quiet = fixture.event(2, "{\"type\":\"quiet.type.7\",\"payload\":{\"x\":5}}");
        for (int i = 0; i < 1000; i++)
        {
            run.apply(quiet);
        }
        assertEquals(MATCHING + 1000, run.evaluations());
        final EventFlyweight none = fixture.event(3, "{\"type\":\"unheard.of\",\"payload\":{\"x\":5}}");
        for (int i = 0; i < 1000; i++)
        {
            run.apply(none);
        }
        assertEquals(MATCHING + 1000, run.evaluations());
        for (int i = 0; i < 1000; i++)
        {
            run.apply(busy);
        }
        assertEquals(MATCHING + 1000 + 1000 * MATCHING, run.evaluations());
    }

    @Test
    void shouldAskFewPatternsWhenATypeIsNew()
    {
        addRules();
        final RuleIndex index = fixture.table.newest().delivery();
        assertEquals(RULES, index.size());
        assertEquals(0, candidates(index, "unheard.of.before"));
        assertEquals(0, candidates(index, "bus.step"));
        assertEquals(1, candidates(index, "quiet8.type"));
        assertEquals(MATCHING, candidates(index, "busy.whatever"));
        fixture.with(RoutingRule.named("any").pattern("**.failed").discard());
        assertEquals(1, candidates(fixture.table.newest().delivery(), "unheard"));
    }

    @Test
    void shouldAnswerAlikeWhenThereAreMoreTypesThanAreRemembered()
    {
        final List<RoutingRule> rules = new ArrayList<>();
        for (int i = 0; i < 50; i++)
        {
            rules.add(RoutingRule.named("r" + i).pattern("t" + i + ".*.x").copyTo("c" + i).build());
        }
        fixture.table.replaceAll(rules);
        final int types = PreparedTypes.MAX_TYPES + 500;
        for (int round = 0; round < 2; round++)
        {
            for (int i = 0; i < types; i++)
            {
                final String end = i % 2 == 0 ? "x" : "y";
                final EventFlyweight event =
                    fixture.event(1, "{\"type\":\"t" + i % 60 + "." + i + "." + end + "\"}");
                assertEquals(i % 60 < 50 && i % 2 == 0, run.apply(event));
                assertEquals(i % 60 < 50 && i % 2 == 0 ? List.of("c" + i % 60) : List.of(), RuleFixture.copies(run));
            }
        }
    }

    @Test
    void shouldPrepareNothingAgainWhenOneOfManyRulesChanges()
    {
        addRules();
        final EventFlyweight busy = fixture.event(1, "{\"type\":\"busy.step.done\",\"payload\":{\"x\":5}}");
        run.apply(busy);
        final RoutingRule before = fixture.table.rules().get(500);
        fixture.next = 2;
        fixture.table.remove("quiet-3");
        assertTrue(fixture.table.rules().contains(before));
        run.apply(busy);
        fixture.builder.clear().type("busy.step.done").payloadJson("{\"x\":7}");
        run.apply(fixture.encode(3));
        assertEquals(List.of("c7"), RuleFixture.copies(run));
        assertEquals(3, run.version() + 1);
        run.apply(busy);
        assertEquals(1, run.version());
        assertEquals(List.of("c5"), RuleFixture.copies(run));
    }

    private void addRules()
    {
        final List<RoutingRule> rules = new ArrayList<>();
        for (int i = 0; i < RULES; i++)
        {
            final boolean isBusy = i % (RULES / MATCHING) == 0;
            rules.add(RoutingRule.named((isBusy ? "busy-" : "quiet-") + i)
                .pattern(isBusy ? "busy.*" : i == 7 ? "quiet.type.7" : "quiet" + i + ".*")
                .where("payload.x = " + (isBusy ? i / 10 : i))
                .copyTo("c" + i / 10)
                .build());
        }
        fixture.table.replaceAll(rules);
    }

    private static int candidates(final RuleIndex index, final String type)
    {
        final byte[] utf8 = type.getBytes(StandardCharsets.UTF_8);
        return index.candidates(new UnsafeBuffer(utf8), 0, utf8.length);
    }
}
