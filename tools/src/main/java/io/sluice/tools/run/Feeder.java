package io.sluice.tools.run;

import io.sluice.engine.PublishResult;
import io.sluice.engine.Publisher;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventDefaults;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStreamException;
import io.sluice.event.EventValidationException;
import io.sluice.handlers.source.EventSource;
import io.sluice.journal.StorageStatus;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.agrona.concurrent.BackoffIdleStrategy;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Publishes the events of one source, on a thread of its own. What the engine has no room for is offered again until
 * it has, or the run stops while its storage is in trouble: nothing is dropped. Every accepted id goes to the ledger.
 */
final class Feeder implements Runnable
{
    private static final long STOP_GRACE_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final EventBuilder event = new EventBuilder();
    private final EventEncoder encoder = new EventEncoder();
    private final EventFlyweight record = new EventFlyweight();
    private final IdleStrategy idleStrategy = new BackoffIdleStrategy(10, 20, 1_000L, 200_000L);
    private final UnsafeBuffer buffer;
    private final EventSource source;
    private final Publisher publisher;
    private final EventDefaults defaults;
    private final Pacer pacer;
    private final Supplier<StorageStatus> storage;
    private final RunState run;

    Feeder(
        final EventSource source,
        final Publisher publisher,
        final EventDefaults defaults,
        final Pacer pacer,
        final int maxEventLength,
        final Supplier<StorageStatus> storage,
        final RunState run)
    {
        this.source = source;
        this.publisher = publisher;
        this.defaults = defaults;
        this.pacer = pacer;
        this.storage = storage;
        this.run = run;
        buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(maxEventLength));
    }

    @Override
    public void run()
    {
        try
        {
            feed();
        }
        catch (final EventStreamException ex)
        {
            // An interrupt from the keyboard also reaches the program that a source reads from: then it is no failure.
            if (!run.awaitStop(STOP_GRACE_NS))
            {
                run.problems().onFailure(source.name(), ex.getMessage());
            }
        }
        catch (final RuntimeException ex)
        {
            run.problems().onFailure(source.name(), "unexpected " + ex);
        }
        finally
        {
            publisher.close();
        }
    }

    private void feed()
    {
        while (!run.isStopping())
        {
            pacer.beforeSource();
            if (!source.next(event))
            {
                return;
            }
            final long intendedNs = source.isOpenLoop() ? source.intendedTimeNs() : pacer.awaitDue();
            run.published();
            final int length = encode();
            if (length > 0 && !publish(length, intendedNs))
            {
                return;
            }
        }
    }

    private int encode()
    {
        try
        {
            return event.encode(encoder, buffer, 0, buffer.capacity(), defaults);
        }
        catch (final EventValidationException ex)
        {
            run.problems().onRefused(source.name(), source.position(), ex.getMessage());
            return 0;
        }
    }

    /** Whoever asked the run to stop does not want to wait until somebody makes room on the disk. */
    private boolean isHopeless()
    {
        return run.isStopping() && !storage.get().isHealthy();
    }

    /** @return false if the engine takes nothing any more. */
    private boolean publish(final int length, final long intendedNs)
    {
        while (true)
        {
            final long result = publisher.publish(buffer, 0, length, intendedNs);
            if (result >= 0)
            {
                record.wrap(buffer, 0);
                run.ledger().accepted(record.idHigh(), record.idLow());
                run.accepted();
                idleStrategy.reset();
                return true;
            }
            if (PublishResult.isTransient(result) && !isHopeless())
            {
                idleStrategy.idle();
                continue;
            }
            run.problems().onRefused(source.name(), source.position(), PublishResult.describe(result));
            return result == PublishResult.EVENT_TOO_LARGE;
        }
    }
}
