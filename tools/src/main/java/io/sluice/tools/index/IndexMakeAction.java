package io.sluice.tools.index;

import io.sluice.event.EventStorageException;
import io.sluice.index.IndexContext;
import io.sluice.index.IndexStatus;
import io.sluice.index.JournalIndexer;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.Quantity;
import java.util.Locale;

/** Indexes what is journaled, and, if wanted, what comes. */
public final class IndexMakeAction
{
    private static final long PAUSE_NS = 10_000_000L;

    private final IndexContext context;
    private final boolean isFollowing;
    private final boolean isJson;

    /**
     * @param context     of the index.
     * @param isFollowing true to go on until stopped.
     * @param isJson      true for programs.
     */
    public IndexMakeAction(final IndexContext context, final boolean isFollowing, final boolean isJson)
    {
        this.context = context;
        this.isFollowing = isFollowing;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE}.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal, or somebody indexes it already.
     * @throws EventStorageException                    if it can't be read or the index can't be written.
     */
    public int run(final CommandIo io)
    {
        final long startNs = System.nanoTime();
        final JournalIndexer indexer = JournalIndexer.open(context);
        try
        {
            boolean isGoingOn = true;
            while (isGoingOn && !io.stop().isRequested())
            {
                if (indexer.doWork() == 0)
                {
                    isGoingOn = isFollowing && !io.stop().await(PAUSE_NS);
                }
                final String trouble = indexer.status().trouble();
                if (!trouble.isEmpty())
                {
                    throw new EventStorageException("the index does not go on: " + trouble);
                }
            }
        }
        finally
        {
            indexer.onClose();
        }
        print(io, indexer.status(), (System.nanoTime() - startNs) / 1e9);
        return ExitCode.DONE;
    }

    private void print(final CommandIo io, final IndexStatus status, final double seconds)
    {
        if (isJson)
        {
            io.out().println(new JsonLine()
                .add("events", status.events())
                .add("segments", status.sealed())
                .add("rebuilt", status.rebuilt())
                .add("elapsedMs", Math.round(seconds * 1e3)));
            return;
        }
        io.out().println(String.format(
            Locale.ROOT,
            "%s events read in %.2f s, %,d segments completed%s",
            Quantity.count(status.events()),
            seconds,
            status.sealed(),
            status.rebuilt() == 0 ? "" : String.format(
                Locale.ROOT, ", %,d of them in the place of damaged ones", status.rebuilt())));
    }
}
