package io.sluice.tools.index;

import io.sluice.index.IndexContext;
import io.sluice.index.IndexReport;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import io.sluice.tools.text.Quantity;
import java.util.Locale;

/** Checks the files of an index and says how far they reach. */
public final class IndexShowAction
{
    private final IndexContext context;
    private final boolean isJson;

    /**
     * @param context of the index.
     * @param isJson  true for programs.
     */
    public IndexShowAction(final IndexContext context, final boolean isJson)
    {
        this.context = context;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE}, or {@link ExitCode#FAILED_CHECK} if a file is damaged.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal.
     */
    public int run(final CommandIo io)
    {
        final IndexReport report = IndexReport.read(context);
        final long behind = Math.max(0, report.lastSequence() + 1 - Math.max(1, report.endSequence()));
        if (isJson)
        {
            io.out().println(new JsonLine()
                .add("indexed", report.indexed())
                .add("lastSequence", report.lastSequence())
                .add("behind", behind)
                .add("segments", report.segments())
                .add("bytes", report.bytes())
                .add("damaged", report.damaged().size()));
        }
        else
        {
            io.out().println(
                Quantity.count(report.indexed()) + " events indexed, " + Quantity.count(behind) +
                " behind the end of the journal at sequence " + Quantity.count(report.lastSequence()));
            io.out().println(String.format(
                Locale.ROOT, "%,d complete segments, %s", report.segments(), Quantity.bytes(report.bytes())));
        }
        report.damaged().forEach((file) -> io.err().println(
            "sluice: " + PlainText.printable(file.toString()) +
            " is damaged or of another journal; queries read the journal there; 'sluice index make' makes it again"));
        return report.damaged().isEmpty() ? ExitCode.DONE : ExitCode.FAILED_CHECK;
    }
}
