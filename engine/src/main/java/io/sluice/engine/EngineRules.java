package io.sluice.engine;

import io.sluice.engine.rule.AdmissionRules;
import io.sluice.engine.rule.RuleBoundary;
import io.sluice.engine.rule.RuleRun;
import io.sluice.engine.rule.RuleTable;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStamp;
import io.sluice.event.Priority;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.EventAppender;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.agrona.ErrorHandler;

/**
 * The routing rules of an engine, and the moment from which a change of them holds: between two batches of the
 * sequencing stage, with the next sequence.
 *
 * <pre>
 *   with threads   the sequencing thread makes it hold, at the start of a duty cycle; whoever changes waits for that
 *   INVOKER        whoever changes makes it hold, while the sequencing stage is not at work
 * </pre>
 *
 * <p>Nobody waits for ever: a sequencing thread that does not come, because it hangs or has not begun, is an error.
 */
final class EngineRules implements RuleBoundary
{
    /** Name of the file in the directory of control. */
    static final String FILE = "rules.json";
    static final long TIMEOUT_NS = TimeUnit.SECONDS.toNanos(5);

    private static final long PAUSE_NS = 50_000L;

    /** A change that waits for the sequencing thread: asked for, then taken or given up. */
    private static final class Change
    {
        private static final int ASKED = 0;
        private static final int TAKEN = 1;
        private static final int DONE = 2;
        private static final int GIVEN_UP = 3;

        private final LongConsumer effect;
        private final AtomicInteger state = new AtomicInteger(ASKED);
        // Published by the state.
        private RuntimeException failure;

        private Change(final LongConsumer effect)
        {
            this.effect = effect;
        }
    }

    private final RuleTable table;
    private final AdmissionRules admission;
    private final EventAppender appender;
    private final Supplier<Throwable> failure;
    private final BooleanSupplier isEngineThread;
    private final boolean isHostDriven;
    private final int maxEventLength;
    private final long timeoutNs;
    private final AtomicReference<Change> pending = new AtomicReference<>();
    // INVOKER: the thread in the sequencing stage, or the one that makes a change hold.
    private final AtomicReference<Thread> owner = new AtomicReference<>();
    private RuleHistory history;
    // The thread that launches, while there is no stage yet.
    private volatile Thread launcher;
    private volatile boolean isClosed;

    /**
     * @param context        of the engine; its rules, if any, are put in the place of those of the directory.
     * @param appender       gives the sequences.
     * @param failure        why the engine has failed, or null.
     * @param isEngineThread whether the calling thread is one that others wait for.
     * @param timeoutNs      to wait for the sequencing stage.
     */
    EngineRules(
        final EngineContext context,
        final EventAppender appender,
        final Supplier<Throwable> failure,
        final BooleanSupplier isEngineThread,
        final long timeoutNs)
    {
        this.isEngineThread = isEngineThread;
        this.appender = appender;
        this.failure = failure;
        this.timeoutNs = timeoutNs;
        isHostDriven = context.threadingMode() == ThreadingMode.INVOKER;
        maxEventLength = context.maxEventLength();
        table = context.durability() == Durability.NONE ? RuleTable.inMemory(this) : RuleTable.open(
            new DataDirectory(context.directory()).control().resolve(FILE), appender.lastSequence(), this);
        admission = table.admission();
        if (context.rules() != null)
        {
            launcher = Thread.currentThread();
            table.replaceAll(context.rules());
            launcher = null;
        }
    }

    RuleTable table()
    {
        return table;
    }

    /** For the thread that routes events for the first time in this run. */
    RuleRun newRun(final ErrorHandler errors)
    {
        return table.newRun(maxEventLength, errors);
    }

    /** For threads that come to events which are counted elsewhere. */
    RuleRun newQuietRun()
    {
        return table.newQuietRun(maxEventLength);
    }

    /**
     * A thread that publishes, with an event that is encoded in its scratch: give it the priority that rules say. One
     * volatile read where none does.
     *
     * @return code of its priority, which is that in the record.
     */
    int prioritize(final PublishScratch scratch)
    {
        final EventFlyweight event = scratch.record().wrap(scratch.buffer(), 0);
        final Priority given = priority(scratch, event);
        if (given != event.priority())
        {
            EventStamp.priority(scratch.buffer(), 0, given);
        }
        return given.code();
    }

