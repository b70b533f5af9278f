package io.sluice.handlers.annotated;

import io.sluice.engine.EventHandler;
import io.sluice.engine.batch.BatchHandler;
import io.sluice.engine.batch.EventBatch;
import io.sluice.event.EventFlyweight;
import io.sluice.handlers.payload.PayloadHandler;
import java.lang.invoke.CallSite;
import java.lang.invoke.LambdaMetafactory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.util.function.Function;

/**
 * Makes a method of an object an instance of an interface, in the way in which the compiler makes a method reference
 * one: what calls the interface can be compiled into a direct call. That is only possible for classes of the same
 * module; those that another class loader has brought, as for plug-ins, are called through a method handle, which is a
 * few nanoseconds slower.
 */
final class MethodBinding
{
    private static final MethodType EVENT = MethodType.methodType(void.class, EventFlyweight.class);
    private static final MethodType BATCH = MethodType.methodType(void.class, EventBatch.class);
    private static final MethodType PAYLOAD = MethodType.methodType(void.class, Object.class);
    private static final MethodType EVENT_AND_PAYLOAD =
        MethodType.methodType(void.class, EventFlyweight.class, Object.class);
    private static final MethodType PAYLOAD_AND_EVENT =
        MethodType.methodType(void.class, Object.class, EventFlyweight.class);

    /**
     * A method that takes a payload.
     *
     * @param <T> class of it.
     */
    @FunctionalInterface
    interface Payload<T>
    {
        void call(T payload) throws Exception;
    }

    /**
     * A method that takes an event and its payload.
     *
     * @param <T> class of the payload.
     */
    @FunctionalInterface
    interface EventAndPayload<T>
    {
        void call(EventFlyweight event, T payload) throws Exception;
    }

    private MethodBinding()
    {
    }

    static EventHandler toEvent(final Object target, final Method method)
    {
        return (EventHandler)bind(
            target, method, EventHandler.class, "onEvent", EVENT, handle -> (EventHandler)event ->
            {
                try
                {
                    handle.invokeExact(event);
                }
                catch (final Throwable ex)
                {
                    throw thrown(ex);
                }
            });
    }

    static BatchHandler toBatch(final Object target, final Method method)
    {
        return (BatchHandler)bind(
            target, method, BatchHandler.class, "onBatch", BATCH, handle -> (BatchHandler)batch ->
            {
                try
                {
                    handle.invokeExact(batch);
                }
                catch (final Throwable ex)
                {
                    throw thrown(ex);
                }
            });
    }

    @SuppressWarnings("unchecked")
    static <T> Payload<T> toPayload(final Object target, final Method method)
    {
        return (Payload<T>)bind(
            target, method, Payload.class, "call", PAYLOAD, handle -> (Payload<T>)payload ->
            {
                try
                {
                    handle.invokeExact((Object)payload);
                }
                catch (final Throwable ex)
                {
                    throw thrown(ex);
                }
            });
    }

    @SuppressWarnings("unchecked")
    static <T> EventAndPayload<T> toEventAndPayload(final Object target, final Method method)
    {
        return (EventAndPayload<T>)bind(
            target,
            method,
            EventAndPayload.class,
            "call",
            EVENT_AND_PAYLOAD,
            handle -> (EventAndPayload<T>)(event, payload) ->
            {
                try
                {
                    handle.invokeExact(event, (Object)payload);
                }
                catch (final Throwable ex)
                {
                    throw thrown(ex);
                }
            });
    }

    @SuppressWarnings("unchecked")
    static <T> PayloadHandler<T> toPayloadAndEvent(final Object target, final Method method)
    {
        return (PayloadHandler<T>)bind(
            target,
            method,
            PayloadHandler.class,
            "onEvent",
            PAYLOAD_AND_EVENT,
            handle -> (PayloadHandler<T>)(payload, event) ->
            {
                try
                {
                    handle.invokeExact((Object)payload, event);
                }
                catch (final Throwable ex)
                {
                    throw thrown(ex);
                }
            });
    }

    private static Object bind(
        final Object target,
        final Method method,
        final Class<?> function,
        final String name,
        final MethodType erased,
        final Function<MethodHandle, Object> throughHandle)
    {
        try
        {
            // As the class itself would see it, so that the class need not be public, and its loader finds what it
            // names.
            final MethodHandles.Lookup lookup =
                MethodHandles.privateLookupIn(method.getDeclaringClass(), MethodHandles.lookup());
            final MethodHandle handle = lookup.unreflect(method);
            if (!lookup.hasFullPrivilegeAccess())
            {
                return throughHandle.apply(handle.bindTo(target).asType(erased));
            }
            final CallSite site = LambdaMetafactory.metafactory(
                lookup,
                name,
                MethodType.methodType(function, method.getDeclaringClass()),
                erased,
                handle,
                handle.type().dropParameterTypes(0, 1));
            return site.getTarget().invoke(target);
        }
        catch (final IllegalAccessException ex)
        {
            throw new HandlerDeclarationException(
                method.getDeclaringClass().getName() + "." + method.getName() +
                " can't be called: open its package to io.sluice.handlers in module-info.java (" + ex.getMessage() +
                ")", ex);
        }
        catch (final Throwable ex)
        {
            throw new HandlerDeclarationException(
                method.getDeclaringClass().getName() + "." + method.getName() +
                " can't be called: move it to an ordinary class (" + ex + ")", ex);
        }
    }

    // The method declares what it throws, and a handler may throw any exception.
    private static Exception thrown(final Throwable thrown)
    {
        if (thrown instanceof Error error)
        {
            throw error;
        }
        return thrown instanceof Exception exception ? exception : new IllegalStateException(thrown);
    }
}
