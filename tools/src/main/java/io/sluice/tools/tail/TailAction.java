package io.sluice.tools.tail;

import io.sluice.archive.KeyProvider;
import io.sluice.event.filter.EventFilter;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.RecordHandler;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Prints the events of a journal in sequence, every one once. Writes nothing to the data directory.
 *
 * <p>Lines are buffered while events come, and flushed when there are none: a reader behind a pipe gets large pieces
 * under load and no delay without it. Whoever reads may go away: the command then ends without complaint.
 */
public final class TailAction
{
    private static final int POLL_LIMIT = 1024;
    private static final long MIN_WAIT_NS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final long MAX_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Path directory;
    private final KeyProvider keys;
    private final StartPosition from;
    private final EventFilter filter;
    private final boolean isFollowing;
    private final long count;
    private final OutputFormat format;
    private long printed;

    /**
     * @param directory   data directory.
     * @param keys        of encrypted archive files.
     * @param from        where to start.
     * @param filter      of the events to print.
     * @param isFollowing true to wait at the end for more.
     * @param count       events to print at most, from 1.
     * @param format      of a line.
     */
    public TailAction(
        final Path directory,
        final KeyProvider keys,
        final StartPosition from,
        final EventFilter filter,
        final boolean isFollowing,
        final long count,
        final OutputFormat format)
    {
        this.directory = directory;
        this.keys = keys;
        this.from = from;
        this.filter = filter;
        this.isFollowing = isFollowing;
        this.count = count;
        this.format = format;
    }

    /**
     * Print until the end of the journal, or until asked to stop; what is there by then is printed first.
     *
     * @param io streams; {@code out} gets the events.
     * @return {@link ExitCode#DONE}.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal.
     * @throws io.sluice.archive.ArchiveKeyException   if a key is missing or wrong.
     * @throws io.sluice.event.EventException          if the journal is damaged.
     */
    public int run(final CommandIo io)
    {
        final TailerContext context = new TailerContext()
            .directory(directory)
            .from(from)
            .waitForJournal(isFollowing)
            .keys(keys)
            .expiredRangeListener(new ExpiredNotice(io.err())::onExpiredRange)
            .lostRangeListener((first, last) -> io.err().println(
                "sluice: sequences " + first + " to " + last + " were written off by a repair"));
        final RecordHandler printer = new EventPrinter(format, io);
        final RecordHandler filtering = (event) ->
        {
            if (filter.matches(event))
            {
                printed++;
                printer.onRecord(event);
            }
        };
        try (JournalTailer tailer = JournalTailer.open(context))
        {
            print(tailer, filtering, io);
        }
        finally
        {
            io.out().flush();
        }
        return ExitCode.DONE;
    }

    private void print(final JournalTailer tailer, final RecordHandler printer, final CommandIo io)
    {
        long waitNs = MIN_WAIT_NS;
        boolean isLastPass = !isFollowing;
        while (printed < count)
        {
            final int polled = tailer.poll(printer, (int)Math.min(count - printed, POLL_LIMIT));
            if (polled > 0)
            {
                waitNs = MIN_WAIT_NS;
                if (io.isOutTerminal() && io.out().checkError())
                {
                    return;
                }
                continue;
            }
            // This is also the flush; it fails when whoever read has gone.
            if (io.out().checkError() || isLastPass)
            {
                return;
            }
            isLastPass = io.stop().await(waitNs);
            waitNs = Math.min(waitNs * 2, MAX_WAIT_NS);
        }
    }
}
