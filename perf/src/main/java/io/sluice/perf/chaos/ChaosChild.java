package io.sluice.perf.chaos;

import io.sluice.engine.DedupContext;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.EngineState;
import io.sluice.engine.EventHandler;
import io.sluice.engine.deadletter.DeadLetterContext;
import io.sluice.journal.JournalContext;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The process that gets killed. Ends by itself when it is told to close, when the parent is gone, or on a failure. */
final class ChaosChild
{
    private static final int FAILED = 1;
    private static final int ABSENT_ONE_IN = 4;
    private static final long ROLL_SIZE = 1L << 21;
    private static final long PREPARE_AHEAD = 1L << 20;
    private static final int DEDUP_IDS = 1 << 14;
    private static final int ARENA = 1 << 22;
    private static final long LETTER_DELAY_NS = 300_000_000L;
    private static final int LETTER_RETRIES = 2;
    private static final long CLOSE_TIMEOUT_S = 10;
    private static final long POLL_NS = 100_000L;

    private final ChildOrders orders;
    private final LineLog log;
    private final Map<ChaosSubscription, EventHandler> handlers = new EnumMap<>(ChaosSubscription.class);

    private ChaosChild(final ChildOrders orders, final LineLog log)
    {
        this.orders = orders;
        this.log = log;
        for (final ChaosSubscription kind : ChaosSubscription.values())
        {
            handlers.put(kind, new ChaosHandler(kind, log, orders));
        }
    }

    /**
     * Started by the parent, which sees the exit code and keeps stderr.
     *
     * @param args of {@link ChildOrders}.
     */
    public static void main(final String[] args)
    {
        final CompletableFuture<Void> unused = ProcessHandle.current().parent().orElseThrow().onExit()
            .thenRun(() -> Runtime.getRuntime().halt(FAILED));
        // Whatever thread of the harness or of the engine fails, the parent must know.
        Thread.setDefaultUncaughtExceptionHandler((thread, ex) -> fail(ex));
        final ChildOrders orders = ChildOrders.parse(args);
        try (LineLog log = new LineLog(orders.log());
            BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)))
        {
            new ChaosChild(orders, log).run(commands);
        }
        catch (final Exception e)
        {
            fail(e);
        }
        System.exit(0);
    }

    private static void fail(final Throwable cause)
    {
        cause.printStackTrace();
        Runtime.getRuntime().halt(FAILED);
    }

    private void run(final BufferedReader commands) throws IOException
    {
        try (Engine engine = Engine.launch(context()))
        {
            while (engine.state() == EngineState.STARTING)
            {
                LockSupport.parkNanos(POLL_NS);
            }
            if (engine.state() != EngineState.RUNNING)
            {
                throw new IllegalStateException("the engine is " + engine.state(), engine.failure());
            }
            log.tell(LineLog.RUNNING, engine.journaledSequence());
            final ChaosChanges changes = new ChaosChanges(engine, log, handlers, orders.seed());
            if (orders.isFinish())
            {
                changes.settle();
                awaitClose(commands);
            }
            else
            {
                changes.start();
                final ChaosPublishers publishers = new ChaosPublishers(engine, log, orders);
                awaitClose(commands);
                changes.stop();
                log.tell(LineLog.CLOSING);
                // Publishers go on until they are refused, as they may in a host.
                engine.close(CLOSE_TIMEOUT_S, TimeUnit.SECONDS);
                publishers.stop();
            }
        }
        log.tell(LineLog.CLOSED);
    }

    private static void awaitClose(final BufferedReader commands) throws IOException
    {
        final String line = commands.readLine();
        if (!ChildOrders.CLOSE.equals(line))
        {
            throw new IllegalStateException("the parent said " + line + " instead of " + ChildOrders.CLOSE);
        }
    }

    private EngineContext context()
    {
        final EngineContext context = new EngineContext()
            .directory(orders.directory())
            .threadingMode(orders.threadingMode())
            .seed(orders.seed())
            .index(false)
            .arenaLength(ARENA)
            .dedup(new DedupContext().idCapacity(DEDUP_IDS))
            .journal(new JournalContext().rollSize(ROLL_SIZE).prepareAhead(PREPARE_AHEAD))
            .deadLetters(new DeadLetterContext()
                .retryDelayNs(LETTER_DELAY_NS).maxRetryDelayNs(LETTER_DELAY_NS).maxRetries(LETTER_RETRIES))
            // What handlers throw is told by them.
            .errorHandler(ex -> {});
        final Random random = new Random(orders.seed());
        for (final ChaosSubscription kind : ChaosSubscription.values())
        {
            final boolean isPresent = orders.isFirst() ? kind.isFromStart() :
                !kind.isDurable() || kind.isFromStart() && random.nextInt(ABSENT_ONE_IN) != 0;
            if (isPresent)
            {
                context.subscribe(kind.spec(handlers.get(kind)));
            }
        }
        return context;
    }
}
