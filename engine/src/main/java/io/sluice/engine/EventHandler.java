package io.sluice.engine;

import io.sluice.event.EventFlyweight;

/**
 * Receives events on the handling stage. One call at a time per subscription.
 *
 * <p>A handler that throws is counted and reported and affects nobody else. It may publish: an event published here
 * carries the correlation id of the handled one and names it as its cause. It must not wait for the engine
 * ({@link Publisher#await} refuses to).
 */
@FunctionalInterface
public interface EventHandler
{
    /**
     * One event.
     *
     * @param event view of it, valid until the method returns; {@link EventFlyweight#copyTo} keeps it. Its flags say
     *              whether it is redelivered.
     * @throws Exception whatever goes wrong.
     */
    void onEvent(EventFlyweight event) throws Exception;
}
