package io.sluice.handlers.annotated;

import java.lang.reflect.GenericArrayType;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.lang.reflect.WildcardType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The signatures that methods of a class and its ancestors have in that class: {@code onEvent(T)} of a {@code
 * Listener<T>} is {@code onEvent(String)} in a {@code Listener<String>}. A method overrides another one of the same
 * signature. The bridges that the compiler makes would not tell: it makes them also for methods that nothing overrides.
 */
final class MethodSignatures
{
    private final Map<TypeVariable<?>, Type> arguments = new HashMap<>();

    MethodSignatures(final Class<?> type)
    {
        addAncestors(type);
    }

    /** @return name and classes of the parameters. */
    String of(final Method method)
    {
        // Only there can they be others than those that are declared, and what is not asked for need not be loaded.
        final boolean isGeneric = method.getDeclaringClass().getTypeParameters().length > 0;
        final List<String> parameters = Arrays.stream(
            isGeneric ? method.getGenericParameterTypes() : method.getParameterTypes())
            .map(parameter -> erased(parameter).getName()).toList();
        return method.getName() + parameters;
    }

    private void addAncestors(final Class<?> type)
    {
        if (type.getSuperclass() != null)
        {
            addAncestor(type.getGenericSuperclass());
        }
        for (final Type each : type.getGenericInterfaces())
        {
            addAncestor(each);
        }
    }

    private void addAncestor(final Type type)
    {
        if (type instanceof ParameterizedType parameterized)
        {
            final TypeVariable<?>[] variables = erased(type).getTypeParameters();
            for (int i = 0; i < variables.length; i++)
            {
                arguments.put(variables[i], parameterized.getActualTypeArguments()[i]);
            }
        }
        addAncestors(erased(type));
    }

    private Class<?> erased(final Type type)
    {
        if (type instanceof Class<?> exact)
        {
            return exact;
        }
        if (type instanceof ParameterizedType parameterized)
        {
            return erased(parameterized.getRawType());
        }
        if (type instanceof GenericArrayType array)
        {
            return erased(array.getGenericComponentType()).arrayType();
        }
        if (type instanceof WildcardType wildcard)
        {
            return erased(wildcard.getUpperBounds()[0]);
        }
        final TypeVariable<?> variable = (TypeVariable<?>)type;
        final Type argument = arguments.get(variable);
        return erased(argument == null ? variable.getBounds()[0] : argument);
    }
}
