package io.sluice.engine;

import io.sluice.engine.dedup.DedupLimits;
import io.sluice.event.TopicPattern;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * What an engine remembers to recognise duplicates: ids, and contents (type, source and payload) within a window.
 * Memory is fixed, 32 bytes per id and content; when it is full the oldest is forgotten early, and counted.
 *
 * <p>Not thread-safe while it is being set up.
 */
public final class DedupContext
{
    private static final long DAY_NS = TimeUnit.DAYS.toNanos(1);
    private static final int MAX_CAPACITY = 1 << 25;

    private final Map<TopicPattern, Long> windows = new LinkedHashMap<>();
    private boolean enabled = true;
    private int idCapacity = 1 << 20;
    private long idHorizonNs = TimeUnit.MINUTES.toNanos(10);
    private int contentCapacity = 1 << 17;
    private long contentWindowNs = TimeUnit.SECONDS.toNanos(1);
    private boolean concluded;

    /** Ids for 10 minutes, at most 1048576; contents for 1 second, at most 131072. */
    public DedupContext()
    {
        // Fields hold the defaults.
    }

    /**
     * @param value false to accept every event as new.
     * @return this.
     */
    public DedupContext enabled(final boolean value)
    {
        settable();
        enabled = value;
        return this;
    }

    /** @return true if duplicates are recognised. */
    public boolean enabled()
    {
        return enabled;
    }

    /**
     * @param ids remembered.
     * @return this.
     */
    public DedupContext idCapacity(final int ids)
    {
        settable();
        idCapacity = ids;
        return this;
    }

    /** @return ids remembered. */
    public int idCapacity()
    {
        return idCapacity;
    }

    /**
     * @param ns how long an id is remembered, nanoseconds, at most a day.
     * @return this.
     */
    public DedupContext idHorizonNs(final long ns)
    {
        settable();
        idHorizonNs = ns;
        return this;
    }

    /** @return how long an id is remembered, nanoseconds. */
    public long idHorizonNs()
    {
        return idHorizonNs;
    }

    /**
     * @param contents remembered.
     * @return this.
     */
    public DedupContext contentCapacity(final int contents)
    {
        settable();
        contentCapacity = contents;
        return this;
    }

    /** @return contents remembered. */
    public int contentCapacity()
    {
        return contentCapacity;
    }

    /**
     * @param ns how long a content is remembered, nanoseconds, at most a day; 0 for not at all.
     * @return this.
     */
    public DedupContext contentWindowNs(final long ns)
    {
        settable();
        contentWindowNs = ns;
        return this;
    }

    /** @return how long a content is remembered, nanoseconds. */
    public long contentWindowNs()
    {
        return contentWindowNs;
    }

    /**
     * Window of some types; the first pattern that matches counts.
     *
     * @param pattern of the types.
     * @param ns      how long their content is remembered, nanoseconds, at most a day; 0 for not at all.
     * @return this.
     */
    public DedupContext contentWindowNs(final String pattern, final long ns)
    {
        settable();
        windows.put(TopicPattern.of(pattern), ns);
        return this;
    }

    void conclude()
    {
        checkCapacity("idCapacity", idCapacity);
        checkCapacity("contentCapacity", contentCapacity);
        checkHorizon("idHorizonNs", idHorizonNs);
        checkHorizon("contentWindowNs", contentWindowNs);
        windows.forEach((pattern, window) -> checkHorizon("contentWindowNs(" + pattern + ")", window));
        concluded = true;
    }

    DedupLimits limits()
    {
        return new DedupLimits(idCapacity, idHorizonNs, contentCapacity, contentWindowNs, windows);
    }

    private static void checkCapacity(final String name, final int capacity)
    {
        EngineContextCheck.require(
            capacity >= 1 && capacity <= MAX_CAPACITY, "dedup " + name + "=" + capacity + ": use 1 to " + MAX_CAPACITY);
    }

    private void settable()
    {
        if (concluded)
        {
            throw new IllegalStateException("these dedup settings belong to a launched engine: make new ones");
        }
    }

    private static void checkHorizon(final String name, final long ns)
    {
        EngineContextCheck.require(
            ns >= 0 && ns <= DAY_NS, "dedup " + name + "=" + ns + ": use 0 to " + DAY_NS + " (a day)");
    }
}
