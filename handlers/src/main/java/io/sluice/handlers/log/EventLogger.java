package io.sluice.handlers.log;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.PublishResult;
import io.sluice.engine.ThreadingMode;
import io.sluice.event.Category;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventValidationException;
import io.sluice.event.PayloadSerializer;
import io.sluice.event.Priority;
import io.sluice.event.serial.PayloadSerializers;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/**
 * Logs events to an engine.
 *
 * <pre>{@code
 * try (EventLogger logger = EventLogger.of(engine))
 * {
 *     String id = logger.log("user.action", Map.of("action", "login", "user_id", "123"), "auth_module");
 *     boolean isSafe = logger.flush(TimeUnit.SECONDS.toNanos(5));
 * }
 * }</pre>
 *
 * <p><b>Buffer.</b> An event goes straight to the engine. While the engine has no room for its priority, the logger
 * holds it, up to 10,000 events, and offers it again with each later call and at least every second; order within a
 * priority is kept, and time and id are those of the call. When the buffer is full too, the call throws, and nothing
 * was logged. So an event whose id was given away is lost only if the process ends, or the engine is closed or fails,
 * before it is journaled: {@link #flush} tells.
 *
 * <p><b>Policies.</b> The logger waits neither where {@code AdmissionContext} has publishers wait for room or for their
 * rate, it holds the event instead. Where it says {@code DROP_NEWEST}, the call throws with {@link
 * PublishResult#DROPPED} and nothing was logged; behind events that are held, or in a batch of which one was taken, the
 * event is held.
 *
 * <p><b>Handlers.</b> What is logged in a handler gets the correlation and causation that the handler's own publishing
 * gives, also when it is held.
 *
 * <p>Thread-safe. No call but {@link #flush} and {@link #close} waits for the engine or the disk.
 */
public final class EventLogger implements EventLog, AutoCloseable
{
    private static final long RETRY_NS = 100_000;
    private static final long JOIN_MS = 1000;

    @SuppressWarnings("rawtypes")
    private static final PayloadSerializer<Map> JSON = PayloadSerializers.standard().of(Map.class);

    private final EventLoggerContext context;
    private final LogBuffer buffer;
    private final Thread thread;
    private volatile boolean isClosed;

    private EventLogger(final EventLoggerContext context)
    {
        this.context = context;
        buffer = new LogBuffer(context);
        thread = context.thread() ? new Thread(this::run, "sluice-log") : null;
        if (thread != null)
        {
            thread.setDaemon(true);
        }
    }

    /**
     * A logger with all defaults.
     *
     * @param engine that journals the events; close the logger before it.
     * @return the logger.
     */
    public static EventLogger of(final Engine engine)
    {
        return launch(new EventLoggerContext().engine(engine));
    }

    /**
     * Start a logger.
     *
     * @param context of it.
     * @return the logger.
     * @throws IllegalArgumentException if a setting is not allowed.
     */
    public static EventLogger launch(final EventLoggerContext context)
    {
        final EventLogger logger = new EventLogger(context.conclude());
        if (logger.thread != null)
        {
            logger.thread.start();
        }
        return logger;
    }

    @Override
    public String log(
        final String type, final Map<String, ?> payload, final String source, final String correlationId)
    {
        return log(new EventBuilder()
            .type(type).source(source).correlationId(correlationId).payload(payload, JSON));
    }

    @Override
    public String log(final EventBuilder event)
    {
        return logAll(List.of(event), null).get(0);
    }

    @Override
    public List<String> logBatch(final List<EventBuilder> events)
    {
        return logAll(events, null);
    }

    @Override
    public String logStructured(final EventSchema schema, final Map<String, ?> payload)
    {
        return logStructured(schema, payload, null);
    }

    @Override
    public String logError(final String type, final Throwable error, final Map<String, ?> errorContext)
    {
        return logError(type, error, errorContext, null);
    }

    @Override
    public ContextualLogger withCorrelation(final String correlationId)
    {
        return new ContextualLogger(this, correlationId);
    }

