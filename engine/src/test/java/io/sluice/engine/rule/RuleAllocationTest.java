package io.sluice.engine.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Counts the bytes that a thread allocates; a counter and not a clock, so a slow machine changes nothing. */
class RuleAllocationTest
{
    private static final int ROUNDS = 20_000;

    private final ThreadMXBean threads = (ThreadMXBean)ManagementFactory.getThreadMXBean();
    private final RuleFixture fixture = new RuleFixture();
    private final RuleRun run = fixture.run;
    private final AdmissionRun admission = fixture.table.admission().newRun();
    private long sink;

    /** Where the control puts what it allocates: an array that never escapes can be compiled away. */
    private volatile byte[] escaped = {};

    @BeforeEach
    void beforeEach()
    {
        assumeTrue(threads.isThreadAllocatedMemorySupported() && threads.isThreadAllocatedMemoryEnabled());
        fixture.with(
            RoutingRule.named("other").pattern("other.*").drop("payload.x"),
            RoutingRule.named("wild").pattern("**.failed").discard(),
            RoutingRule.named("header").pattern("a.*").where("subject = 'x' AND priority >= 'high'").discard(),
            RoutingRule.named("edit").pattern("edit.*").where("source = 'worker'")
                .set("metadata.team.name", "search").setFrom("metadata.from", "payload.deep.x")
                .setFrom("metadata.subject", "subject").rename("payload.a", "metadata.a").drop("payload.token")
                .rename("type", "edited").copyTo("c").reroute("topic").sample(1, SampleBy.CONTENT),
            RoutingRule.named("urgent").pattern("a.*").where("subject = 'x'").priority(Priority.CRITICAL));
    }

    @Test
    void shouldCountWhenSomethingIsAllocated()
    {
        final long bytes = allocated((i) -> escaped = new byte[100 + (i & 1)]);
        assertTrue(bytes >= 100L * ROUNDS, "" + bytes);
    }

    @Test
    void shouldAllocateNothingWhenNoRuleMatches()
    {
        final EventFlyweight plain = event("plain.type");
        final EventFlyweight asked = event("a.b");
        assertEquals(0, allocated((i) ->
        {
            sink += run.apply(plain) ? 1 : 0;
            sink += run.apply(asked) ? 1 : 0;
            sink += run.event().sequence() + run.topicLength();
        }));
        assertTrue(fixture.stats("header").lookedAt() > ROUNDS);
        assertEquals(0, fixture.stats("header").matched());
    }

    @Test
    void shouldAllocateNothingWhenAnEventIsTransformed()
    {
        final EventFlyweight event = event("edit.me");
        assertEquals(0, allocated((i) ->
        {
            sink += run.apply(event) ? 1 : 0;
            sink += run.event().recordLength() + run.copyCount() + run.topicLength();
        }));
        assertTrue(run.isTransformed());
        assertFalse(run.isDiscarded());
        assertEquals("topic", RuleFixture.topic(run));
    }

    @Test
    void shouldAllocateNothingWhenAnEventIsAdmitted()
    {
        final EventFlyweight plain = event("plain.type");
        final EventFlyweight asked = event("a.b");
        assertEquals(0, allocated((i) ->
            sink += admission.priority(plain).code() + admission.priority(asked).code()));
    }

    @Test
    void shouldAllocateNothingWhenVersionsAlternate()
    {
        final EventFlyweight before = event("plain.type");
        fixture.next = 10;
        fixture.table.remove("wild");
        fixture.builder.clear().type("plain.type");
        final EventFlyweight after = fixture.encode(11);
        // A look-up of another version moves it to the end of a list: no garbage but what the list keeps.
        assertEquals(0, allocated((i) -> sink += run.apply((i & 1) == 0 ? before : after) ? 1 : 0));
    }

    private EventFlyweight event(final String type)
    {
        return fixture.event(1, "{\"type\":\"" + type + "\",\"source\":\"worker\",\"subject\":\"s\",\"payload\":" +
            "{\"a\":1,\"deep\":{\"x\":[1,2]},\"token\":\"t\"},\"metadata\":{\"host\":\"h\"}}");
    }

    @FunctionalInterface
    private interface Step
    {
        void run(int round);
    }

    // A compilation that ends in the measured part may allocate on this thread, once; a leak per round shows in every
    // try.
    private long allocated(final Step step)
    {
        for (int i = 0; i < ROUNDS; i++)
        {
            step.run(i);
        }
        long least = Long.MAX_VALUE;
        for (int attempt = 0; attempt < 5 && least > 0; attempt++)
        {
            final long start = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < ROUNDS; i++)
            {
                step.run(i);
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - start);
        }
        return least;
    }
}
