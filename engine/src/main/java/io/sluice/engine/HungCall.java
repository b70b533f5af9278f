package io.sluice.engine;

import io.sluice.event.EventFlyweight;

/**
 * A call that a thread of the pipeline did not return from before it was fenced.
 *
 * @param subscription whose handler it is.
 * @param report       what is to be said about it.
 * @param event        as the handler has it.
 */
record HungCall(Subscription subscription, HungHandlerException report, EventFlyweight event)
{
}
