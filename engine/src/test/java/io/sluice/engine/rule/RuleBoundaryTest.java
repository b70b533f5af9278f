package io.sluice.engine.rule;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/** Rules that change while one thread gives sequences and another one routes. */
class RuleBoundaryTest
{
    private static final int CHANGES = 100;

    private final AtomicReference<LongConsumer> asked = new AtomicReference<>();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile long sequenced;
    private volatile long routed;
    private volatile boolean isOver;

    @Test
    void shouldGiveEveryEventTheRulesThatHeldForItWhenTheyChangeMeanwhile() throws InterruptedException
    {
        final RuleTable table = RuleTable.inMemory((takeEffect) ->
        {
            asked.set(takeEffect);
            while (asked.get() != null && failure.get() == null)
            {
                Thread.yield();
            }
        });
        final List<List<String>> answers = new ArrayList<>();
        final List<String> types = List.of("a.b", "c", "a.x.y");
        final Thread sequencing = start(this::sequence);
        final Thread routing = start(() -> route(table.newRun(1 << 16, failure::set), types, answers));
        for (int i = 0; i < CHANGES; i++)
        {
            // Some events between two changes.
            final long until = routed + i % 7;
            while (routed < until && failure.get() == null)
            {
                Thread.yield();
            }
            final RoutingRule rule = RoutingRule.named("r" + i % 5).pattern(i % 2 == 0 ? "a.*" : "*").copyTo("c" + i)
                .build();
            if (i < 5)
            {
                table.add(rule);
            }
            else
            {
                table.replace(rule);
            }
        }
        isOver = true;
        sequencing.join();
        routing.join();
        assertNull(failure.get());

        final RuleFixture fixture = new RuleFixture();
        final RuleRun later = table.newRun(1 << 16, fixture.errors::add);
        for (int i = answers.size(); i > 0; i--)
        {
            fixture.builder.clear().type(types.get(i % 3));
            later.apply(fixture.encode(i));
            assertEquals(answers.get(i - 1), RuleFixture.copies(later), "event " + i + " of " + answers.size());
        }
        assertTrue(answers.stream().distinct().count() > CHANGES / 2);
    }

    private void sequence()
    {
        long last = 0;
        while (!isOver && failure.get() == null)
        {
            final LongConsumer takeEffect = asked.get();
            if (takeEffect != null)
            {
                takeEffect.accept(last + 1);
                asked.set(null);
            }
            // The ring is as full as the routing thread lets it be.
            if (last - routed < 16)
            {
                last++;
                sequenced = last;
            }
            else
            {
                Thread.yield();
            }
        }
    }

    private void route(final RuleRun run, final List<String> types, final List<List<String>> answers)
    {
        final RuleFixture fixture = new RuleFixture();
        long next = 1;
        while ((!isOver || next <= sequenced) && failure.get() == null)
        {
            if (next <= sequenced)
            {
                fixture.builder.clear().type(types.get((int)(next % 3)));
                run.apply(fixture.encode(next));
                answers.add(RuleFixture.copies(run));
                routed = next++;
            }
            else
            {
                Thread.yield();
            }
        }
    }

    private Thread start(final Runnable work)
    {
        final Thread thread = new Thread(work, "rules-test");
        thread.setUncaughtExceptionHandler((failed, error) -> failure.set(error));
        thread.start();
        return thread;
    }
}
