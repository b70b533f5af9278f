package io.sluice.handlers.annotated;

import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Finds the handlers of objects and checks them. */
final class HandlerMethods
{
    private static final Comparator<HandlerMethod> ORDER =
        Comparator.comparingInt(HandlerMethod::order).thenComparing(HandlerMethod::name);

    private HandlerMethods()
    {
    }

    /** @return the handlers in the order in which they get events. */
    static List<HandlerMethod> of(final List<Object> targets)
    {
        final List<HandlerMethod> methods = new ArrayList<>();
        final List<String> problems = new ArrayList<>();
        for (final Object target : targets)
        {
            final List<HandlerMethod> found = find(target);
            if (found.isEmpty())
            {
                problems.add(
                    target.getClass().getName() + " has no method with @HandlesEvent: annotate a public method, or " +
                    "leave the object out");
            }
            methods.addAll(found);
        }
        final Map<String, HandlerMethod> byName = new HashMap<>();
        for (final HandlerMethod method : methods)
        {
            for (final HandlerDeclaration.Problem problem : method.declaration().problems())
            {
                problems.add(method.place() + ": " + problem.reason());
            }
            final HandlerMethod other = byName.putIfAbsent(method.name(), method);
            if (other != null)
            {
                problems.add(
                    method.place() + ": " + other.place() + " has the name '" + method.name() +
                    "' too: give one of them another name in its @HandlesEvent, or register the objects apart, each " +
                    "with a prefix");
            }
        }
        if (!problems.isEmpty())
        {
            throw new HandlerDeclarationException(problems);
        }
        methods.sort(ORDER);
        return List.copyOf(methods);
    }

    // From the class upwards: an override is met before what it overrides, and decides.
    private static List<HandlerMethod> find(final Object target)
    {
        final List<HandlerMethod> found = new ArrayList<>();
        final Set<String> seen = new HashSet<>();
        final MethodSignatures signatures = new MethodSignatures(target.getClass());
        for (Class<?> type = target.getClass(); type != null && type != Object.class; type = type.getSuperclass())
        {
            addMethods(target, type, signatures, seen, found);
        }
        for (Class<?> type = target.getClass(); type != null; type = type.getSuperclass())
        {
            addInterfaces(target, type, signatures, seen, found);
        }
        return found;
    }

    private static void addInterfaces(
        final Object target,
        final Class<?> type,
        final MethodSignatures signatures,
        final Set<String> seen,
        final List<HandlerMethod> found)
    {
        for (final Class<?> each : type.getInterfaces())
        {
            addMethods(target, each, signatures, seen, found);
            addInterfaces(target, each, signatures, seen, found);
        }
    }

    private static void addMethods(
        final Object target,
        final Class<?> type,
        final MethodSignatures signatures,
        final Set<String> seen,
        final List<HandlerMethod> found)
    {
        for (final Method method : type.getDeclaredMethods())
        {
            if (method.isSynthetic())
            {
                continue;
            }
            // What is private or static overrides nothing and is not overridden.
            final boolean isOwn = Modifier.isPrivate(method.getModifiers()) || Modifier.isStatic(method.getModifiers());
            final String signature = (isOwn ? type.getName() + " " : "") + signatures.of(method);
            if (seen.add(signature) && method.isAnnotationPresent(HandlesEvent.class) &&
                !Modifier.isAbstract(method.getModifiers()))
            {
                found.add(new HandlerMethod(target, method));
            }
        }
    }
}
