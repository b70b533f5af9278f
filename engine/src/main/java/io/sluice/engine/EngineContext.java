package io.sluice.engine;

import io.sluice.engine.dedup.DedupLimits;
import io.sluice.engine.ring.EventArena;
import io.sluice.engine.ring.PriorityWheel;
import io.sluice.event.EventDescriptor;
import io.sluice.event.Priority;
import io.sluice.event.TopicPattern;
import io.sluice.journal.JournalPhaseListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Configuration of an engine: set what differs from the defaults, then {@link Engine#launch}. Values are checked once, by
 * {@link #conclude()}, with errors that name the setting and its value; after that setters throw.
 *
 * <p>Not thread-safe while it is being set up.
 */
public final class EngineContext
{
    private static final Logger LOGGER = LoggerFactory.getLogger(Engine.class);
    private static final int CACHE_LINE = 64;
    private static final int MIN_SLOT_LENGTH = 256;
    private static final int MAX_LIMIT = 1 << 20;
    private static final long DAY_NS = TimeUnit.DAYS.toNanos(1);

    private final int[] limits = {1000, 5000, 10_000, 20_000};
    private final long[] budgetsNs = {50_000_000L, 100_000_000L, 500_000_000L, 1_000_000_000L};
    private final int[] shares = {0, 8, 16, 32};
    private final Map<EngineRole, Supplier<IdleStrategy>> idleStrategies = new EnumMap<>(EngineRole.class);
    private final Map<EngineRole, Integer> pins = new EnumMap<>(EngineRole.class);
    private final Map<TopicPattern, Long> contentWindows = new LinkedHashMap<>();
    private final List<SubscriptionSpec> subscriptions = new ArrayList<>();
    private Path directory;
    private Durability durability = Durability.JOURNALED;
    private ThreadingMode threadingMode =
        Runtime.getRuntime().availableProcessors() <= 2 ? ThreadingMode.SHARED : ThreadingMode.PAIRED;
    private int slotLength = 512;
    private int maxEventLength = 1 << 20;
    private int arenaLength = 32 << 20;
    private boolean dedup = true;
    private int dedupIdCapacity = 1 << 20;
    private long dedupIdHorizonNs = TimeUnit.MINUTES.toNanos(10);
    private int dedupContentCapacity = 1 << 17;
    private long dedupContentWindowNs = TimeUnit.SECONDS.toNanos(1);
    private long rollSize = 100_000_000L;
    private long prepareAhead = 16L << 20;
    private long telemetryIntervalNs = TimeUnit.SECONDS.toNanos(1);
    private long closeTimeoutNs = TimeUnit.SECONDS.toNanos(10);
    private long seed = System.nanoTime() ^ ProcessHandle.current().pid() << 32;
    private long runId;
    private String source = "";
    private Map<String, ?> metadata = Map.of();
    private EpochNanoClock clock = new OffsetEpochNanoClock();
    private ErrorHandler errorHandler = ex -> LOGGER.warn("{}", ex.getMessage(), ex);
    private EngineStateListener stateListener = (from, to) -> LOGGER.debug("engine state {} -> {}", from, to);
    private JournalPhaseListener phaseListener = JournalPhaseListener.NONE;
    private Executor completionExecutor = ForkJoinPool.commonPool();
    private boolean concluded;

    /** A context with the defaults. */
    public EngineContext()
    {
        idleStrategy(() -> new BackoffIdleStrategy(10, 20, 1_000L, 50_000L));
    }

    /**
     * Check everything; called by {@link Engine#launch}.
     *
     * @return this, from now on immutable.
     * @throws IllegalArgumentException if a value is not allowed.
     */
    EngineContext conclude()
    {
        settable();
        require(
            directory != null || durability == Durability.NONE,
            "directory is not set: give the engine a directory for its journal, or durability NONE");
        require(
            durability != Durability.ACCEPTED,
            "durability=ACCEPTED is the level of one call: an engine has NONE (no journal) or JOURNALED");
        require(
            durability != Durability.SYNCED,
            "durability=SYNCED can't be honoured by this version: use JOURNALED, which survives kill -9 but not power loss");
        require(
            slotLength >= MIN_SLOT_LENGTH && slotLength % CACHE_LINE == 0,
            "slotLength=" + slotLength + ": use a multiple of " + CACHE_LINE + " of at least " + MIN_SLOT_LENGTH);
        require(
            maxEventLength >= EventDescriptor.MIN_RECORD_LENGTH + 1,
            "maxEventLength=" + maxEventLength + ": use at least " + (EventDescriptor.MIN_RECORD_LENGTH + 1));
        require(arenaLength >= 0, "arenaLength=" + arenaLength + ": use 0 or more");
        final int largest = Math.max(slotLength, new EventArena(arenaLength).maxLength());
        require(
            maxEventLength <= largest,
            "maxEventLength=" + maxEventLength + " is above the " + largest +
            " bytes that slotLength=" + slotLength + " and arenaLength=" + arenaLength + " can hold");
        for (final Priority priority : Priority.values())
        {
            final int code = priority.code();
            require(
                limits[code] >= 1 && limits[code] <= MAX_LIMIT,
                "limit(" + priority.label() + ")=" + limits[code] + ": use 1 to " + MAX_LIMIT);
            require(budgetsNs[code] > 0, "budgetNs(" + priority.label() + ")=" + budgetsNs[code] + ": use more than 0");
        }
        new PriorityWheel(shares, code -> 0);
        require(dedupIdCapacity >= 1, "dedupIdCapacity=" + dedupIdCapacity + ": use 1 or more");
        require(dedupContentCapacity >= 1, "dedupContentCapacity=" + dedupContentCapacity + ": use 1 or more");
        requireHorizon("dedupIdHorizonNs", dedupIdHorizonNs);
        requireHorizon("dedupContentWindowNs", dedupContentWindowNs);
        contentWindows.forEach((pattern, window) -> requireHorizon("dedupContentWindow(" + pattern + ")", window));
        require(telemetryIntervalNs > 0, "telemetryIntervalNs=" + telemetryIntervalNs + ": use more than 0");
        require(closeTimeoutNs >= 0, "closeTimeoutNs=" + closeTimeoutNs + ": use 0 or more");
        concluded = true;
        return this;
    }

    /**
     * @param value directory for journal, positions and telemetry; made if absent.
     * @return this.
     */
    public EngineContext directory(final Path value)
    {
        settable();
        directory = value;
        return this;
    }

    /** @return directory of the data, or null. */
    public Path directory()
    {
        return directory;
    }

    /**
     * @param value {@link Durability#JOURNALED} (default) or {@link Durability#NONE}.
     * @return this.
     */
    public EngineContext durability(final Durability value)
    {
        settable();
        durability = Objects.requireNonNull(value, "durability");
        return this;
    }

    /** @return durability of the engine. */
    public Durability durability()
    {
        return durability;
    }

    /**
     * @param value threads to use; by default SHARED on up to two processors, otherwise PAIRED.
     * @return this.
     */
    public EngineContext threadingMode(final ThreadingMode value)
    {
        settable();
        threadingMode = Objects.requireNonNull(value, "threadingMode");
        return this;
    }

    /** @return threads to use. */
    public ThreadingMode threadingMode()
    {
        return threadingMode;
    }

    /**
     * @param role  of a thread.
     * @param value makes its idle strategy.
     * @return this.
     */
    public EngineContext idleStrategy(final EngineRole role, final Supplier<IdleStrategy> value)
    {
        settable();
        idleStrategies.put(role, Objects.requireNonNull(value, "idleStrategy"));
        return this;
    }

    /**
     * Idle strategy of all threads on the path of events. The default backs off to pauses of 50 µs, kind to a host with few processors.
     *
     * @param value makes one for each thread.
     * @return this.
     */
    public EngineContext idleStrategy(final Supplier<IdleStrategy> value)
    {
        for (final EngineRole role : EngineRole.values())
        {
            idleStrategy(role, value);
        }
        return this;
    }

    IdleStrategy newIdleStrategy(final EngineRole role)
    {
        return idleStrategies.get(role).get();
    }

    /**
     * Pin a thread to a processor. Whether it took is read back from the kernel and shown in {@link EngineStats}.
     *
     * @param role of the thread.
     * @param cpu  number of the processor, from 0.
     * @return this.
     */
    public EngineContext pin(final EngineRole role, final int cpu)
    {
        settable();
        require(cpu >= 0, "pin(" + role + ")=" + cpu + ": use the number of a processor, from 0");
        pins.put(role, cpu);
        return this;
    }

    /**
     * @param role of a thread.
     * @return processor to pin it to, or -1.
     */
    public int pin(final EngineRole role)
    {
        return pins.getOrDefault(role, -1);
    }

    /**
     * @param priority of a ring.
     * @param events   that hosts may have in it, 1 to 1048576; need not be a power of two, and is exact.
     * @return this.
     */
    public EngineContext limit(final Priority priority, final int events)
    {
        settable();
        limits[priority.code()] = events;
        return this;
    }

    /**
     * @param priority of a ring.
     * @return events that hosts may have in it.
     */
    public int limit(final Priority priority)
    {
        return limits[priority.code()];
    }

    /**
     * @param priority of events.
     * @param ns       latency budget from publish to handing over, nanoseconds.
     * @return this.
     */
    public EngineContext budgetNs(final Priority priority, final long ns)
    {
        settable();
        budgetsNs[priority.code()] = ns;
        return this;
    }

    /**
     * @param priority of events.
     * @return latency budget, nanoseconds.
     */
    public long budgetNs(final Priority priority)
    {
        return budgetsNs[priority.code()];
    }

    /**
     * Guaranteed share of a priority below CRITICAL.
     *
     * @param priority HIGH, NORMAL or LOW.
     * @param oneIn    at least one of so many units, a power of two of at least 4; all shares together at most one half.
     * @return this.
     */
    public EngineContext share(final Priority priority, final int oneIn)
    {
        settable();
        require(priority != Priority.CRITICAL, "share(critical): CRITICAL is served first and needs no share");
        shares[priority.code()] = oneIn;
        return this;
    }

    int[] shares()
    {
        return shares.clone();
    }

    /**
     * @param bytes of a ring slot, a multiple of 64 of at least 256. Records up to 32 bytes shorter lie in it, longer ones in the arena.
     * @return this.
     */
    public EngineContext slotLength(final int bytes)
    {
        settable();
        slotLength = bytes;
        return this;
    }

    /** @return bytes of a ring slot. */
    public int slotLength()
    {
        return slotLength;
    }

    /**
     * @param bytes of the largest event record.
     * @return this.
     */
    public EngineContext maxEventLength(final int bytes)
    {
        settable();
        maxEventLength = bytes;
        return this;
    }

    /** @return bytes of the largest event record. */
    public int maxEventLength()
    {
        return maxEventLength;
    }

    /**
     * @param bytes for events in the rings that do not fit into a slot, all together.
     * @return this.
     */
    public EngineContext arenaLength(final int bytes)
    {
        settable();
        arenaLength = bytes;
        return this;
    }

    /** @return bytes for large events. */
    public int arenaLength()
    {
        return arenaLength;
    }

    /**
     * @param on false to accept every event as new.
     * @return this.
     */
    public EngineContext dedup(final boolean on)
    {
        settable();
        dedup = on;
        return this;
    }

    /** @return true if duplicates are recognised. */
    public boolean dedup()
    {
        return dedup;
    }

    /**
     * @param ids remembered, 32 bytes each.
     * @return this.
     */
    public EngineContext dedupIdCapacity(final int ids)
    {
        settable();
        dedupIdCapacity = ids;
        return this;
    }

    /**
     * @param ns how long an id is remembered, nanoseconds, at most a day.
     * @return this.
     */
    public EngineContext dedupIdHorizonNs(final long ns)
    {
        settable();
        dedupIdHorizonNs = ns;
        return this;
    }

    /**
     * @param contents remembered, 32 bytes each.
     * @return this.
     */
    public EngineContext dedupContentCapacity(final int contents)
    {
        settable();
        dedupContentCapacity = contents;
        return this;
    }

    /**
     * @param ns how long a content is remembered, nanoseconds, at most a day; 0 for not at all.
     * @return this.
     */
    public EngineContext dedupContentWindowNs(final long ns)
    {
        settable();
        dedupContentWindowNs = ns;
        return this;
    }

    /**
     * Window of some types; the first pattern that matches counts.
     *
     * @param pattern of the types.
     * @param ns      how long their content is remembered, nanoseconds, at most a day; 0 for not at all.
     * @return this.
     */
    public EngineContext dedupContentWindowNs(final String pattern, final long ns)
    {
        settable();
        contentWindows.put(TopicPattern.of(pattern), ns);
        return this;
    }

    DedupLimits dedupLimits()
    {
        return new DedupLimits(
            dedupIdCapacity, dedupIdHorizonNs, dedupContentCapacity, dedupContentWindowNs, contentWindows);
    }

    /**
     * @param bytes after which the journal goes on in a new file.
     * @return this.
     */
    public EngineContext rollSize(final long bytes)
    {
        settable();
        rollSize = bytes;
        return this;
    }

    /** @return bytes of a journal file. */
    public long rollSize()
    {
        return rollSize;
    }

    /**
     * @param bytes of the journal to prepare ahead of the appender; 0 for no preparer.
     * @return this.
     */
    public EngineContext prepareAhead(final long bytes)
    {
        settable();
        prepareAhead = bytes;
        return this;
    }

    /** @return bytes of the journal to prepare ahead. */
    public long prepareAhead()
    {
        return prepareAhead;
    }

    /**
     * @param ns between two intervals of the histogram log, nanoseconds.
     * @return this.
     */
    public EngineContext telemetryIntervalNs(final long ns)
    {
        settable();
        telemetryIntervalNs = ns;
        return this;
    }

    /** @return nanoseconds between two intervals of the histogram log. */
    public long telemetryIntervalNs()
    {
        return telemetryIntervalNs;
    }

    /**
     * @param ns that {@link Engine#close()} may take, nanoseconds.
     * @return this.
     */
    public EngineContext closeTimeoutNs(final long ns)
    {
        settable();
        closeTimeoutNs = ns;
        return this;
    }

    /** @return nanoseconds that closing may take. */
    public long closeTimeoutNs()
    {
        return closeTimeoutNs;
    }

    /**
     * @param value decides every random choice: generated ids, and the run id unless set.
     * @return this.
     */
    public EngineContext seed(final long value)
    {
        settable();
        seed = value;
        return this;
    }

    /** @return seed of every random choice. */
    public long seed()
    {
        return seed;
    }

    /**
     * @param value of the run, more than 0; by default one that no other run has.
     * @return this.
     */
    public EngineContext runId(final long value)
    {
        settable();
        require(value > 0, "runId=" + value + ": use more than 0");
        runId = value;
        return this;
    }

    /** @return id of the run, 0 for a generated one. */
    public long runId()
    {
        return runId;
    }

    /**
     * @param value source of events that name none.
     * @return this.
     */
    public EngineContext source(final String value)
    {
        settable();
        source = Objects.requireNonNull(value, "source");
        return this;
    }

    /** @return source of events that name none. */
    public String source()
    {
        return source;
    }

    /**
     * @param values members for the metadata of events that do not have them, such as host, version, user or tags.
     * @return this.
     */
    public EngineContext metadata(final Map<String, ?> values)
    {
        settable();
        metadata = new LinkedHashMap<>(values);
        return this;
    }

    /** @return members for the metadata of events. */
    public Map<String, ?> metadata()
    {
        return metadata;
    }

    /**
     * @param value nanoseconds since 1970 UTC; thread-safe, allocation-free.
     * @return this.
     */
    public EngineContext clock(final EpochNanoClock value)
    {
        settable();
        clock = Objects.requireNonNull(value, "clock");
        return this;
    }

    /** @return the clock. */
    public EpochNanoClock clock()
    {
        return clock;
    }

    /**
     * @param value told of every error besides the error log; must not throw.
     * @return this.
     */
    public EngineContext errorHandler(final ErrorHandler value)
    {
        settable();
        errorHandler = Objects.requireNonNull(value, "errorHandler");
        return this;
    }

    /** @return told of every error. */
    public ErrorHandler errorHandler()
    {
        return errorHandler;
    }

    /**
     * @param value told of every change of state.
     * @return this.
     */
    public EngineContext stateListener(final EngineStateListener value)
    {
        settable();
        stateListener = Objects.requireNonNull(value, "stateListener");
        return this;
    }

    /** @return told of every change of state. */
    public EngineStateListener stateListener()
    {
        return stateListener;
    }

    /**
     * @param value told of the journal's phases; for crash tests.
     * @return this.
     */
    public EngineContext phaseListener(final JournalPhaseListener value)
    {
        settable();
        phaseListener = Objects.requireNonNull(value, "phaseListener");
        return this;
    }

    /** @return told of the journal's phases. */
    public JournalPhaseListener phaseListener()
    {
        return phaseListener;
    }

    /**
     * @param value runs what hosts hang on {@link Publisher#publishAsync}; never an engine thread.
     * @return this.
     */
    public EngineContext completionExecutor(final Executor value)
    {
        settable();
        completionExecutor = Objects.requireNonNull(value, "completionExecutor");
        return this;
    }

    /** @return runs completions. */
    public Executor completionExecutor()
    {
        return completionExecutor;
    }

    /**
     * Subscribe before the engine starts: such a subscription gets what an earlier run left unhandled.
     *
     * @param spec of the subscription.
     * @return this.
     */
    public EngineContext subscribe(final SubscriptionSpec spec)
    {
        settable();
        subscriptions.add(Objects.requireNonNull(spec, "spec"));
        return this;
    }

    /** @return subscriptions to start with. */
    public List<SubscriptionSpec> subscriptions()
    {
        return List.copyOf(subscriptions);
    }

    private void settable()
    {
        if (concluded)
        {
            throw new IllegalStateException("this context belongs to a launched engine: make a new one");
        }
    }

    private static void requireHorizon(final String name, final long ns)
    {
        require(ns >= 0 && ns <= DAY_NS, name + "=" + ns + ": use 0 to " + DAY_NS + " (a day)");
    }

    private static void require(final boolean condition, final String message)
    {
        if (!condition)
        {
            throw new IllegalArgumentException(message);
        }
    }
}
