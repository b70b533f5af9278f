package io.sluice.engine.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.event.EventFlyweight;
import io.sluice.event.EventHash;
import io.sluice.event.EventStamp;
import io.sluice.event.Priority;
import io.sluice.event.Verdict;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class AdmissionRulesTest
{
    private final RuleFixture fixture = new RuleFixture();
    private final AdmissionRules rules = fixture.table.admission();
    private final AdmissionRun run = rules.newRun();

    @Test
    void shouldKeepThePriorityWhenNoRuleSaysOtherwise()
    {
        assertTrue(rules.isEmpty());
        assertEquals(Priority.HIGH, run.priority(event("a", Priority.HIGH, 1)));
        fixture.with(
            RoutingRule.named("delivery").discard(),
            RoutingRule.named("off").enabled(false).priority(Priority.LOW));
        assertTrue(rules.isEmpty());
        assertEquals(Priority.HIGH, run.priority(event("a", Priority.HIGH, 1)));
        fixture.with(RoutingRule.named("b").pattern("b.*").priority(Priority.LOW));
        assertFalse(rules.isEmpty());
        assertEquals(Priority.HIGH, run.priority(event("a", Priority.HIGH, 1)));
        assertEquals(0, fixture.stats("b").lookedAt());
    }

    @Test
    void shouldChangeThePriorityWhenTypeAndContentMatch()
    {
        fixture.with(RoutingRule.named("a").pattern("order.*").where("payload.x > 10").priority(Priority.CRITICAL));
        assertEquals(Priority.NORMAL, run.priority(event("order.placed", Priority.NORMAL, 10)));
        assertEquals(Priority.CRITICAL, run.priority(event("order.placed", Priority.NORMAL, 11)));
        assertEquals(Priority.CRITICAL, run.priority(event("order.placed", Priority.CRITICAL, 11)));
        assertEquals(3, fixture.stats("a").lookedAt());
        assertEquals(2, fixture.stats("a").matched());
        assertEquals(1, fixture.stats("a").prioritized());
        fixture.table.replace(RoutingRule.named("a").priority(Priority.LOW).build());
        assertEquals(Priority.LOW, run.priority(event("order.placed", Priority.NORMAL, 1)));
        fixture.table.remove("a");
        assertEquals(Priority.NORMAL, run.priority(event("order.placed", Priority.NORMAL, 1)));
    }

    @Test
    void shouldGoByThePublishersPriorityWhenSeveralRulesMatch()
    {
        fixture.with(
            RoutingRule.named("a").order(1).where("priority = 'low'").priority(Priority.CRITICAL),
            RoutingRule.named("b").order(2).minimumPriority(Priority.HIGH).priority(Priority.LOW),
            RoutingRule.named("c").order(3).where("payload.x = 1").priority(Priority.HIGH).stop(),
            RoutingRule.named("d").order(4).where("priority = 'low'").priority(Priority.NORMAL));
        assertEquals(Priority.HIGH, run.priority(event("t", Priority.LOW, 1)));
        assertEquals(Priority.NORMAL, run.priority(event("t", Priority.LOW, 2)));
        assertEquals(Priority.LOW, run.priority(event("t", Priority.HIGH, 2)));
        assertEquals(2, fixture.stats("d").lookedAt());
    }

    @Test
    void shouldNotBeAskedAgainWhenAnEventIsDelivered()
    {
        fixture.with(RoutingRule.named("a").priority(Priority.LOW));
        assertFalse(fixture.run.apply(fixture.event(1, "{\"type\":\"x\"}")));
        assertEquals(0, fixture.stats("a").lookedAt());
    }

    @Test
    void shouldLeaveASoundRecordWhenThePriorityIsWrittenIntoIt()
    {
        final EventFlyweight event = event("t", Priority.LOW, 1);
        final long content = event.contentHashLow();
        EventStamp.priority((UnsafeBuffer)event.buffer(), event.offset(), Priority.CRITICAL);
        EventStamp.stamp((UnsafeBuffer)event.buffer(), event.offset(), 1, 2, 3, Verdict.ACCEPTED, 0);
        assertEquals(Priority.CRITICAL, event.priority());
        assertEquals(content, event.contentHashLow());
        assertNull(event.findDamage(event.recordLength(), new EventHash()));
    }

    private EventFlyweight event(final String type, final Priority priority, final int x)
    {
        fixture.builder.clear().type(type).priority(priority).payloadJson("{\"x\":" + x + "}");
        return fixture.unsequenced();
    }
}
