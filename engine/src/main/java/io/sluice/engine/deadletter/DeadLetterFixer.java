package io.sluice.engine.deadletter;

import io.sluice.event.EventBuilder;
import io.sluice.event.EventFlyweight;

/**
 * Repairs events that failed and that a program can repair. Called on the delivery thread, for letters of kind
 * {@code FIXABLE}: it must not wait for anything. What it throws is counted and reported, and the next fixer is asked.
 */
@FunctionalInterface
public interface DeadLetterFixer
{
    /**
     * Repair an event, or leave it to the next fixer.
     *
     * @param letter how it stands.
     * @param event  as it failed, repaired if it was before; valid until the method returns.
     * @return the repaired event, with the id of the original: {@link EventBuilder#from} takes everything over. Null if
     * this fixer can't repair it.
     * @throws Exception whatever goes wrong.
     */
    EventBuilder fix(DeadLetter letter, EventFlyweight event) throws Exception;
}
