package io.sluice.engine.deadletter;

import io.sluice.event.EventFlyweight;

/** Receives dead letters, on the thread that asks for them. */
@FunctionalInterface
public interface DeadLetterHandler
{
    /**
     * One letter. What it throws ends the pass and reaches the caller.
     *
     * @param letter how it stands.
     * @param record the last record that is a copy of its event, repaired if it was, with {@code metadata.deadLetter};
     *               valid until the method returns.
     */
    void onLetter(DeadLetter letter, EventFlyweight record);
}
