package io.sluice.engine;

import io.sluice.engine.rule.RuleRun;
import io.sluice.event.EventFlyweight;

/**
 * Turns the view of an event, as it was journaled, to what the rules that hold for it make of it: the same, whenever it
 * is asked. Where several handlers get an event one after the other, that is made once.
 *
 * <p>Not thread-safe: one per thread. What a view is turned to is valid until the next event is.
 */
final class RuleView
{
    private final RuleRun run;
    private final EventFlyweight made = new EventFlyweight();
    private long sequence;

    /** @param run that does not count: the event was counted where it was routed. */
    RuleView(final RuleRun run)
    {
        this.run = run;
    }

    /** Turn a view; one that no rule changes stays. */
    void turn(final EventFlyweight event)
    {
        final int deliveryFlags = event.deliveryFlags();
        if (sequence != event.sequence() || event.sequence() == 0)
        {
            sequence = 0;
            if (!run.apply(event) || !run.isTransformed())
            {
                return;
            }
            sequence = event.sequence();
            made.wrap(run.event().buffer(), run.event().offset());
        }
        event.wrap(made.buffer(), made.offset()).deliveryFlags(deliveryFlags);
    }
}
