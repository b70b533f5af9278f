package io.sluice.engine;

import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;

/**
 * The part of an {@link EngineContext} that says which threads there are, how they idle and where they run.
 *
 * @param <T> the context.
 */
abstract class ThreadSettings<T extends ThreadSettings<T>>
{
    private final Map<EngineRole, Supplier<IdleStrategy>> idleStrategies = new EnumMap<>(EngineRole.class);
    private final Map<EngineRole, Integer> pins = new EnumMap<>(EngineRole.class);
    private long hangTimeoutNs = TimeUnit.SECONDS.toNanos(1);
    private ThreadingMode threadingMode =
        Runtime.getRuntime().availableProcessors() <= 2 ? ThreadingMode.SHARED : ThreadingMode.PAIRED;

    ThreadSettings()
    {
        for (final EngineRole role : EngineRole.values())
        {
            idleStrategies.put(role, () -> new BackoffIdleStrategy(10, 20, 1_000L, 50_000L));
        }
    }

    abstract T self();

    /** Refuse if the context belongs to an engine already. */
    abstract void settable();

    /**
     * @param value threads to use; by default SHARED on up to two processors, otherwise PAIRED.
     * @return the context.
     */
    public T threadingMode(final ThreadingMode value)
    {
        settable();
        threadingMode = Objects.requireNonNull(value, "threadingMode");
        return self();
    }

    /** @return threads to use. */
    public ThreadingMode threadingMode()
    {
        return threadingMode;
    }

    /**
     * @param role  of a thread on the path of events.
     * @param value makes its idle strategy.
     * @return the context.
     */
    public T idleStrategy(final EngineRole role, final Supplier<IdleStrategy> value)
    {
        settable();
        EngineContextCheck.require(
            role.isOnPath(),
            "idleStrategy(" + role + "): this thread pauses by itself; set the strategies of ENGINE, SEQUENCING, " +
            "ROUTING, HANDLING and CRITICAL");
        idleStrategies.put(role, Objects.requireNonNull(value, "idleStrategy"));
        return self();
    }

    /**
     * @param value makes the idle strategy of each thread on the path of events; the default backs off to pauses of
     *              50 µs, kind to a host with few processors.
     * @return the context.
     */
    public T idleStrategy(final Supplier<IdleStrategy> value)
    {
        for (final EngineRole role : EngineRole.values())
        {
            if (role.isOnPath())
            {
                idleStrategy(role, value);
            }
        }
        return self();
    }

    /**
     * @param ns after which a call of a handler that does not return is given up: the event becomes a dead letter with
     *           cause TIMED_OUT, the subscription gets nothing until the call returns, and in {@code PAIRED} and {@code
     *           DEDICATED} another thread goes on with everything else. In {@code SHARED} and {@code INVOKER} nothing
     *           can. A worker, which holds nobody else up, has thirty times as long. 1 s by default; 0 for never.
     * @return the context.
     */
    public T hangTimeoutNs(final long ns)
    {
        settable();
        EngineContextCheck.require(ns >= 0, "hangTimeoutNs=" + ns + ": use a time, or 0 to wait for ever");
        hangTimeoutNs = ns;
        return self();
    }

    /** @return after which a call of a handler is given up; 0 for never. */
    public long hangTimeoutNs()
    {
        return hangTimeoutNs;
    }

    IdleStrategy newIdleStrategy(final EngineRole role)
    {
        return idleStrategies.get(role).get();
    }

    /**
     * Pin a thread to a processor. Whether it took is read back from the kernel; if not, the error handler is told. Of
     * threads on the path of events, {@link EngineStats} shows it. Workers run where the delivery thread does.
     *
     * @param role of the thread.
     * @param cpu  number of the processor, from 0.
     * @return the context.
     */
    public T pin(final EngineRole role, final int cpu)
    {
        settable();
        EngineContextCheck.require(cpu >= 0, "pin(" + role + ")=" + cpu + ": use the number of a processor, from 0");
        pins.put(role, cpu);
        return self();
    }

    /**
     * @param role of a thread.
     * @return processor to pin it to, or -1.
     */
    public int pin(final EngineRole role)
    {
        return pins.getOrDefault(role, -1);
    }
}
