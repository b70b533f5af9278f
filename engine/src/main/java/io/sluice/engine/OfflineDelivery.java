package io.sluice.engine;

import io.sluice.engine.deadletter.DeadLetterContext;
import io.sluice.engine.deadletter.DeadLetterJournal;
import io.sluice.engine.delivery.RegisteredSubscription;
import io.sluice.engine.delivery.SubscriptionPositions;
import io.sluice.engine.delivery.SubscriptionRegistry;
import io.sluice.engine.failure.BreakerState;
import io.sluice.engine.failure.PendingRetries;
import io.sluice.engine.failure.RetryEntry;
import io.sluice.engine.failure.RetryLog;
import io.sluice.event.EventBuilder;
import io.sluice.event.EventException;
import io.sluice.event.EventStorageException;
import io.sluice.journal.ArchivePolicy;
import io.sluice.journal.DataDirectory;
import io.sluice.journal.ForceListener;
import io.sluice.journal.JournalAppender;
import io.sluice.journal.JournalContext;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.agrona.CloseHelper;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.EpochNanoClock;
import org.agrona.concurrent.SystemEpochNanoClock;

/**
 * The durable subscriptions and dead letters of a data directory in which no engine runs: what a person may change of
 * them between two runs. Holds the lock of the directory from {@link #open} to {@link #close()}, so that no engine
 * starts meanwhile. What an engine finds at its next start is as if it had been asked itself.
 *
 * <p>Not thread-safe. Calls read and write files, and block for the device.
 */
public final class OfflineDelivery implements AutoCloseable
{
    private final Path root;
    private final DataDirectory directory;
    private final EpochNanoClock clock = new SystemEpochNanoClock();
    private final ErrorHandler errorHandler;
    private final JournalAppender lock;
    private final Checkpoints checkpoints;
    private final PipelinePositions pipeline;
    private final DurableSubscriptions subscriptions;
    private boolean isChanged;

    private OfflineDelivery(
        final Path root, final JournalContext journal, final JournalAppender lock, final ErrorHandler errorHandler)
    {
        this.root = root;
        this.lock = lock;
        this.errorHandler = errorHandler;
        directory = new DataDirectory(root);
        checkpoints = new Checkpoints(directory, journal, lock);
        // A file of the pipeline that is made here would hold retention where no engine ever ran.
        final boolean isKnown = Files.exists(directory.positions().resolve(PipelineHold.NAME));
        pipeline = isKnown || checkpoints.found() != null ?
            checkpoints.openPipeline() : PipelinePositions.inMemory();
        subscriptions = checkpoints.openSubscriptions(clock);
        checkpoints.positions(pipeline, subscriptions, null);
        if (checkpoints.isPowerLost() || checkpoints.found() != null)
        {
            // The next engine does not know of it any more.
            subscriptions.recover(pipeline, checkpoints.isPowerLost());
            isChanged = true;
            keep();
        }
    }

    /**
     * Take the lock of a data directory, and recover its journal as the start of an engine does.
     *
     * @param directory    of the data.
     * @param errorHandler told of what is damaged in the log of attempts.
     * @return to be closed.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal, or the directory can't be used: busy,
     *                                                  with the process that uses it, not ours, newer, unwritable.
     * @throws io.sluice.event.EventStorageException    if a file can't be used.
     */
    public static OfflineDelivery open(final Path directory, final ErrorHandler errorHandler)
    {
        // An appender would make a journal where there is none.
        JournalTailer.open(new TailerContext().directory(directory)).close();
        return open(directory, new JournalContext(), errorHandler);
    }

    /** The same with a journal on another machine. */
    static OfflineDelivery open(final Path directory, final JournalContext journal, final ErrorHandler errorHandler)
    {
        final JournalAppender lock = JournalAppender.open(journal
            .directory(directory)
            .prepareAhead(0)
            .syncThread(false)
            .archive(new ArchivePolicy().thread(false)));
        try
        {
            return new OfflineDelivery(directory, journal, lock, errorHandler);
        }
        catch (final Throwable ex)
        {
            CloseHelper.quietClose(lock);
            throw ex;
        }
    }

    /**
     * The durable subscriptions of a data directory, whether an engine runs there or not. Takes no lock, writes
     * nothing.
     *
     * @param directory of the data.
     * @return of each what is registered, and where it stands; what an engine counts is 0.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal.
     * @throws io.sluice.event.EventStorageException    if a file can't be used.
     */
    public static List<SubscriptionStats> list(final Path directory)
    {
        final DataDirectory files = new DataDirectory(directory);
        final long last;
        try (JournalTailer tailer =
            JournalTailer.open(new TailerContext().directory(directory).from(StartPosition.end())))
        {
            last = tailer.nextSequence() - 1;
        }
        final Map<Long, Long> positions =
            SubscriptionPositions.look(files.positions().resolve(SubscriptionPositions.NAME));
        final long handled = PipelineHold.handled(files.positions().resolve(PipelineHold.NAME));
        final List<SubscriptionStats> all = new ArrayList<>();
        for (final RegisteredSubscription one :
            SubscriptionRegistry.read(files.control().resolve(SubscriptionRegistry.NAME)).list())
        {
            final long known = positions.getOrDefault(one.id(), 0L);
            all.add(stats(one, Math.min(last, known == SubscriptionPositions.LIVE ? handled : known), last));
        }
        return all;
    }

