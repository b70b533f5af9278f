package io.sluice.tools.check;

import io.sluice.archive.KeyProvider;
import io.sluice.journal.JournalVerifier;
import io.sluice.journal.VerifyReport;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.Colour;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import io.sluice.tools.text.Quantity;
import java.nio.file.Path;

/** Checks a whole journal and says what is wrong and where. Changes nothing. */
public final class VerifyAction
{
    private final Path directory;
    private final KeyProvider keys;
    private final boolean isJson;

    /**
     * @param directory data directory.
     * @param keys      of encrypted archive files.
     * @param isJson    true for programs.
     */
    public VerifyAction(final Path directory, final KeyProvider keys, final boolean isJson)
    {
        this.directory = directory;
        this.keys = keys;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE} if the journal is sound, otherwise {@link ExitCode#FAILED_CHECK}.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal.
     * @throws io.sluice.archive.ArchiveKeyException    if a key is missing or wrong.
     */
    public int run(final CommandIo io)
    {
        final VerifyReport report = JournalVerifier.verify(directory, keys);
        if (isJson)
        {
            report.findings().forEach(finding -> io.out().println(new JsonLine().add("finding", finding)));
            io.out().println(summary(report));
        }
        else
        {
            print(io, report);
        }
        return report.isSound() ? ExitCode.DONE : ExitCode.FAILED_CHECK;
    }

    static JsonLine summary(final VerifyReport report)
    {
        return new JsonLine()
            .add("events", report.events())
            .add("firstSequence", report.firstSequence())
            .add("lastSequence", report.lastSequence())
            .add("gaps", report.gaps())
            .add("expired", report.expired())
            .add("corrupt", report.corrupt())
            .add("torn", report.torn())
            .add("files", report.files())
            .add("bytes", report.bytes());
    }

    private void print(final CommandIo io, final VerifyReport report)
    {
        final boolean isColoured = io.isOutTerminal() && io.isColoured();
        final String verdict = report.isSound() ? "sound" : "DAMAGED";
        io.out().println("journal    " + directory.toAbsolutePath().normalize());
        io.out().println("verdict    " +
            (isColoured ? (report.isSound() ? Colour.GREEN : Colour.RED).paint(verdict) : verdict));
        io.out().println("events     " + Quantity.count(report.events()) + (report.events() == 0 ? "" :
            ", sequence " + report.firstSequence() + " to " + report.lastSequence()));
        io.out().println("files      " + report.files() + ", " + Quantity.bytes(report.bytes()));
        io.out().println("gaps       " + report.gaps());
        io.out().println("expired    " + report.expired() + (report.expired() == 0 ? "" : " (removed by retention)"));
        io.out().println("corrupt    " + report.corrupt());
        io.out().println("torn       " + report.torn() + (report.torn() == 0 ? "" : " (never acknowledged)"));
        report.findings().forEach(finding -> io.out().println("  - " + PlainText.printable(finding)));
        if (!report.isSound())
        {
            io.out().println("Try 'sluice repair --quarantine --dir " + directory + "': it saves what is sound.");
        }
    }
}
