package io.sluice.engine;

import io.sluice.event.EventStorageException;
import io.sluice.index.IndexContext;
import io.sluice.index.IndexStatus;
import io.sluice.index.JournalIndexer;
import io.sluice.journal.ThreadNiceness;
import java.util.concurrent.TimeUnit;
import org.agrona.ErrorHandler;
import org.agrona.concurrent.Agent;

/**
 * Indexes the journal beside the engine, on a thread that steps back behind all others. Nothing waits for it: while it
 * can't work, queries read the journal itself.
 */
final class IndexAgent implements Agent
{
    /** Between looks at a journal to which nothing was added. */
    static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final IndexStatus NONE = new IndexStatus(0, 0, 0, 0, 0, "");

    private final IndexContext context;
    private final ErrorHandler errorHandler;
    private volatile JournalIndexer indexer;
    private String reported = "";
    private boolean isRefused;

    IndexAgent(final EngineContext context, final ErrorHandler errorHandler)
    {
        this.context = new IndexContext()
            .directory(context.directory())
            .minFreeSpace(Math.min(Long.MAX_VALUE / 2, context.journal().minFreeSpace()) * 2)
            .keys(context.journal().archive().keys());
        this.errorHandler = errorHandler;
    }

    @Override
    public String roleName()
    {
        return JournalIndexer.ROLE_NAME;
    }

    @Override
    public void onStart()
    {
        ThreadNiceness.lower();
    }

    @Override
    public int doWork()
    {
        if (indexer == null)
        {
            return isRefused ? 0 : open();
        }
        final int count = indexer.doWork();
        final String trouble = indexer.status().trouble();
        if (!trouble.equals(reported))
        {
            reported = trouble;
            if (!trouble.isEmpty())
            {
                errorHandler.onError(new EventStorageException("the index does not go on: " + trouble));
            }
        }
        return count;
    }

    @Override
    public void onClose()
    {
        if (indexer != null)
        {
            indexer.onClose();
        }
    }

    /** @return how far it has come; any thread. */
    IndexStatus status()
    {
        final JournalIndexer present = indexer;
        return present == null ? NONE : present.status();
    }

    private int open()
    {
        try
        {
            indexer = JournalIndexer.open(context);
            return 1;
        }
        catch (final RuntimeException ex)
        {
            // Another process indexes this journal, or the directory can't be used: told once, for good.
            isRefused = true;
            errorHandler.onError(ex);
            return 0;
        }
    }
}
