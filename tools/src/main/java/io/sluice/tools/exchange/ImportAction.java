package io.sluice.tools.exchange;

import io.sluice.handlers.exchange.ImportContext;
import io.sluice.handlers.exchange.ImportResult;
import io.sluice.handlers.exchange.JournalImport;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import io.sluice.tools.text.Quantity;
import java.util.Locale;
import org.agrona.concurrent.SystemNanoClock;

/** Imports, shows how far it is, tells the first bad records, and says at the end what it did. */
public final class ImportAction
{
    private static final int MAX_PRINTED = 10;

    private final ImportContext context;
    private final boolean isJson;
    private long printed;

    /**
     * @param context of the import.
     * @param isJson  true for a summary that programs read.
     */
    public ImportAction(final ImportContext context, final boolean isJson)
    {
        this.context = context;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE}, or {@link ExitCode#FAILED_CHECK} if records were bad.
     * @throws io.sluice.handlers.exchange.ExchangeRefusedException if it can't be done like this.
     * @throws io.sluice.handlers.exchange.ExchangeException        if it could not be finished.
     * @throws io.sluice.journal.DataDirectoryException             if the directory can't be used.
     * @throws io.sluice.event.EventException                       if the journal is damaged.
     */
    public int run(final CommandIo io)
    {
        final ProgressBar bar = new ProgressBar(io, SystemNanoClock.INSTANCE);
        final long startNs = System.nanoTime();
        context.progress(bar).stop(io.stop()::isRequested).malformedInputListener((source, line, reason) ->
        {
            if (printed++ < MAX_PRINTED)
            {
                bar.erase();
                io.err().println("sluice: " + PlainText.printable(source) + ":" + line + ": " +
                    PlainText.printable(reason));
            }
        });
        final ImportResult result;
        try
        {
            result = JournalImport.run(context);
        }
        finally
        {
            bar.erase();
            tellOthers(io);
        }
        tell(io, result, (System.nanoTime() - startNs) / 1e9);
        return result.bad() == 0 ? ExitCode.DONE : ExitCode.FAILED_CHECK;
    }

    private void tellOthers(final CommandIo io)
    {
        if (printed > MAX_PRINTED)
        {
            io.err().println("sluice: and " + Quantity.count(printed - MAX_PRINTED) + " more bad records" +
                (context.rejects() == null ? "; --rejects FILE keeps them all" : ", all in " + context.rejects()));
        }
    }

    private void tell(final CommandIo io, final ImportResult result, final double seconds)
    {
        if (isJson)
        {
            io.out().println(new JsonLine()
                .add("file", context.file() == null ? "-" : context.file().toString())
                .add("format", context.format().name())
                .add("records", result.records())
                .add("imported", result.imported())
                .add("known", result.known())
                .add("duplicates", result.duplicates())
                .add("kept", result.kept())
                .add("filtered", result.filtered())
                .add("bad", result.bad())
                .add("dryRun", context.dryRun())
                .add("elapsedMs", Math.round(seconds * 1000)));
            return;
        }
        io.err().println(
            Quantity.count(result.imported()) + (result.imported() == 1 ? " event " : " events ") +
            (context.dryRun() ? "to import" : "imported") + " of " + Quantity.count(result.records()) +
            (result.records() == 1 ? " record" : " records") + String.format(Locale.ROOT, " in %.2f s", seconds) +
            part(result.known(), "known already") +
            part(result.duplicates(), "duplicates left out (--keep-duplicates takes them)") +
            part(result.kept(), "of them as duplicates") +
            part(result.filtered(), "not picked") +
            part(result.bad(), "bad"));
    }

    private static String part(final long count, final String text)
    {
        return count == 0 ? "" : ", " + Quantity.count(count) + " " + text;
    }
}