    /**
     * Have a subscription go on from another place; see {@link Engine#seekSubscription}.
     *
     * @param name of it.
     * @param to   the first event that it gets.
     * @return sequence of that event; 0 if there is no durable one of that name.
     * @throws IllegalArgumentException if there is no such place.
     */
    public long seek(final String name, final StartPosition to)
    {
        if (subscriptions.find(name) == null)
        {
            return 0L;
        }
        final long sequence;
        try (JournalTailer tailer = JournalTailer.open(new TailerContext().directory(root).from(to)))
        {
            sequence = tailer.nextSequence();
        }
        catch (final EventException ex)
        {
            throw new IllegalArgumentException(
                "subscription '" + name + "' can't go to " + to + ": " + ex.getMessage(), ex);
        }
        isChanged = true;
        subscriptions.restart(name, sequence - 1);
        // What is given up comes again from there: only when that is on the device.
        keep();
        forgetFrom(subscriptions.idOf(name), sequence);
        return sequence;
    }

    /**
     * Have a subscription paused, or not, when it has a handler again.
     *
     * @param name     of it.
     * @param isPaused true for paused.
     * @return false if there is no durable one of that name.
     */
    public boolean paused(final String name, final boolean isPaused)
    {
        final boolean isKnown = subscriptions.find(name) != null;
        if (isKnown)
        {
            subscriptions.paused(name, isPaused);
        }
        return isKnown;
    }

    /**
     * Forget a subscription, its position, and the attempts that wait.
     *
     * @param name of it.
     * @return false if there is no durable one of that name.
     */
    public boolean remove(final String name)
    {
        final boolean isKnown = subscriptions.find(name) != null;
        if (isKnown)
        {
            isChanged = true;
            forgetFrom(subscriptions.idOf(name), 1L);
            subscriptions.remove(name);
        }
        return isKnown;
    }

    /**
     * Put a repaired event in the place of that of a dead letter; see {@link Engine#fixDeadLetter}. It is handed over
     * by an engine.
     *
     * @param letter number of it.
     * @param repair gets a builder with all that the event has, and returns one with the same id.
     * @return false if no open letter has that number.
     * @throws io.sluice.event.EventValidationException if what it returns is no event, or another one.
     */
    public boolean fixDeadLetter(final long letter, final UnaryOperator<EventBuilder> repair)
    {
        return withLetters(letters ->
        {
            final EventBuilder event = new EventBuilder();
            return letters.event(letter, event::from) && letters.fixed(letter, repair.apply(event));
        });
    }

    /**
     * Give a dead letter up.
     *
     * @param letter number of it.
     * @param reason for people.
     * @return false if no open letter has that number.
     */
    public boolean dropDeadLetter(final long letter, final String reason)
    {
        return withLetters(letters -> letters.dropped(letter, reason));
    }

    /** Give the lock back. Idempotent. */
    @Override
    public void close()
    {
        if (isChanged)
        {
            isChanged = false;
            keep();
        }
        CloseHelper.closeAll(subscriptions, pipeline, lock);
    }

    // So that a power loss does not undo what was changed, and the next run has nothing to go back to.
    private void keep()
    {
        subscriptions.force(ForceListener.NONE);
        checkpoints.tryMark(true, errorHandler);
    }

    private boolean withLetters(final Function<DeadLetterJournal, Boolean> action)
    {
        try (DeadLetterJournal letters = DeadLetterJournal.open(new DeadLetterContext().directory(root)))
        {
            return action.apply(letters);
        }
    }

    private void forgetFrom(final long id, final long sequence)
    {
        try (RetryLog log = RetryLog.open(directory, errorHandler))
        {
            final PendingRetries pending = new PendingRetries(PendingRetries.CAPACITY);
            pending.recover(log, clock.nanoTime());
            pending.forEach(id, retry ->
            {
                if (retry.sequence() >= sequence)
                {
                    close(log, id, retry.sequence());
                }
            });
            log.force();
        }
    }

    private void close(final RetryLog log, final long id, final long sequence)
    {
        final RetryEntry entry = RetryEntry.closed(id, sequence);
        if (!log.append(entry))
        {
            log.maintain(clock.nanoTime());
            if (!log.append(entry))
            {
                throw new EventStorageException(
                    "the attempts that wait can't be given up, nothing else was changed: " +
                    directory.positions() + " has no room for the log of attempts; make room, and try again");
            }
        }
    }

    private static SubscriptionStats stats(
        final RegisteredSubscription one, final long position, final long lastSequence)
    {
        return new SubscriptionStats(
            0L,
            one.name(),
            one.subscriber(),
            one.pattern(),
            one.where(),
            one.minimumPriority(),
            one.mode(),
            true,
            one.isPaused() ? SubscriptionState.PAUSED : SubscriptionState.ORPHANED,
            0L,
            0L,
            0L,
            0L,
            0L,
            BreakerState.CLOSED,
            0L,
            position,
            lastSequence - position,
            0L,
            0L);
    }
}
