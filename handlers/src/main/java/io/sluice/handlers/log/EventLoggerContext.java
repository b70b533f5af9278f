package io.sluice.handlers.log;

import io.sluice.engine.Engine;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** Configuration of an {@link EventLogger}. Not thread-safe; read once, by {@link EventLogger#launch}. */
public final class EventLoggerContext
{
    private Engine engine;
    private String name = "logger";
    private int bufferSize = 10_000;
    private long bufferBytes = 16L << 20;
    private long flushIntervalNs = TimeUnit.SECONDS.toNanos(1);
    private long closeTimeoutNs = TimeUnit.SECONDS.toNanos(5);
    private boolean thread = true;

    /** All defaults; only the engine is missing. */
    public EventLoggerContext()
    {
    }

    /**
     * @param value engine that journals the events; close the logger before it.
     * @return this.
     */
    public EventLoggerContext engine(final Engine value)
    {
        engine = Objects.requireNonNull(value, "engine");
        return this;
    }

    /** @return engine that journals the events. */
    public Engine engine()
    {
        return engine;
    }

    /**
     * @param value name of the logger's publisher, which has a guaranteed share of the rings; default {@code logger}.
     * @return this.
     */
    public EventLoggerContext name(final String value)
    {
        name = Objects.requireNonNull(value, "name");
        return this;
    }

    /** @return name of the logger's publisher. */
    public String name()
    {
        return name;
    }

    /**
     * @param events that are held while the engine has no room for them, at least 1; default 10,000. While it has, none
     *               is held.
     * @return this.
     */
    public EventLoggerContext bufferSize(final int events)
    {
        bufferSize = events;
        return this;
    }

    /** @return events that are held while the engine has no room for them. */
    public int bufferSize()
    {
        return bufferSize;
    }

    /**
     * @param bytes of memory that held events may take, at least 4096; default 16 MiB.
     * @return this.
     */
    public EventLoggerContext bufferBytes(final long bytes)
    {
        bufferBytes = bytes;
        return this;
    }

    /** @return bytes of memory that held events may take. */
    public long bufferBytes()
    {
        return bufferBytes;
    }

    /**
     * @param intervalNs after which events that are held are offered to the engine again, if no call has done it
     *                   before; at least 1; default 1 s.
     * @return this.
     */
    public EventLoggerContext flushIntervalNs(final long intervalNs)
    {
        flushIntervalNs = intervalNs;
        return this;
    }

    /** @return nanoseconds after which events that are held are offered to the engine again. */
    public long flushIntervalNs()
    {
        return flushIntervalNs;
    }

    /**
     * @param timeoutNs that closing waits at most until everything is journaled; default 5 s.
     * @return this.
     */
    public EventLoggerContext closeTimeoutNs(final long timeoutNs)
    {
        closeTimeoutNs = timeoutNs;
        return this;
    }

    /** @return nanoseconds that closing waits at most. */
    public long closeTimeoutNs()
    {
        return closeTimeoutNs;
    }

    /**
     * @param isOwn true (default) for a thread {@code sluice-log} that offers held events again; false if the host
     *              calls {@link EventLogger#invoke} instead.
     * @return this.
     */
    public EventLoggerContext thread(final boolean isOwn)
    {
        thread = isOwn;
        return this;
    }

    /** @return true if a thread offers held events again. */
    public boolean thread()
    {
        return thread;
    }

    EventLoggerContext conclude()
    {
        if (engine == null)
        {
            throw new IllegalArgumentException("engine is not set: give the one that journals the events");
        }
        if (bufferSize < 1)
        {
            throw new IllegalArgumentException("bufferSize=" + bufferSize + " must be at least 1 event");
        }
        if (bufferBytes < LogBuffer.MIN_BYTES)
        {
            throw new IllegalArgumentException(
                "bufferBytes=" + bufferBytes + " must be at least " + LogBuffer.MIN_BYTES);
        }
        if (flushIntervalNs < 1)
        {
            throw new IllegalArgumentException("flushIntervalNs=" + flushIntervalNs + " must be at least 1");
        }
        return this;
    }
}
