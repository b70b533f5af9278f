package io.sluice.engine;

import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
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
 * Configuration of an engine: set what differs from the defaults, then {@link Engine#launch}. Values are checked once,
 * by {@link #conclude()}, with errors that name the setting and its value; after that setters throw.
 *
 * <p>Not thread-safe while it is being set up.
 */
public final class EngineContext
{
    private static final Logger LOGGER = LoggerFactory.getLogger(Engine.class);

    private final int[] limits = {1000, 5000, 10_000, 20_000};
    private final long[] budgetsNs = {50_000_000L, 100_000_000L, 500_000_000L, 1_000_000_000L};
    private final int[] shares = {0, 8, 16, 32};
    private final Map<EngineRole, Supplier<IdleStrategy>> idleStrategies = new EnumMap<>(EngineRole.class);
    private final Map<EngineRole, Integer> pins = new EnumMap<>(EngineRole.class);
    private final List<SubscriptionSpec> subscriptions = new ArrayList<>();
    private Path directory;
    private boolean index = true;
    private Durability durability = Durability.JOURNALED;
    private ThreadingMode threadingMode =
        Runtime.getRuntime().availableProcessors() <= 2 ? ThreadingMode.SHARED : ThreadingMode.PAIRED;
    private int slotLength = 512;
    private int maxEventLength = 1 << 20;
    private int arenaLength = 32 << 20;
    private DedupContext dedup = new DedupContext();
    private JournalContext journal = new JournalContext();
    private long telemetryIntervalNs = TimeUnit.SECONDS.toNanos(1);
    private long closeTimeoutNs = TimeUnit.SECONDS.toNanos(10);
    private long seed = System.nanoTime() ^ ProcessHandle.current().pid() << 32;
    private long runId;
    private String source = "";
    private Map<String, ?> metadata = Map.of();
    private EpochNanoClock clock = new OffsetEpochNanoClock();
    private ErrorHandler errorHandler = ex -> LOGGER.warn("{}", ex.getMessage(), ex);
    private EngineStateListener stateListener = (from, to) -> LOGGER.debug("engine state {} -> {}", from, to);
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
        EngineContextCheck.check(this);
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
     * What an acknowledgement means unless a call asks for another level. With {@link Durability#SYNCED} every record
     * is forced as soon as the device allows, together with what came while it was busy; the start is refused where the
     * file system can't keep that promise.
     *
     * @param value {@link Durability#JOURNALED} (default), {@link Durability#SYNCED} or {@link Durability#NONE}.
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
     * @param value false to keep no index of the journal; default: true. The index is made on a thread of its own,
     *              which steps back behind all others; in mode INVOKER there is none, and the host may run a {@link
     *              io.sluice.index.JournalIndexer}.
     * @return this.
     */
    public EngineContext index(final boolean value)
    {
        settable();
        index = value;
        return this;
    }

    /** @return true if the engine keeps an index of its journal. */
    public boolean index()
    {
        return index;
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
     * Idle strategy of all threads on the path of events. The default backs off to pauses of 50 µs, kind to a host with
     * few processors.
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
        EngineContextCheck.require(cpu >= 0, "pin(" + role + ")=" + cpu + ": use the number of a processor, from 0");
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
     * @param oneIn    at least one of so many units, a power of two of at least 4; all shares together at most one
     *                 half.
     * @return this.
     */
    public EngineContext share(final Priority priority, final int oneIn)
    {
        settable();
        EngineContextCheck.require(
            priority != Priority.CRITICAL, "share(critical): CRITICAL is served first and needs no share");
        shares[priority.code()] = oneIn;
        return this;
    }

    int[] shares()
    {
        return shares.clone();
    }

    /**
     * @param bytes of a ring slot, a multiple of 64 of at least 256. Records up to 32 bytes shorter lie in it, longer
     *              ones in the arena.
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
     * @param value what is remembered to recognise duplicates, and how long.
     * @return this.
     */
    public EngineContext dedup(final DedupContext value)
    {
        settable();
        dedup = Objects.requireNonNull(value, "dedup");
        return this;
    }

    /** @return what is remembered to recognise duplicates. */
    public DedupContext dedup()
    {
        return dedup;
    }

    /**
     * Settings of the journal: roll size and age, pages prepared ahead. Directory, clock, run id, largest event and who
     * forces are the engine's and set by it.
     *
     * @param value not concluded, and used by one engine only.
     * @return this.
     */
    public EngineContext journal(final JournalContext value)
    {
        settable();
        journal = Objects.requireNonNull(value, "journal");
        return this;
    }

    /** @return settings of the journal. */
    public JournalContext journal()
    {
        return journal;
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
        EngineContextCheck.require(value > 0, "runId=" + value + ": use more than 0");
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
}
