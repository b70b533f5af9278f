package io.sluice.engine.rule;

import java.util.function.LongConsumer;

/** Decides from which sequence on a change of the rules holds. */
@FunctionalInterface
public interface RuleBoundary
{
    /**
     * Before a change waits for anything, and before anything of it is written: may the calling thread make one now?
     * An exception says why not. Never blocks.
     */
    default void check()
    {
        // Unless somebody has a reason not to.
    }

    /**
     * Make a change hold. May wait for the thread that gives sequences, and should give up if that is not there.
     *
     * @param takeEffect to be called once, before this returns, with the next sequence that is going to be given, and
     *                   on the thread that gives them, or while it does not run: so that no event has that sequence
     *                   yet, and whoever sees one that has it sees the change too. It never blocks and allocates
     *                   nothing.
     */
    void begin(LongConsumer takeEffect);
}
