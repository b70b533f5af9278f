package io.sluice.tools.run;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** What the threads of a run share. Thread-safe. */
final class RunState
{
    private final AtomicLong published = new AtomicLong();
    private final AtomicLong accepted = new AtomicLong();
    private final AtomicLong redelivered = new AtomicLong();
    private final CountDownLatch stopping = new CountDownLatch(1);
    private final CompletionSet completions = new CompletionSet();
    private final AcceptedLedger ledger;
    private final InputProblems problems;

    RunState(final AcceptedLedger ledger, final InputProblems problems)
    {
        this.ledger = ledger;
        this.problems = problems;
    }

    AcceptedLedger ledger()
    {
        return ledger;
    }

    InputProblems problems()
    {
        return problems;
    }

    CompletionSet completions()
    {
        return completions;
    }

    void published()
    {
        published.incrementAndGet();
    }

    /** @return events that sources gave and that were offered to the engine, however often. */
    long publishedCount()
    {
        return published.get();
    }

    void accepted()
    {
        accepted.incrementAndGet();
    }

    long acceptedCount()
    {
        return accepted.get();
    }

    void redelivered()
    {
        redelivered.incrementAndGet();
    }

    long redeliveredCount()
    {
        return redelivered.get();
    }

    void stop()
    {
        stopping.countDown();
    }

    boolean isStopping()
    {
        return stopping.getCount() == 0;
    }

    /** @return true if the run is stopping, or begins to within the time. */
    boolean awaitStop(final long timeoutNs)
    {
        try
        {
            return stopping.await(timeoutNs, TimeUnit.NANOSECONDS);
        }
        catch (final InterruptedException ex)
        {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
