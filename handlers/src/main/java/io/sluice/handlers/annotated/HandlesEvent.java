package io.sluice.handlers.annotated;

import io.sluice.engine.DeliveryMode;
import io.sluice.event.Priority;
import io.sluice.journal.VisibleAt;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Makes a public method a handler of events; {@link AnnotatedHandlers} subscribes it.
 *
 * <pre>{@code
 * @HandlesEvent("analysis.*")
 * public void onAnalysis(final EventFlyweight event)
 *
 * @HandlesEvent(value = "order.placed", filter = "payload.total > 100", minimumPriority = Priority.HIGH, order = 1)
 * public void onLargeOrder(final Map<String, Object> order, final EventFlyweight event)
 *
 * @HandlesEvent(value = "file.*", mode = DeliveryMode.BATCHED, attempts = 5, backoffMs = 200)
 * public void onFiles(final EventBatch batch)
 * }</pre>
 *
 * <p>The method takes the event, its payload decoded, or both in any order, or else an
 * {@link io.sluice.engine.batch.EventBatch} alone; it gives nothing back and may throw anything. The rules of
 * {@link io.sluice.engine.EventHandler} hold for it, or those of {@link io.sluice.engine.batch.BatchHandler}. An
 * override is a handler if it has the annotation itself.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
public @interface HandlesEvent
{
    /** @return pattern of the types that are wanted, see {@link io.sluice.event.TopicPattern}. */
    String value();

    /**
     * @return condition that an event must meet besides, in the language of {@link io.sluice.event.filter.EventFilter};
     *         empty for none. The payload is decoded only if it does.
     */
    String filter() default "";

    /** @return least urgent priority that is wanted. */
    Priority minimumPriority() default Priority.LOW;

    /** @return level from which on events are seen, see {@link io.sluice.engine.SubscriptionSpec#visibleAt}. */
    VisibleAt visibleAt() default VisibleAt.JOURNALED;

    /**
     * @return place among the handlers that are registered together: an event reaches those with smaller numbers first,
     *         those with the same number in the order of their names. Holds among handlers that see an event at the
     *         same level, {@link #visibleAt}.
     */
    int order() default 0;

    /**
     * @return how events reach the method. {@link DeliveryMode#BATCHED} and {@link DeliveryMode#AUTO} are for one that
     *         takes an {@link io.sluice.engine.batch.EventBatch}, and both need a journal, as does
     *         {@link DeliveryMode#TAILING}.
     */
    DeliveryMode mode() default DeliveryMode.IMMEDIATE;

    /**
     * @return calls in all for an event that the method can't handle, 1 for no second one; 0 for what {@link
     *         io.sluice.engine.failure.RetryPolicy#DEFAULT} says. A method that takes a batch gets such events one by
     *         one.
     */
    int attempts() default 0;

    /**
     * @return milliseconds from the first failure to the second call, twice as long after each further one; 0 for what
     *         {@link io.sluice.engine.failure.RetryPolicy#DEFAULT} says.
     */
    long backoffMs() default 0;

    /**
     * @return name of the subscription, in statistics and errors; by default that of class and method, for example
     *         {@code MetricsService.onAnalysis}.
     */
    String name() default "";
}
