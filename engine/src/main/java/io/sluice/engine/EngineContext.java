package io.sluice.engine;

import io.sluice.engine.deadletter.DeadLetterContext;
import io.sluice.engine.rule.RoutingRule;
import io.sluice.event.Priority;
import io.sluice.journal.JournalContext;
import io.sluice.journal.TailerContext;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.OffsetEpochNanoClock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Configuration of an engine: set what differs from the defaults, then {@link Engine#launch}. Values are checked once,
 * by {@link #conclude()}, with errors that name the setting and its value; after that setters throw.
 *
 * <p>Not thread-safe while it is being set up.
 */
public final class EngineContext extends ThreadSettings<EngineContext>
{
    private static final Logger LOGGER = LoggerFactory.getLogger(Engine.class);

    private final int[] limits = {1000, 5000, 10_000, 20_000};
    private final long[] budgetsNs = {50_000_000L, 100_000_000L, 500_000_000L, 1_000_000_000L};
    private final int[] shares = {0, 8, 16, 32};
    private final List<SubscriptionSpec> subscriptions = new ArrayList<>();
    private List<RoutingRule> rules;
    private Path directory;
    private boolean index = true;
    private Boolean control;
    private Durability durability = Durability.JOURNALED;
    private int slotLength = 512;
    private int maxEventLength = 1 << 20;
    private int arenaLength = 32 << 20;
    private AdmissionContext admission = new AdmissionContext();
    private DeadLetterContext deadLetters = new DeadLetterContext();
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

    /** Check everything; from now on this is immutable. */
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

    /**
     * @param value retries of dead letters, what repairs them and who is told; the directory is the engine's.
     * @return this.
     */
    public EngineContext deadLetters(final DeadLetterContext value)
    {
        settable();
        deadLetters = Objects.requireNonNull(value, "deadLetters");
        return this;
    }

    /** @return what becomes of dead letters. */
    public DeadLetterContext deadLetters()
    {
        return deadLetters;
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
     * @param value JOURNALED (default), SYNCED or NONE.
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
     * @param value false to keep no index of the journal; default: true. A thread that steps back behind all others
     *              makes it; in mode INVOKER the host may run a {@link io.sluice.index.JournalIndexer}.
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
     * @param value false to take no commands from other processes; default: true, but false in mode INVOKER.
     * @return this.
     */
    public EngineContext control(final boolean value)
    {
        settable();
        control = value;
        return this;
    }

    /** @return true if the engine takes commands from other processes, if it has a journal. */
    public boolean control()
    {
        return control == null ? threadingMode() != ThreadingMode.INVOKER : control;
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
     * @param priority HIGH, NORMAL or LOW.
     * @param oneIn    its guaranteed share: at least one of so many units, a power of two of at least 4; all shares
     *                 together at most one half.
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
     * @param value what happens to events for which there is no room, and how many may be published.
     * @return this.
     */
    public EngineContext admission(final AdmissionContext value)
    {
        settable();
        admission = Objects.requireNonNull(value, "admission");
        return this;
    }

    /** @return what limits publishers. */
    public AdmissionContext admission()
    {
        return admission;
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
     * @param value settings of the journal: roll size and age, pages prepared ahead; not concluded, and used by one
     *              engine only. Directory, clock, run id, largest event and who forces are the engine's and set by it.
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

    /**
     * The rules to start with, in the place of all that the data directory holds; they hold from the next event on.
     * Without this, those of the directory go on. See {@link Engine#rules()}.
     *
     * @param value each of another name; an empty list to start without.
     * @return this.
     */
    public EngineContext rules(final List<RoutingRule> value)
    {
        settable();
        rules = List.copyOf(value);
        return this;
    }

    /** @return rules to start with, or null for those of the data directory. */
    public List<RoutingRule> rules()
    {
        return rules;
    }

    @Override
    EngineContext self()
    {
        return this;
    }

    @Override
    void settable()
    {
        if (concluded)
        {
            throw new IllegalStateException("this context belongs to a launched engine: make a new one");
        }
    }

    /** @return settings to read the journal with. */
    TailerContext newTail()
    {
        return new TailerContext().directory(directory).keys(journal.archive().keys());
    }
}
