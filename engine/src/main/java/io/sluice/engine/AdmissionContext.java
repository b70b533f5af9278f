package io.sluice.engine;

import io.sluice.engine.admission.OverflowPolicy;
import io.sluice.engine.admission.PressureListener;
import io.sluice.engine.admission.RateLimit;
import io.sluice.engine.admission.RateLimits;
import io.sluice.event.Priority;
import io.sluice.event.TopicPattern;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Who may put how much into an engine: what happens to an event for which there is no room, how many a publisher may
 * publish, who is told when it gets tight, and how much memory the engine may hold. Policies and rates that are not set
 * cost nothing.
 *
 * <p>Not thread-safe while it is being set up; belongs to one engine after that, and setters throw.
 */
public final class AdmissionContext
{
    private static final long MOST_BLOCK_NS = TimeUnit.HOURS.toNanos(1);

    private final OverflowPolicy[] overflow = new OverflowPolicy[Priority.COUNT];
    private final Map<TopicPattern, RateLimit> typeLimits = new LinkedHashMap<>();
    private final Map<String, RateLimit> publisherLimits = new LinkedHashMap<>();
    private RateLimit publisherLimit;
    private long blockTimeoutNs = TimeUnit.SECONDS.toNanos(1);
    private double pressureHigh = 0.8;
    private double pressureLow = 0.6;
    private PressureListener pressureListener = PressureListener.NONE;
    private long memoryLimit = 100_000_000L;
    private double memoryCleanUpFrom = 0.8;
    private boolean concluded;

    /** Refuses what has no room; no limits of rate. */
    public AdmissionContext()
    {
        Arrays.fill(overflow, OverflowPolicy.REJECT);
    }

    /**
     * @param priority of events.
     * @param policy   when there is no room for one.
     * @return this.
     */
    public AdmissionContext overflow(final Priority priority, final OverflowPolicy policy)
    {
        settable();
        overflow[priority.code()] = Objects.requireNonNull(policy, "overflow");
        return this;
    }

    /**
     * @param priority of events.
     * @return what happens when there is no room for one.
     */
    public OverflowPolicy overflow(final Priority priority)
    {
        return overflow[priority.code()];
    }

    /**
     * @param ns that a publishing thread waits for room where the policy is {@link OverflowPolicy#BLOCK}, nanoseconds,
     *           0 to an hour; default: one second.
     * @return this.
     */
    public AdmissionContext blockTimeoutNs(final long ns)
    {
        settable();
        blockTimeoutNs = ns;
        return this;
    }

    /** @return nanoseconds that a publishing thread waits for room. */
    public long blockTimeoutNs()
    {
        return blockTimeoutNs;
    }

    /**
     * Limit the events whose type matches a pattern, all publishers together; the first pattern that matches counts.
     *
     * @param pattern of the types.
     * @param limit   of their rate.
     * @return this.
     */
    public AdmissionContext typeLimit(final String pattern, final RateLimit limit)
    {
        settable();
        typeLimits.put(TopicPattern.of(pattern), Objects.requireNonNull(limit, "limit"));
        return this;
    }

    /**
     * Limit each publisher that has no limit of its own. Those that are opened under the same name share one.
     *
     * @param limit of its rate, or null for none.
     * @return this.
     */
    public AdmissionContext publisherLimit(final RateLimit limit)
    {
        settable();
        publisherLimit = limit;
        return this;
    }

    /**
     * Limit one publisher.
     *
     * @param name  that it is opened with; that of {@link Engine#publisher()} is {@code shared}.
     * @param limit of its rate.
     * @return this.
     */
    public AdmissionContext publisherLimit(final String name, final RateLimit limit)
    {
        settable();
        publisherLimits.put(Objects.requireNonNull(name, "name"), Objects.requireNonNull(limit, "limit"));
        return this;
    }

    /**
     * @param high part of its limit from which on a ring, or the bytes for large events, count as tight, above 0 to 1;
     *             default: 0.8.
     * @param low  part below which they no longer do, 0 to less than {@code high}; default: 0.6.
     * @return this.
     */
    public AdmissionContext pressureMarks(final double high, final double low)
    {
        settable();
        pressureHigh = high;
        pressureLow = low;
        return this;
    }

    /** @return part of the limit from which on room is tight. */
    public double pressureHigh()
    {
        return pressureHigh;
    }

    /** @return part of the limit below which room is no longer tight. */
    public double pressureLow()
    {
        return pressureLow;
    }

    /**
     * @param value told when room gets tight and when it is no longer.
     * @return this.
     */
    public AdmissionContext pressureListener(final PressureListener value)
    {
        settable();
        pressureListener = Objects.requireNonNull(value, "pressureListener");
        return this;
    }

    /** @return told when room gets tight. */
    public PressureListener pressureListener()
    {
        return pressureListener;
    }

    /**
     * @param bytes that the engine may hold on the heap and beside it, mapped files and the buffers of publishing
     *              threads left out; default: 100 million. Settings that need more are refused.
     * @return this.
     */
    public AdmissionContext memoryLimit(final long bytes)
    {
        settable();
        memoryLimit = bytes;
        return this;
    }

    /** @return bytes that the engine may hold. */
    public long memoryLimit()
    {
        return memoryLimit;
    }

    /**
     * @param part of the memory limit from which on what can be done without is given back, 0 to 1; default: 0.8.
     * @return this.
     */
    public AdmissionContext memoryCleanUpFrom(final double part)
    {
        settable();
        memoryCleanUpFrom = part;
        return this;
    }

    /** @return part of the memory limit from which on memory is given back. */
    public double memoryCleanUpFrom()
    {
        return memoryCleanUpFrom;
    }

    void conclude(final boolean isJournaling)
    {
        for (final Priority priority : Priority.values())
        {
            EngineContextCheck.require(
                isJournaling || overflow(priority) != OverflowPolicy.SPILL,
                "overflow(" + priority.label() + ")=SPILL: without a journal there is nothing to go on from; use " +
                "REJECT, BLOCK or DROP_NEWEST, or another durability than NONE");
        }
        EngineContextCheck.require(
            blockTimeoutNs >= 0 && blockTimeoutNs <= MOST_BLOCK_NS,
            "blockTimeoutNs=" + blockTimeoutNs + ": use 0 to " + MOST_BLOCK_NS + " (an hour)");
        EngineContextCheck.require(
            pressureLow >= 0 && pressureLow < pressureHigh && pressureHigh <= 1,
            "pressureMarks(" + pressureHigh + ", " + pressureLow +
            "): use an upper mark of at most 1 and a lower one below it");
        EngineContextCheck.require(
            memoryCleanUpFrom >= 0 && memoryCleanUpFrom <= 1,
            "memoryCleanUpFrom=" + memoryCleanUpFrom + ": use 0 to 1");
        concluded = true;
    }

    /** @return false if nothing is to be looked at but the room in the rings. */
    boolean isLimiting()
    {
        return !typeLimits.isEmpty() || !publisherLimits.isEmpty() || publisherLimit != null ||
            Arrays.stream(overflow).anyMatch((policy) -> policy != OverflowPolicy.REJECT);
    }

    boolean isBlocking()
    {
        return Arrays.stream(overflow)
            .anyMatch((policy) -> policy == OverflowPolicy.BLOCK || policy == OverflowPolicy.SPILL);
    }

    RateLimits newRateLimits()
    {
        return new RateLimits(typeLimits, publisherLimit, publisherLimits);
    }

    private void settable()
    {
        if (concluded)
        {
            throw new IllegalStateException("these admission settings belong to a launched engine: make new ones");
        }
    }
}
