package io.sluice.engine;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets hosts wait until what they published has reached a level of durability.
 *
 * <p>An acknowledgement follows from a watermark alone, and a watermark is moved after the commit, or the force, that
 * it stands for.
 */
final class Acknowledgements
{
    private static final int SPINS = 100;
    private static final int YIELDS = 50;
    // A few threads that look out for a moment save themselves a pause; many would keep the engine from its processor.
    private static final int MOST_SPINNING = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

    private final EngineCore core;
    private final AckWaiters waiters;
    private final AtomicInteger spinning = new AtomicInteger();
    private volatile InvokerGate invoker;

    Acknowledgements(final EngineCore core, final Watermarks watermarks)
    {
        this.core = core;
        waiters = new AckWaiters(core::sequenceOf, watermarks, core::requestSync);
    }

    /** The host drives the engine: who waits does so too. */
    void invoker(final InvokerGate gate)
    {
        invoker = gate;
    }

    /** Sequencing thread, after the watermark has moved. */
    void onJournaled()
    {
        waiters.onJournaled();
    }

    /** The thread that forces, after the watermark has moved. */
    void onSynced()
    {
        waiters.onSynced();
    }

    /** Release everybody who waits for what will not come, now and later. */
    void end(final long result)
    {
        waiters.end(result);
    }

    long await(final long ticket, final Durability durability, final long timeoutNs)
    {
        if (ticket < 0)
        {
            return ticket;
        }
        checkOffered(durability);
        if (durability == Durability.ACCEPTED)
        {
            return ticket;
        }
        checkMayWait();
        final boolean forSynced = durability == Durability.SYNCED;
        final long result = waiters.look(ticket, forSynced, 0L);
        if (result != AckWaiters.PENDING)
        {
            return result;
        }
        final long deadlineNs = System.nanoTime() + timeoutNs;
        final InvokerGate gate = invoker;
        return gate != null ? drive(gate, ticket, forSynced, deadlineNs) : pause(ticket, forSynced, deadlineNs);
    }

    /**
     * May the calling thread wait for the engine?
     *
     * @throws IllegalStateException if not.
     */
    void checkMayWait()
    {
        if (core.scratch().isInHandler() || core.scratch().isEngineThread())
        {
            throw new IllegalStateException("an engine thread may not wait for the engine: use publishAsync");
        }
    }

    /**
     * Can an event of this engine reach that level?
     *
     * @param durability asked for.
     * @throws IllegalArgumentException                 if not.
     * @throws io.sluice.journal.DataDirectoryException if not where the data lies.
     */
    void checkOffered(final Durability durability)
    {
        final Durability offered = core.context().durability();
        if (durability == Durability.NONE ||
            (offered == Durability.NONE && durability != Durability.ACCEPTED))
        {
            throw new IllegalArgumentException(
                "durability " + durability + " can't be awaited: this engine has durability " + offered + ", use " +
                (offered == Durability.NONE ? "ACCEPTED" : "ACCEPTED, JOURNALED or SYNCED"));
        }
        if (durability == Durability.SYNCED)
        {
            core.checkSyncIsHonoured();
        }
    }

    private long pause(final long ticket, final boolean forSynced, final long deadlineNs)
    {
        // A force takes longer than any spinning would.
        final long result = forSynced ? AckWaiters.PENDING : spin(ticket, deadlineNs);
        return result != AckWaiters.PENDING ? result : waiters.await(ticket, forSynced, deadlineNs);
    }

    private long spin(final long ticket, final long deadlineNs)
    {
        if (spinning.get() >= MOST_SPINNING)
        {
            return AckWaiters.PENDING;
        }
        spinning.incrementAndGet();
        try
        {
            for (int tries = 0; tries < SPINS + YIELDS && deadlineNs - System.nanoTime() > 0; tries++)
            {
                if (tries < SPINS)
                {
                    Thread.onSpinWait();
                }
                else
                {
                    Thread.yield();
                }
                final long result = waiters.look(ticket, false, 0L);
                if (result != AckWaiters.PENDING)
                {
                    return result;
                }
            }
            return AckWaiters.PENDING;
        }
        finally
        {
            spinning.decrementAndGet();
        }
    }

    private long drive(final InvokerGate gate, final long ticket, final boolean forSynced, final long deadlineNs)
    {
        long sequence = 0L;
        while (true)
        {
            if (forSynced && sequence == 0)
            {
                sequence = Math.max(0L, core.sequenceOf(ticket));
                if (sequence > 0)
                {
                    core.requestSync(sequence);
                }
            }
            final long result = waiters.look(ticket, forSynced, sequence);
            if (result != AckWaiters.PENDING)
            {
                return result;
            }
            if (deadlineNs - System.nanoTime() <= 0)
            {
                return PublishResult.TIMED_OUT;
            }
            gate.invoke();
        }
    }
}
