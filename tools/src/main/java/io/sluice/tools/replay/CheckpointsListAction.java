package io.sluice.tools.replay;

import io.sluice.journal.JournalTailer;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;
import io.sluice.replay.ReplayCheckpoint;
import io.sluice.replay.ReplayCheckpoints;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.JsonLine;
import io.sluice.tools.text.PlainText;
import io.sluice.tools.text.Table;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** Lists the places of named replays, and how many sequences lie between each and the end of the journal. */
public final class CheckpointsListAction
{
    private final Path directory;
    private final boolean isJson;

    /**
     * @param directory data directory.
     * @param isJson    true for programs.
     */
    public CheckpointsListAction(final Path directory, final boolean isJson)
    {
        this.directory = directory;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE}, or {@link ExitCode#FAILED_CHECK} if one is damaged.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal.
     */
    public int run(final CommandIo io)
    {
        final long last = lastSequence();
        final List<ReplayCheckpoint> checkpoints = ReplayCheckpoints.list(directory);
        if (isJson)
        {
            checkpoints.forEach((checkpoint) -> io.out().println(json(checkpoint, last)));
        }
        else
        {
            final Table table = new Table("checkpoint", "sequence", "behind", "");
            for (final ReplayCheckpoint checkpoint : checkpoints)
            {
                table.row(
                    checkpoint.name(),
                    String.format(Locale.ROOT, "%,d", checkpoint.sequence()),
                    String.format(Locale.ROOT, "%,d", last - checkpoint.sequence()),
                    PlainText.printable(checkpoint.damage()));
            }
            table.lines(io.isOutTerminal() && io.isColoured()).forEach(io.out()::println);
        }
        return checkpoints.stream().allMatch((checkpoint) -> checkpoint.damage().isEmpty()) ?
            ExitCode.DONE : ExitCode.FAILED_CHECK;
    }

    private long lastSequence()
    {
        try (JournalTailer tailer = JournalTailer.open(
            new TailerContext().directory(directory).from(StartPosition.end())))
        {
            return tailer.nextSequence() - 1;
        }
    }

    private static JsonLine json(final ReplayCheckpoint checkpoint, final long last)
    {
        final JsonLine line = new JsonLine().add("name", checkpoint.name());
        return checkpoint.damage().isEmpty() ?
            line.add("sequence", checkpoint.sequence()).add("behind", last - checkpoint.sequence()) :
            line.add("damage", checkpoint.damage());
    }
}
