package io.sluice.tools.exchange;

import io.sluice.handlers.exchange.ExchangeException;
import io.sluice.handlers.exchange.ExportContext;
import io.sluice.handlers.exchange.ExportResult;
import io.sluice.handlers.exchange.JournalExport;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.tail.ExpiredNotice;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.Quantity;
import java.util.Locale;
import org.agrona.concurrent.SystemNanoClock;

/** Exports, shows how far it is, and says at the end what it did. */
public final class ExportAction
{
    private final ExportContext context;
    private final boolean isJson;

    /**
     * @param context of the export; without a file it goes to the standard output.
     * @param isJson  true for a summary that programs read.
     */
    public ExportAction(final ExportContext context, final boolean isJson)
    {
        this.context = context;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE}, also where whoever read the standard output went away.
     * @throws io.sluice.handlers.exchange.ExchangeRefusedException if it can't be done like this.
     * @throws ExchangeException                                     if it could not be finished.
     * @throws io.sluice.journal.DataDirectoryException              if there is no journal.
     * @throws io.sluice.event.EventException                        if the journal is damaged.
     */
    public int run(final CommandIo io)
    {
        final ProgressBar bar = new ProgressBar(io, SystemNanoClock.INSTANCE);
        final long startNs = System.nanoTime();
        context.progress(bar)
            .stop(io.stop()::isRequested)
            .expiredRangeListener(new ExpiredNotice(io.err())::onExpiredRange)
            .lostRangeListener((first, last) -> io.err().println(
                "sluice: sequences " + first + " to " + last + " were written off by a repair"));
        if (context.file() == null)
        {
            context.stream(new ResultStream(io.out()));
        }
        final ExportResult result;
        try
        {
            result = JournalExport.run(context);
        }
        catch (final ExchangeException ex)
        {
            if (ex.getCause() instanceof ClosedPipeException)
            {
                return ExitCode.DONE;
            }
            throw ex;
        }
        finally
        {
            bar.erase();
        }
        tell(io, result, (System.nanoTime() - startNs) / 1e9);
        return ExitCode.DONE;
    }

    private void tell(final CommandIo io, final ExportResult result, final double seconds)
    {
        if (isJson)
        {
            io.out().println(new JsonLine()
                .add("file", context.file().toString())
                .add("format", context.format().name())
                .add("events", result.events())
                .add("duplicates", result.duplicates())
                .add("firstSequence", result.firstSequence())
                .add("lastSequence", result.lastSequence())
                .add("bytes", result.bytes())
                .add("elapsedMs", Math.round(seconds * 1000)));
            return;
        }
        io.err().println(
            Quantity.count(result.events()) + (result.events() == 1 ? " event" : " events") + " exported" +
            (context.file() == null ? "" : " to " + context.file()) + ", " + Quantity.bytes(result.bytes()) +
            String.format(Locale.ROOT, " in %.2f s", seconds) +
            (result.duplicates() == 0 ? "" :
                "; " + Quantity.count(result.duplicates()) + " duplicates left out (--duplicates writes them)"));
    }
}
