package io.sluice.journal;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks after closed files on a thread of its own, in the process that appends. The thread steps back behind all others
 * and works in pieces. It never waits for the writer, nor the writer for it.
 */
final class Archiver implements AutoCloseable
{
    private static final Logger LOGGER = LoggerFactory.getLogger(Archiver.class);
    private static final long JOIN_TIMEOUT_MS = 30_000;

    private final JournalContext context;
    private final DataDirectory directory;
    private final ArchivePace pace = new ArchivePace(true);
    private final ArchiveMemory memory = new ArchiveMemory();
    private final Thread thread;
    private volatile ArchiveStatus status = ArchiveStatus.NONE;

    private Archiver(final JournalContext context, final DataDirectory directory)
    {
        this.context = context;
        this.directory = directory;
        thread = new Thread(this::run, ArchivePolicy.THREAD_NAME);
        thread.setDaemon(true);
    }

    /** @return the archiver at work, or null if the host does such work itself. */
    static Archiver start(final JournalContext context, final DataDirectory directory)
    {
        if (!context.archive().thread() || !context.syncThread())
        {
            return null;
        }
        final Archiver archiver = new Archiver(context, directory);
        archiver.thread.start();
        return archiver;
    }

    /** @return what it did; any thread. */
    ArchiveStatus status()
    {
        return status;
    }

    /** Ends the thread; a file that it was working on stays where it was. */
    @Override
    public void close()
    {
        pace.requestStop();
        LockSupport.unpark(thread);
        boolean isInterrupted = false;
        final long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(JOIN_TIMEOUT_MS);
        while (thread.isAlive() && System.nanoTime() < deadline)
        {
            try
            {
                thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
            }
            catch (final InterruptedException ex)
            {
                isInterrupted = true;
            }
        }
        if (isInterrupted)
        {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive())
        {
            LOGGER.warn("{} did not end in time and is left behind: a force does not return", thread.getName());
        }
    }

    private void run()
    {
        ThreadNiceness.lower();
        while (!pace.isStopping())
        {
            final boolean hasMoved = look();
            if (!hasMoved && !pace.isStopping())
            {
                LockSupport.parkNanos(context.archive().interval().toNanos());
            }
        }
    }

    /** @return true if a file was moved: the next one may be due, too. */
    private boolean look()
    {
        final ArchivePolicy policy = context.archive();
        try
        {
            final long minAgeNs = policy.compress() ? policy.after().toNanos() : ArchivePass.NO_AGE;
            final ArchiveReport report =
                ArchivePass.run(context, directory, pace, memory, this::onAction, minAgeNs, true);
            status = status.after(report, CycleFiles.listArchived(directory.archive()));
            return report.count(ArchiveAction.Kind.ARCHIVED) > 0;
        }
        catch (final ArchivePace.StoppedException ex)
        {
            LOGGER.debug("{} was asked to end", thread.getName());
        }
        catch (final DataDirectoryException ex)
        {
            if (ex.state() == DirectoryState.BUSY)
            {
                // Another process is at it, which is as good.
                LOGGER.debug("{} waits", thread.getName(), ex);
            }
            else
            {
                onFailure(ex);
            }
        }
        catch (final IOException | RuntimeException ex)
        {
            // Also of a key provider of the host's: the journal must not suffer from it.
            onFailure(ex);
        }
        return false;
    }

    private void onAction(final ArchiveAction action)
    {
        status = status.after(action);
        if (memory.isNews(action))
        {
            try
            {
                context.archive().listener().onAction(action);
            }
            catch (final RuntimeException ex)
            {
                // The host's affair: the work must not suffer from it.
                LOGGER.warn("the listener of archive actions failed", ex);
            }
        }
    }

    private void onFailure(final Exception ex)
    {
        if (!status.lastError().endsWith(ex.toString()))
        {
            LOGGER.warn("closed files of {} could not be looked after; tried again", directory.root(), ex);
        }
        onAction(new ArchiveAction(
            ArchiveAction.Kind.FAILED, directory.archive().getFileName().toString(), 0, 0, 0, 0, 0, List.of(),
            ex.toString()));
    }
}
