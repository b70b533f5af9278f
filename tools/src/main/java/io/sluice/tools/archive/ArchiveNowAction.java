package io.sluice.tools.archive;

import io.sluice.journal.ArchiveAction;
import io.sluice.journal.ArchiveReport;
import io.sluice.journal.JournalArchive;
import io.sluice.journal.JournalContext;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import io.sluice.tools.text.Quantity;
import java.util.Locale;

/** Compresses closed files and removes what has expired; says for each file what it did. */
public final class ArchiveNowAction
{
    private final JournalContext context;
    private final boolean isWithRetention;
    private final boolean isJson;

    /**
     * @param context         of the journal, with its archive policy; not concluded.
     * @param isWithRetention true to remove what has expired.
     * @param isJson          true for programs.
     */
    public ArchiveNowAction(final JournalContext context, final boolean isWithRetention, final boolean isJson)
    {
        this.context = context;
        this.isWithRetention = isWithRetention;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE}, or {@link ExitCode#FAILED_CHECK} if a file had to be left for what is wrong with
     *         it.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal, or another process changes the archive.
     * @throws io.sluice.archive.ArchiveKeyException    if the archive is encrypted and there is no key.
     */
    public int run(final CommandIo io)
    {
        context.archive().listener(action ->
        {
            io.out().println(isJson ? json(action).toString() : text(action));
            io.out().flush();
        });
        final ArchiveReport report = JournalArchive.archiveNow(context, isWithRetention);
        io.out().println(isJson ? summary(report).toString() : text(report));
        return report.isSound() ? ExitCode.DONE : ExitCode.FAILED_CHECK;
    }

    private static JsonLine json(final ArchiveAction action)
    {
        final JsonLine line = new JsonLine()
            .add("action", action.kind().name().toLowerCase(Locale.ROOT))
            .add("file", action.file());
        if (action.kind() == ArchiveAction.Kind.FAILED)
        {
            return line.add("reason", action.text());
        }
        line.add("first", action.first())
            .add("last", action.last())
            .add("events", action.events())
            .add("bytes", action.bytes())
            .add("storedBytes", action.storedBytes());
        return action.kind() == ArchiveAction.Kind.HELD ? line.add("readers", action.readers()) : line;
    }

    private static JsonLine summary(final ArchiveReport report)
    {
        final JsonLine line = new JsonLine();
        for (final ArchiveAction.Kind kind : ArchiveAction.Kind.values())
        {
            line.add(kind.name().toLowerCase(Locale.ROOT), report.count(kind));
        }
        return line.add("expired", expired(report));
    }

    private static String text(final ArchiveAction action)
    {
        final String range = action.first() + " to " + action.last();
        final String events = Quantity.count(action.events()) + " events";
        switch (action.kind())
        {
            case ARCHIVED:
                return "archived  " + action.file() + "  " + range + ", " + events + ", " +
                    Quantity.bytes(action.bytes()) + " -> " + Quantity.bytes(action.storedBytes());

            case REMOVED:
                return "removed   " + action.file() + "  " + range + ", " + events + " expired";

            case PRUNED:
                return "pruned    " + action.file() + "  " + range + ", " + events + " expired, the others are kept";

            case HELD:
                return "held      " + action.file() + "  " + range + ", " + events + " expired, but not read by " +
                    PlainText.printable(String.join(", ", action.readers()));

            default:
                return "FAILED    " + action.file() + "  " + PlainText.printable(action.text());
        }
    }

    private String text(final ArchiveReport report)
    {
        final int held = report.count(ArchiveAction.Kind.HELD);
        return report.count(ArchiveAction.Kind.ARCHIVED) + " files archived" +
            (isWithRetention ?
                ", " + Quantity.count(expired(report)) + " events removed, " + held + " files held back" : "") +
            (report.isSound() ? "" : ", " + report.count(ArchiveAction.Kind.FAILED) + " FAILED");
    }

    private static long expired(final ArchiveReport report)
    {
        return report.events(ArchiveAction.Kind.REMOVED) + report.events(ArchiveAction.Kind.PRUNED);
    }
}
