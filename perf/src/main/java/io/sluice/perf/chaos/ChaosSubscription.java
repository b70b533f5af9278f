package io.sluice.perf.chaos;

import io.sluice.engine.DeliveryMode;
import io.sluice.engine.EventHandler;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.batch.BatchPolicy;
import io.sluice.engine.batch.EventBatch;
import io.sluice.engine.failure.BreakerPolicy;
import io.sluice.engine.failure.RetryOrder;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.Priority;
import java.util.Locale;
import java.util.function.LongPredicate;
import java.util.function.UnaryOperator;

/**
 * The subscriptions of a run: one of each kind of delivery. A further kind is a further constant, and if it is promised
 * another order, a further {@link CallOrder}.
 */
enum ChaosSubscription
{
    /** Not durable, given at every launch, never fails. */
    PLAIN("chaos.*", CallOrder.PRIORITY, number -> true, false, true, UnaryOperator.identity()),
    IMMEDIATE("chaos.*", CallOrder.PRIORITY, number -> true, true, true, UnaryOperator.identity()),
    IMMEDIATE_HELD(
        "chaos.b", CallOrder.HELD_KEY_AND_PRIORITY, number -> ChaosEvent.typeOf(number) == 1, true, true,
        spec -> spec.retry(Fixed.RETRY.order(RetryOrder.HOLD_KEY))),
    BREAKING(
        "chaos.c", CallOrder.PRIORITY, number -> ChaosEvent.typeOf(number) == 2, true, true,
        spec -> spec.breaker(BreakerPolicy.DEFAULT.failures(3).openNs(30_000_000L))),
    TAILING(
        "chaos.*", CallOrder.JOURNAL, number -> ChaosEvent.priorityOf(number) <= Priority.NORMAL.code(), true, true,
        spec -> spec.mode(DeliveryMode.TAILING).minimumPriority(Priority.NORMAL)),
    TAILING_KEYED(
        "chaos.*", CallOrder.KEY, number -> ChaosEvent.typeOf(number) != 0, true, true,
        spec -> spec.mode(DeliveryMode.TAILING).where("type <> 'chaos.a'").concurrency(4)),
    TAILING_HELD(
        "chaos.a", CallOrder.HELD_KEY, number -> ChaosEvent.typeOf(number) == 0, true, true,
        spec -> spec.mode(DeliveryMode.TAILING).concurrency(3).retry(Fixed.RETRY.order(RetryOrder.HOLD_KEY))),
    BATCHED(
        "chaos.*", CallOrder.TYPE, number -> ChaosEvent.priorityOf(number) != Priority.HIGH.code(), true, true,
        spec -> spec.where("priority <> 'high'")
            .batches(BatchPolicy.defaults().batchSizes(2, 8, 16).timeoutNs(5_000_000L))),
    /** Subscribed for the first time while events are published. */
    LATE(
        "chaos.*", CallOrder.JOURNAL, number -> true, true, false, spec -> spec.mode(DeliveryMode.TAILING));

    private final String pattern;
    private final CallOrder order;
    // Both without state.
    @SuppressWarnings("ImmutableEnumChecker")
    private final LongPredicate match;
    private final boolean isDurable;
    private final boolean isFromStart;
    @SuppressWarnings("ImmutableEnumChecker")
    private final UnaryOperator<SubscriptionSpec> settings;

    ChaosSubscription(
        final String pattern,
        final CallOrder order,
        final LongPredicate match,
        final boolean isDurable,
        final boolean isFromStart,
        final UnaryOperator<SubscriptionSpec> settings)
    {
        this.pattern = pattern;
        this.order = order;
        this.match = match;
        this.isDurable = isDurable;
        this.isFromStart = isFromStart;
        this.settings = settings;
    }

    /** What constants use before those of the enum itself exist. */
    private static final class Fixed
    {
        private static final RetryPolicy RETRY =
            RetryPolicy.DEFAULT.attempts(3).firstDelayNs(4_000_000L).factor(2.0).jitter(0.2);
    }

    /** @return name in the engine. */
    String label()
    {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    CallOrder order()
    {
        return order;
    }

    /** @return whether an event is for it. */
    boolean wants(final long number)
    {
        return match.test(number);
    }

    boolean isDurable()
    {
        return isDurable;
    }

    /** @return whether it is subscribed before the first event. */
    boolean isFromStart()
    {
        return isFromStart;
    }

    /** @return calls of one event before it becomes a dead letter. */
    static int attempts()
    {
        return Fixed.RETRY.attempts();
    }

    SubscriptionSpec spec(final EventHandler handler)
    {
        final SubscriptionSpec to = order == CallOrder.TYPE ?
            SubscriptionSpec.toBatches(pattern, batch -> handOver(batch, handler)) :
            SubscriptionSpec.to(pattern, handler);
        final SubscriptionSpec spec = to.name(label()).retry(Fixed.RETRY).breaker(BreakerPolicy.OFF);
        return settings.apply(isDurable ? spec.durable(label()) : spec);
    }

    private static void handOver(final EventBatch batch, final EventHandler handler)
    {
        for (int i = 0; i < batch.size(); i++)
        {
            try
            {
                handler.onEvent(batch.event(i));
            }
            catch (final Exception e)
            {
                batch.fail(i, e);
            }
        }
    }
}
