package io.sluice.handlers.annotated;

import io.sluice.engine.DeliveryMode;
import io.sluice.engine.EventHandler;
import io.sluice.engine.batch.BatchHandler;
import io.sluice.engine.batch.EventBatch;
import io.sluice.engine.failure.RetryPolicy;
import io.sluice.event.EventFlyweight;
import io.sluice.event.Priority;
import io.sluice.event.filter.EventFilter;
import io.sluice.event.serial.PayloadSerializers;
import io.sluice.handlers.payload.PayloadHandlers;
import io.sluice.journal.VisibleAt;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One method of one object and all that its annotation says. Immutable. {@link SubscriptionSpecs} maps it to what an
 * engine can do.
 */
final class HandlerMethod
{
    private final Object target;
    private final Method method;
    private final HandlesEvent annotation;

    HandlerMethod(final Object target, final Method method)
    {
        this.target = target;
        this.method = method;
        annotation = method.getAnnotation(HandlesEvent.class);
    }

    /** @return class and method, as errors name them. */
    String place()
    {
        return method.getDeclaringClass().getName() + "." + method.getName();
    }

    String name()
    {
        return annotation.name().isEmpty() ?
            method.getDeclaringClass().getSimpleName() + "." + method.getName() : annotation.name();
    }

    String pattern()
    {
        return annotation.value();
    }

    /** @return the filter, or null for none. Not thread-safe; each call gives another one. */
    EventFilter newFilter()
    {
        return annotation.filter().isEmpty() ? null : EventFilter.of(annotation.filter());
    }

    Priority minimumPriority()
    {
        return annotation.minimumPriority();
    }

    VisibleAt visibleAt()
    {
        return annotation.visibleAt();
    }

    DeliveryMode mode()
    {
        return annotation.mode();
    }

    /** @return what it asks for, and the default where it asks for nothing. */
    RetryPolicy retry()
    {
        final RetryPolicy policy = annotation.attempts() == 0 ?
            RetryPolicy.DEFAULT : RetryPolicy.DEFAULT.attempts(annotation.attempts());
        return annotation.backoffMs() == 0 ?
            policy : policy.firstDelayNs(TimeUnit.MILLISECONDS.toNanos(annotation.backoffMs()));
    }

    boolean takesBatch()
    {
        return List.of(method.getParameterTypes()).equals(List.of(EventBatch.class));
    }

    /** @return the method, which takes a batch, as a handler of batches. */
    BatchHandler newBatchHandler()
    {
        return MethodBinding.toBatch(target, method);
    }

    int order()
    {
        return annotation.order();
    }

    HandlerDeclaration declaration()
    {
        final int modifiers = method.getModifiers();
        return new HandlerDeclaration(
            annotation.value(),
            annotation.filter(),
            annotation.name(),
            annotation.mode().name(),
            annotation.attempts(),
            annotation.backoffMs(),
            Modifier.isPublic(modifiers),
            Modifier.isStatic(modifiers),
            method.getReturnType().getTypeName(),
            Arrays.stream(method.getParameterTypes()).map(Class::getTypeName).toList());
    }

    /**
     * The method as a handler: it decodes the payload if the method takes one, and calls it.
     *
     * @param serializers to decode with.
     * @return to be called by one thread at a time; does not look at the filter.
     * @throws io.sluice.event.EventException if no serializer handles the payload's class, or the module of the class
     *                                        is closed.
     */
    EventHandler newHandler(final PayloadSerializers serializers)
    {
        final List<Class<?>> parameters = List.of(method.getParameterTypes());
        if (parameters.equals(List.of(EventFlyweight.class)))
        {
            return MethodBinding.toEvent(target, method);
        }
        final int payload = parameters.get(0) == EventFlyweight.class ? 1 : 0;
        return newHandler(serializers, parameters.get(payload), payload);
    }

    private <T> EventHandler newHandler(
        final PayloadSerializers serializers, final Class<T> payloadType, final int payloadIndex)
    {
        if (method.getParameterCount() == 1)
        {
            final MethodBinding.Payload<T> call = MethodBinding.toPayload(target, method);
            return PayloadHandlers.of(payloadType, serializers, (payload, event) -> call.call(payload));
        }
        if (payloadIndex == 1)
        {
            final MethodBinding.EventAndPayload<T> call = MethodBinding.toEventAndPayload(target, method);
            return PayloadHandlers.of(payloadType, serializers, (payload, event) -> call.call(event, payload));
        }
        return PayloadHandlers.of(payloadType, serializers, MethodBinding.toPayloadAndEvent(target, method));
    }
}
