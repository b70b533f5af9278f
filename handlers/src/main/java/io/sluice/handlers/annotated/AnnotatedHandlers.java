package io.sluice.handlers.annotated;

import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.Subscription;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.event.EventException;
import io.sluice.event.serial.PayloadSerializers;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * The handlers that are methods with {@link HandlesEvent} of one object or several.
 *
 * <pre>{@code
 * EngineContext context = new EngineContext().directory(path);
 * AnnotatedHandlers.of(new MetricsService(), new NotificationService()).subscribeTo(context);
 * }</pre>
 *
 * <p>Each method is a subscription of its own: with its own statistics, and a failure of one is none of the others. An
 * event reaches them in their {@link HandlesEvent#order}. Immutable, safe to share between threads.
 */
public final class AnnotatedHandlers
{
    private final List<HandlerMethod> methods;
    private final String prefix;
    private final PayloadSerializers serializers;

    private AnnotatedHandlers(
        final List<HandlerMethod> methods, final String prefix, final PayloadSerializers serializers)
    {
        this.methods = methods;
        this.prefix = prefix;
        this.serializers = serializers;
    }

    /**
     * Find the handlers of objects. Those inherited from classes and interfaces count; an override counts if it has the
     * annotation itself.
     *
     * @param targets objects, each with at least one handler.
     * @return their handlers.
     * @throws HandlerDeclarationException if a declaration is wrong; the message names class, method and remedy, for
     *                                     all of them.
     */
    public static AnnotatedHandlers of(final Object... targets)
    {
        return new AnnotatedHandlers(HandlerMethods.of(List.of(targets)), "", PayloadSerializers.standard());
    }

    /**
     * @param value serializers of the payloads; by default {@link PayloadSerializers#standard()}.
     * @return the handlers with those.
     */
    public AnnotatedHandlers serializers(final PayloadSerializers value)
    {
        return new AnnotatedHandlers(methods, prefix, Objects.requireNonNull(value, "serializers"));
    }

    /**
     * @param value goes before the names of the subscriptions, for example {@code tenant-1.}, so that several objects
     *              of one class can be registered, each with another one.
     * @return the handlers with that.
     */
    public AnnotatedHandlers prefix(final String value)
    {
        return new AnnotatedHandlers(methods, Objects.requireNonNull(value, "prefix"), serializers);
    }

    /** @return names of the subscriptions, in the order in which they get an event. */
    public List<String> names()
    {
        return methods.stream().map(method -> prefix + method.name()).toList();
    }

    /**
     * The handlers as subscriptions.
     *
     * @return in the order in which they get an event; each call makes new ones.
     * @throws HandlerDeclarationException if no serializer handles the class of a payload, or a class can't be reached.
     */
    public List<SubscriptionSpec> specs()
    {
        final List<SubscriptionSpec> specs = new ArrayList<>();
        final List<String> problems = new ArrayList<>();
        for (final HandlerMethod method : methods)
        {
            try
            {
                specs.add(SubscriptionSpecs.of(method, prefix, serializers));
            }
            catch (final HandlerDeclarationException ex)
            {
                problems.add(ex.getMessage());
            }
            catch (final EventException ex)
            {
                problems.add(method.place() + ": " + ex.getMessage());
            }
        }
        if (!problems.isEmpty())
        {
            throw new HandlerDeclarationException(problems);
        }
        return List.copyOf(specs);
    }

    /**
     * Subscribe all before an engine starts: they get what an earlier run left unhandled.
     *
     * @param context of the engine.
     * @return the context.
     * @throws HandlerDeclarationException see {@link #specs}.
     */
    public EngineContext subscribeTo(final EngineContext context)
    {
        specs().forEach(context::subscribe);
        return context;
    }

    /**
     * Subscribe all to an engine that runs, from now on; all or none.
     *
     * @param engine to subscribe to.
     * @return the subscriptions in the order of {@link #names}.
     * @throws HandlerDeclarationException see {@link #specs}.
     * @throws IllegalArgumentException    if the engine can't do what one of them asks for.
     */
    public List<Subscription> subscribeTo(final Engine engine)
    {
        final List<Subscription> subscriptions = new ArrayList<>();
        try
        {
            specs().forEach(spec -> subscriptions.add(engine.subscribe(spec)));
            return List.copyOf(subscriptions);
        }
        catch (final RuntimeException ex)
        {
            subscriptions.forEach(engine::unsubscribe);
            throw ex;
        }
    }
}
