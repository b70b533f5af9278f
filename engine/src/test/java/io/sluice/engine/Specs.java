package io.sluice.engine;

import io.sluice.engine.batch.BatchPolicy;
import io.sluice.engine.batch.EventBatch;

/** Subscriptions that get the same events in whichever mode. */
final class Specs
{
    /** Batches that are handed over at once. */
    static final BatchPolicy SINGLE = BatchPolicy.defaults().batchSizes(1, 1, 1);

    private Specs()
    {
    }

    static SubscriptionSpec to(final String pattern, final EventHandler handler, final DeliveryMode mode)
    {
        switch (mode)
        {
            case BATCHED:
                return SubscriptionSpec.toBatches(pattern, batch -> each(batch, handler)).batches(SINGLE);
            case AUTO:
                return SubscriptionSpec.to(pattern, handler).batchHandler(batch -> each(batch, handler))
                    .batches(SINGLE).mode(mode);
            default:
                return SubscriptionSpec.to(pattern, handler).mode(mode);
        }
    }

    private static void each(final EventBatch batch, final EventHandler handler) throws Exception
    {
        for (int i = 0; i < batch.size(); i++)
        {
            handler.onEvent(batch.event(i));
        }
    }
}
