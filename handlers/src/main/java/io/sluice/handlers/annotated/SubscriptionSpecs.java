package io.sluice.handlers.annotated;

import io.sluice.engine.EventHandler;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.event.filter.EventFilter;
import io.sluice.event.serial.PayloadSerializers;

/** The one place that says how what an annotation asks for becomes a subscription. */
final class SubscriptionSpecs
{
    private SubscriptionSpecs()
    {
    }

    static SubscriptionSpec of(
        final HandlerMethod method, final String namePrefix, final PayloadSerializers serializers)
    {
        final SubscriptionSpec spec = method.takesBatch() ? batches(method) :
            SubscriptionSpec.to(method.pattern(), filtered(method, method.newHandler(serializers)));
        return spec
            .name(namePrefix + method.name())
            .minimumPriority(method.minimumPriority())
            .visibleAt(method.visibleAt())
            .mode(method.mode())
            .retry(method.retry());
    }

    // What does not pass the filter must not get into a batch.
    private static SubscriptionSpec batches(final HandlerMethod method)
    {
        final SubscriptionSpec spec = SubscriptionSpec.toBatches(method.pattern(), method.newBatchHandler());
        final EventFilter filter = method.newFilter();
        return filter == null ? spec : spec.where(filter);
    }

    private static EventHandler filtered(final HandlerMethod method, final EventHandler handler)
    {
        final EventFilter filter = method.newFilter();
        if (filter == null)
        {
            return handler;
        }
        return event ->
        {
            if (filter.matches(event))
            {
                handler.onEvent(event);
            }
        };
    }
}