    /**
     * Wait until everything that was logged before the call is journaled; without a journal, sequenced. In {@link
     * ThreadingMode#INVOKER} the call drives the engine.
     *
     * @param timeoutNs at most.
     * @return false if the time was not enough; the rest goes on being offered.
     * @throws EventLogException     if the engine has failed or is closed, or has refused an event that was held; the
     *                               message says how many, once.
     * @throws IllegalStateException in a handler, which may not wait for the engine.
     */
    public boolean flush(final long timeoutNs)
    {
        checkMayWait();
        final long deadline = System.nanoTime() + timeoutNs;
        final long[] counts = buffer.taken();
        while (!buffer.isHanded(counts))
        {
            buffer.handOver();
            if (context.engine().context().threadingMode() == ThreadingMode.INVOKER)
            {
                context.engine().invoke();
            }
            if (!buffer.isHanded(counts))
            {
                if (System.nanoTime() - deadline >= 0)
                {
                    return false;
                }
                LockSupport.parkNanos(this, RETRY_NS);
            }
        }
        final long failed = buffer.takeFailed();
        if (failed > 0)
        {
            throw new EventLogException(
                PublishResult.FAILED,
                failed + " events that were logged were refused by the engine and are not journaled: see its error " +
                "handler for their ids, and engine.failure()");
        }
        return awaitTickets(deadline);
    }

    /**
     * Offer events that are held to the engine again; what the thread of the logger does.
     *
     * @return events that the engine took.
     */
    public int invoke()
    {
        return buffer.handOver();
    }

    /** @return figures of the logger. */
    public LogStats stats()
    {
        return buffer.stats();
    }

    /**
     * Take no more events, wait until those that were logged are journaled, and end. Idempotent.
     *
     * @throws EventLogException     if the time of the context was not enough to hand all events to the engine, or the
     *                               engine has failed; the message says how many were not.
     * @throws IllegalStateException in a handler, which may not wait for the engine; the logger stays open.
     */
    @Override
    public void close()
    {
        if (isClosed)
        {
            return;
        }
        checkMayWait();
        isClosed = true;
        buffer.close();
        EventLogException failure = null;
        try
        {
            flush(context.closeTimeoutNs());
        }
        catch (final EventLogException ex)
        {
            failure = ex;
        }
        endThread();
        buffer.publisher().close();
        if (failure != null)
        {
            throw failure;
        }
        if (buffer.heldCount() > 0)
        {
            throw new EventLogException(
                PublishResult.TIMED_OUT,
                buffer.heldCount() + " events that were logged could not be handed to the engine in time");
        }
    }

    List<String> logAll(final List<EventBuilder> events, final String correlationId)
    {
        return buffer.add(events, correlationId);
    }

    String logStructured(final EventSchema schema, final Map<String, ?> payload, final String correlationId)
    {
        final List<String> problems = schema.problems(payload);
        if (!problems.isEmpty())
        {
            throw new EventValidationException(
                "payload", String.valueOf(payload),
                "event '" + schema.type() + "' asks for something else: " + String.join("; ", problems));
        }
        return log(new EventBuilder()
            .type(schema.type()).version(schema.version()).correlationId(correlationId).payload(payload, JSON));
    }

    String logError(
        final String type, final Throwable error, final Map<String, ?> errorContext, final String correlationId)
    {
        return log(new EventBuilder()
            .type(type)
            .priority(Priority.HIGH)
            .category(Category.SYSTEM)
            .correlationId(correlationId)
            .payload(ErrorPayload.of(error, errorContext), JSON));
    }

    private void checkMayWait()
    {
        if (!buffer.publisher().mayWait())
        {
            throw new IllegalStateException(
                "a handler may not wait for the engine: flush and close the logger on a thread of the host; what is " +
                "held is offered again without that");
        }
    }

    private boolean awaitTickets(final long deadline)
    {
        final Durability level =
            context.engine().context().durability() == Durability.NONE ? Durability.ACCEPTED : Durability.JOURNALED;
        for (final long ticket : buffer.lastTickets())
        {
            if (ticket >= 0)
            {
                final long result = buffer.publisher().await(ticket, level, Math.max(0, deadline - System.nanoTime()));
                if (result == PublishResult.TIMED_OUT)
                {
                    return false;
                }
                // One that is forgotten was sequenced long ago, and what is sequenced is journaled.
                if (result < 0 && result != PublishResult.EXPIRED)
                {
                    throw new EventLogException(
                        result,
                        "what was logged may not be journaled: " + PublishResult.describe(result) +
                        "; see engine.failure()");
                }
            }
        }
        return true;
    }

    private void run()
    {
        while (!isClosed)
        {
            LockSupport.parkNanos(this, context.flushIntervalNs());
            buffer.handOver();
        }
    }

    private void endThread()
    {
        if (thread != null)
        {
            LockSupport.unpark(thread);
            try
            {
                thread.join(JOIN_MS);
            }
            catch (final InterruptedException ex)
            {
                Thread.currentThread().interrupt();
            }
        }
    }
}
