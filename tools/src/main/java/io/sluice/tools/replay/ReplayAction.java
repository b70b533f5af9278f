package io.sluice.tools.replay;

import io.sluice.replay.JournalReplay;
import io.sluice.replay.ReplayContext;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.tail.EventPrinter;
import io.sluice.tools.tail.ExpiredNotice;
import io.sluice.tools.tail.OutputFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Prints events when they are due, and below them, on the error stream, how many, how long, and their digest. A place
 * in a checkpoint is saved when what is before it was written out: if the process is killed, nothing is left out, and
 * at most the {@value #POLL_LIMIT} events of one poll are printed again, with sequences that are not greater.
 */
public final class ReplayAction
{
    private static final int POLL_LIMIT = 256;
    private static final long MAX_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final ReplayContext context;
    private final OutputFormat format;
    private final boolean isStepping;

    /**
     * @param context    of the replay.
     * @param format     of a line.
     * @param isStepping true to print the next event for each line that is read from standard input.
     */
    public ReplayAction(final ReplayContext context, final OutputFormat format, final boolean isStepping)
    {
        this.context = context;
        this.format = format;
        this.isStepping = isStepping;
    }

    /**
     * Replay to the end, or until asked to stop.
     *
     * @param io streams; {@code out} gets the events.
     * @return {@link ExitCode#DONE}.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal.
     * @throws io.sluice.event.EventException          if the journal is damaged.
     */
    public int run(final CommandIo io)
    {
        context.saveOnRequest(true);
        context.expiredRangeListener(new ExpiredNotice(io.err())::onExpiredRange);
        context.lostRangeListener((first, last) -> io.err().println(
            "sluice: sequences " + first + " to " + last + " were written off by a repair"));
        final long startNs = System.nanoTime();
        try (JournalReplay replay = JournalReplay.open(context))
        {
            final EventPrinter printer = new EventPrinter(format, io);
            if (isStepping)
            {
                step(replay, printer, io);
            }
            else
            {
                print(replay, printer, io);
            }
            io.out().flush();
            io.err().printf(
                Locale.ROOT,
                "%,d %s replayed in %.2f s, digest %016x%s%n",
                replay.handedOut(),
                replay.handedOut() == 1 ? "event" : "events",
                (System.nanoTime() - startNs) / 1e9,
                replay.digest(),
                replay.isEnded() ? "" : "; stopped before sequence " + replay.nextSequence());
        }
        finally
        {
            io.out().flush();
        }
        return ExitCode.DONE;
    }

    private void print(final JournalReplay replay, final EventPrinter printer, final CommandIo io)
    {
        boolean isStopped = false;
        while (!replay.isEnded() && !isStopped)
        {
            final int printed = replay.poll(printer, POLL_LIMIT);
            isStopped = !isWrittenOut(replay, io) ||
                io.stop().await(printed > 0 ? 0 : Math.max(0, Math.min(replay.untilDueNs(), MAX_WAIT_NS)));
        }
    }

    private void step(final JournalReplay replay, final EventPrinter printer, final CommandIo io)
    {
        replay.pause();
        boolean isStopped = false;
        while (!replay.isEnded() && !isStopped && readLine(io))
        {
            replay.step(1);
            int printed = 0;
            while (printed == 0 && !replay.isEnded() && !isStopped)
            {
                printed = replay.poll(printer, 1);
                isStopped = !isWrittenOut(replay, io) || io.stop().await(0);
            }
        }
    }

    /** @return false if whoever read has gone, or the disk is full; then the place stays before what was lost. */
    private boolean isWrittenOut(final JournalReplay replay, final CommandIo io)
    {
        // This is also the flush.
        if (io.out().checkError())
        {
            return false;
        }
        if (context.checkpoint() != null)
        {
            replay.savePlace();
        }
        return true;
    }

    private static boolean readLine(final CommandIo io)
    {
        try
        {
            int character = io.in().read();
            while (character >= 0 && character != '\n')
            {
                character = io.in().read();
            }
            return character >= 0;
        }
        catch (final IOException ex)
        {
            throw new UncheckedIOException("standard input can't be read: " + ex.getMessage(), ex);
        }
    }
}
