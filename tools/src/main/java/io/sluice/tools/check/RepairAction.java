package io.sluice.tools.check;

import io.sluice.archive.KeyProvider;
import io.sluice.journal.JournalRepair;
import io.sluice.journal.RepairReport;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import io.sluice.tools.text.Quantity;
import java.nio.file.Path;

/** Saves what is sound in a damaged journal. */
public final class RepairAction
{
    private final Path directory;
    private final KeyProvider keys;
    private final boolean isJson;

    /**
     * @param directory data directory; no engine may use it.
     * @param keys      of encrypted archive files.
     * @param isJson    true for programs.
     */
    public RepairAction(final Path directory, final KeyProvider keys, final boolean isJson)
    {
        this.directory = directory;
        this.keys = keys;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE} if nothing was lost, otherwise {@link ExitCode#FAILED_CHECK}.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal, it is busy, or it can't be written.
     */
    public int run(final CommandIo io)
    {
        final RepairReport report = JournalRepair.quarantine(directory, keys);
        if (isJson)
        {
            report.actions().forEach(action -> io.out().println(new JsonLine().add("action", action)));
            io.out().println(new JsonLine()
                .add("repaired", report.quarantine() != null)
                .add("quarantine", report.quarantine() == null ? null : report.quarantine().toString())
                .add("files", report.files().stream().map(Path::toString).toList())
                .add("recordsSaved", report.recordsSaved())
                .add("sequencesLost", report.sequencesLost()));
        }
        else
        {
            print(io, report);
        }
        return report.sequencesLost() == 0 ? ExitCode.DONE : ExitCode.FAILED_CHECK;
    }

    private static void print(final CommandIo io, final RepairReport report)
    {
        if (report.quarantine() == null)
        {
            io.out().println("Nothing to repair.");
            return;
        }
        report.actions().forEach(action -> io.out().println("  - " + PlainText.printable(action)));
        io.out().println("saved      " + Quantity.count(report.recordsSaved()) + " events of " + report.files().size() +
            " damaged files");
        io.out().println("lost       " + Quantity.count(report.sequencesLost()) + " sequences at most");
        io.out().println("originals  " + report.quarantine());
    }
}
