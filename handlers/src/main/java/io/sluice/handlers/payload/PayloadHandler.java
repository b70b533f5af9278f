package io.sluice.handlers.payload;

import io.sluice.event.EventFlyweight;

/**
 * Receives events with their payload decoded. The rules of {@link io.sluice.engine.EventHandler} hold.
 *
 * @param <T> class of the payload.
 */
@FunctionalInterface
public interface PayloadHandler<T>
{
    /**
     * One event.
     *
     * @param payload of it; may be kept, unless it is a view, as those of SBE are.
     * @param event   view of it, valid until the method returns.
     * @throws Exception whatever goes wrong.
     */
    void onEvent(T payload, EventFlyweight event) throws Exception;
}
