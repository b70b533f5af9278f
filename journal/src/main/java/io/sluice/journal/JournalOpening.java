package io.sluice.journal;

import io.sluice.event.EventException;
import java.io.IOException;

/**
 * What an appender begins with: a data directory that is locked, made if there was none, and recovered. In this order:
 *
 * <pre>
 *   is it ours? ─► can SYNCED be honoured? ─► lock ─► make what is missing ─► recover ─► the appender
 * </pre>
 */
final class JournalOpening
{
    /** Makes an appender of an opening; the lock is the appender's if that succeeds. */
    @FunctionalInterface
    interface Appending
    {
        JournalAppender begin(JournalOpening opening) throws IOException;
    }

    private final long startNs = System.nanoTime();
    private final JournalContext context;
    private final DataDirectory directory;
    private SyncSupport syncSupport;
    private DeviceForce force;
    private WriterLock lock;
    private JournalRecovery recovered;

    private JournalOpening(final JournalContext context)
    {
        this.context = context;
        directory = new DataDirectory(context.directory().toAbsolutePath().normalize());
    }

    static JournalAppender open(final JournalContext context, final Appending appending)
    {
        if (!context.isConcluded())
        {
            context.conclude();
        }
        return new JournalOpening(context).open(appending);
    }

    JournalContext context()
    {
        return context;
    }

    DataDirectory directory()
    {
        return directory;
    }

    SyncSupport syncSupport()
    {
        return syncSupport;
    }

    DeviceForce force()
    {
        return force;
    }

    WriterLock lock()
    {
        return lock;
    }

    JournalRecovery recovered()
    {
        return recovered;
    }

    /** @return nanoseconds since opening began. */
    long elapsedNs()
    {
        return System.nanoTime() - startNs;
    }

    private JournalAppender open(final Appending appending)
    {
        boolean isOpened = false;
        try
        {
            prepare();
            final JournalAppender appender = appending.begin(this);
            isOpened = true;
            return appender;
        }
        catch (final IOException ex)
        {
            throw DirectoryFormat.notAccessible(directory.root(), ex);
        }
        catch (final EventException | IllegalArgumentException ex)
        {
            throw ex;
        }
        catch (final RuntimeException ex)
        {
            throw new DataDirectoryException(
                DirectoryState.DAMAGED,
                directory.journal() + " can't be opened (" + ex +
                "); run `sluice verify`, then `sluice repair --quarantine`", ex);
        }
        finally
        {
            if (!isOpened && lock != null)
            {
                lock.close();
            }
        }
    }

    private void prepare() throws IOException
    {
        DirectoryFormat.check(directory);
        syncSupport = context.syncSupport(directory.root());
        if (context.syncAlways())
        {
            syncSupport.require();
        }
        force = new DeviceForce(context.forceListener(), syncSupport.canForceNames());
        force.createDirectories(directory.root());
        lock = WriterLock.acquire(directory);
        final boolean isNew = DirectoryFormat.prepare(directory, force, context.phaseListener());
        SpareFile.clear(directory.journal());
        final StoredPolicy policy = StoredPolicy.read(directory);
        recovered = new JournalRecovery(directory, context, force);
        recovered.run();
        if (!isNew && recovered.lastCycle() < 0)
        {
            // The process that made the directory died before its first append: making goes on here.
            context.phaseListener().onStep(JournalPhase.FIRST_CREATION, 0);
        }
        if (new RunLog(directory).knows(context.runId()))
        {
            throw new IllegalArgumentException(
                "runId=" + context.runId() + " was used before in " + directory.root());
        }
        policy.keep(context.archive(), force);
    }
}