    /** @return the priority that rules give to an event that is about to be admitted. */
    Priority priority(final PublishScratch scratch, final EventFlyweight event)
    {
        return admission.isEmpty() ? event.priority() : scratch.priority(admission, event);
    }

    /** Where old versions are forgotten; before the engine starts. */
    void history(final RuleHistory value)
    {
        history = value;
    }

    /** Telemetry, now and then: forget what nobody may ask for any more. */
    void forgetOld()
    {
        history.forgetOld();
    }

    boolean isClosed()
    {
        return isClosed;
    }

    /**
     * The sequencing stage, at the start of a duty cycle.
     *
     * @return false if a change is being made to hold just now: nothing may be sequenced in this cycle.
     */
    boolean enter()
    {
        if (isHostDriven)
        {
            return owner.compareAndSet(null, Thread.currentThread());
        }
        if (pending.get() != null)
        {
            take();
        }
        return true;
    }

    /** The sequencing stage, at the end of a duty cycle that was entered. */
    void exit()
    {
        if (isHostDriven)
        {
            owner.set(null);
        }
    }

    /** The sequencing stage has ended: changes that wait are refused, and so are later ones. */
    void close()
    {
        isClosed = true;
        table.close();
    }

    @Override
    public void check()
    {
        requireRunning();
        if (!isHostDriven && launcher == null && isEngineThread.getAsBoolean())
        {
            throw new IllegalStateException(
                "the rules were not changed: a thread of the engine may not wait for it; change them on another " +
                "thread, or in a handler of a TAILING subscription");
        }
    }

    @Override
    public void begin(final LongConsumer takeEffect)
    {
        requireRunning();
        if (launcher == Thread.currentThread())
        {
            takeEffect.accept(appender.nextSequence());
        }
        else if (isHostDriven)
        {
            takeBetweenInvocations(takeEffect);
        }
        else
        {
            askSequencing(takeEffect);
        }
    }

    private void take()
    {
        final Change change = pending.getAndSet(null);
        if (change != null && change.state.compareAndSet(Change.ASKED, Change.TAKEN))
        {
            try
            {
                change.effect.accept(appender.nextSequence());
            }
            catch (final RuntimeException ex)
            {
                change.failure = ex;
            }
            change.state.set(Change.DONE);
        }
    }

    // Changes wait for each other in the table, so there is never a second one.
    private void askSequencing(final LongConsumer takeEffect)
    {
        final Change change = new Change(takeEffect);
        final long deadline = System.nanoTime() + timeoutNs;
        pending.set(change);
        while (change.state.get() != Change.DONE)
        {
            final boolean isToEnd = isClosed || failure.get() != null || System.nanoTime() - deadline >= 0;
            if (isToEnd && change.state.compareAndSet(Change.ASKED, Change.GIVEN_UP))
            {
                pending.set(null);
                requireRunning();
                throw late();
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        if (change.failure != null)
        {
            throw change.failure;
        }
    }

    private void takeBetweenInvocations(final LongConsumer takeEffect)
    {
        final Thread self = Thread.currentThread();
        if (owner.get() == self)
        {
            throw new IllegalStateException(
                "rules can't be changed while this thread is at sequencing: do it where the callback has returned");
        }
        final long deadline = System.nanoTime() + timeoutNs;
        while (!owner.compareAndSet(null, self))
        {
            if (System.nanoTime() - deadline >= 0)
            {
                throw late();
            }
            LockSupport.parkNanos(PAUSE_NS);
        }
        try
        {
            requireRunning();
            takeEffect.accept(appender.nextSequence());
        }
        finally
        {
            owner.set(null);
        }
    }

    private void requireRunning()
    {
        final Throwable cause = failure.get();
        if (cause != null)
        {
            throw new IllegalStateException(
                "the rules were not changed: the engine has failed (" + cause.getMessage() + "), start it again first",
                cause);
        }
        if (isClosed)
        {
            throw new IllegalStateException("the rules were not changed: the engine is closed, or being closed");
        }
    }

    private IllegalStateException late()
    {
        return new IllegalStateException(
            "the rules were not changed: the sequencing stage did not come to a boundary within " +
            TimeUnit.NANOSECONDS.toMillis(timeoutNs) + " ms; is the engine still starting, or its storage stuck? Try " +
            "again");
    }
}
