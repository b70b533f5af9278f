package io.sluice.tools;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;

/**
 * Turns INT and TERM into a {@link StopSignal}, so that a command ends in order and with its own exit code. A second
 * one ends the process at once.
 *
 * <p>A shutdown hook would not do: it runs beside the hooks of libraries, which take away what an orderly end still
 * needs. The JDK has no supported API for signals, hence the reflection; where it fails, signals keep their default
 * effect.
 */
final class ProcessSignals
{
    private static final String[] NAMES = {"INT", "TERM"};
    private static final int KILLED_BY_SIGNAL = 130;

    private ProcessSignals()
    {
    }

    static void stopOnSignals(final StopSignal stop)
    {
        final InvocationHandler onSignal = (proxy, method, arguments) ->
        {
            if (method.getDeclaringClass() == Object.class)
            {
                return method.invoke(stop, arguments);
            }
            if (stop.isRequested())
            {
                Runtime.getRuntime().halt(KILLED_BY_SIGNAL);
            }
            stop.request();
            return null;
        };
        try
        {
            final Class<?> signalClass = Class.forName("sun.misc.Signal");
            final Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
            final Object handler = Proxy.newProxyInstance(
                ProcessSignals.class.getClassLoader(), new Class<?>[]{handlerClass}, onSignal);
            final Method handle = signalClass.getMethod("handle", signalClass, handlerClass);
            for (final String name : NAMES)
            {
                handle.invoke(null, signalClass.getConstructor(String.class).newInstance(name), handler);
            }
        }
        catch (final ReflectiveOperationException | IllegalArgumentException ex)
        {
            Runtime.getRuntime().addShutdownHook(new Thread(stop::request, "sluice-stop"));
        }
    }
}
