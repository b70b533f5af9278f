package io.sluice.perf.project;

import io.sluice.engine.Durability;
import io.sluice.engine.Engine;
import io.sluice.engine.EngineContext;
import io.sluice.engine.PublishResult;
import io.sluice.engine.SubscriptionSpec;
import io.sluice.engine.ThreadingMode;
import io.sluice.event.EventBuilder;
import io.sluice.journal.JournalContext;
import io.sluice.journal.JournalPhase;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/**
 * Main class of a child process under strace: publishes with SYNCED, and says by one write call each when an event is
 * journaled and when it is acknowledged as SYNCED.
 *
 * <pre>
 *   J n    event n has been committed to the page cache some time before this call
 *   S n    the acknowledgement came before this call
 * </pre>
 *
 * <p>The first one must be written before a force that is meant to cover the event begins, or the trace could not tell
 * such a force from one that came too early. Where the host drives the engine, a handler writes it, which runs between
 * the commit and the force. Otherwise a round of the syncer waits before its first force until nobody is between his
 * commit and his mark.
 */
public final class TracedPublishers
{
    /** Starts the payload of event n in the journal, followed by n and a full stop. */
    static final String PAYLOAD = "traced-event-";

    private static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(60);
    private static final int PAYLOAD_LENGTH = 1500;
    private static final FileOutputStream OUTPUT = new FileOutputStream(FileDescriptor.out);

    private final ReadWriteLock marking = new ReentrantReadWriteLock(true);
    private final Engine engine;
    private final boolean isInvoker;
    private int syncRounds;

    private TracedPublishers(final Path directory, final int threads)
    {
        isInvoker = threads == 0;
        final EngineContext context = new EngineContext()
            .directory(directory)
            .durability(Durability.SYNCED)
            .threadingMode(isInvoker ? ThreadingMode.INVOKER : ThreadingMode.PAIRED)
            .journal(new JournalContext().rollSize(1 << 16).phaseListener(this::onStep));
        if (isInvoker)
        {
            context.subscribe(SubscriptionSpec.to("*", event -> mark('J', Integer.parseInt(event.id()))));
        }
        engine = Engine.launch(context);
    }

    /**
     * Publish.
     *
     * @param arguments directory, publishing threads (0 for an engine that its host drives), events of each.
     * @throws InterruptedException never.
     */
    public static void main(final String[] arguments) throws InterruptedException
    {
        final int threads = Integer.parseInt(arguments[1]);
        final int count = Integer.parseInt(arguments[2]);
        final AtomicReference<Throwable> failure = new AtomicReference<>();
        final TracedPublishers publishers = new TracedPublishers(Path.of(arguments[0]), threads);
        if (threads == 0)
        {
            publishers.publish(0, count);
        }
        else
        {
            final List<Thread> running = new ArrayList<>();
            for (int i = 0; i < threads; i++)
            {
                final int first = i * count;
                final Thread thread = new Thread(() -> publishers.publish(first, count));
                thread.setUncaughtExceptionHandler((failed, thrown) -> failure.compareAndSet(null, thrown));
                running.add(thread);
                thread.start();
            }
            for (final Thread thread : running)
            {
                thread.join();
            }
        }
        publishers.engine.close();
        if (failure.get() != null)
        {
            throw new IllegalStateException("a publisher failed", failure.get());
        }
        System.err.println("rounds " + publishers.syncRounds);
    }

    private void publish(final int first, final int count)
    {
        final EventBuilder event = new EventBuilder();
        for (int n = first; n < first + count; n++)
        {
            event.clear().type("traced.event").id(Integer.toString(n))
                .payloadText((PAYLOAD + n + ".").concat("x".repeat(PAYLOAD_LENGTH)));
            final long ticket = isInvoker ? engine.publisher().publish(event) : publishAndMark(event, n);
            final long sequence = engine.publisher().await(ticket, Durability.SYNCED, TIMEOUT_NS);
            if (sequence < 0)
            {
                throw new IllegalStateException(
                    "event " + n + " was not acknowledged: " + PublishResult.describe(sequence));
            }
            mark('S', n);
        }
    }

    private long publishAndMark(final EventBuilder event, final int n)
    {
        marking.readLock().lock();
        try
        {
            final long ticket = engine.publisher().publish(event);
            if (engine.publisher().await(ticket, Durability.JOURNALED, TIMEOUT_NS) < 0)
            {
                throw new IllegalStateException("event " + n + " was not journaled");
            }
            mark('J', n);
            return ticket;
        }
        finally
        {
            marking.readLock().unlock();
        }
    }

    private void onStep(final JournalPhase phase, final int step)
    {
        if (phase == JournalPhase.SYNC && step == 0)
        {
            marking.writeLock().lock();
            try
            {
                syncRounds++;
            }
            finally
            {
                marking.writeLock().unlock();
            }
        }
    }

    private static void mark(final char level, final int n)
    {
        try
        {
            OUTPUT.write((level + " " + n + "\n").getBytes(StandardCharsets.US_ASCII));
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException(ex);
        }
    }
}
