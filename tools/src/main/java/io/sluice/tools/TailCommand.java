package io.sluice.tools;

import io.sluice.tools.tail.StartText;
import io.sluice.tools.tail.TailAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link TailAction}. */
@CommandLine.Command(
    name = "tail",
    description = "Print the events of a journal, from this or another process's engine; read-only.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class TailCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private KeyFileOption keyFile;

    @CommandLine.Option(
        names = {"-f", "--follow"},
        description = "Wait for new events at the end, and for the journal where there is none yet.")
    private boolean isFollowing;

    @CommandLine.Option(
        names = "--from",
        paramLabel = "SEQ|TIME|start|end",
        defaultValue = "start",
        description = "Where to start: a sequence, a time of recording such as 2026-01-31T12:00:00 " +
            "(UTC where no zone stands), start or end (default: ${DEFAULT-VALUE}).")
    private String from;

    @CommandLine.Mixin
    private FilterOption where;

    @CommandLine.Option(
        names = {"-n", "--count"},
        paramLabel = "N",
        description = "End after so many events, of those that --where picks.")
    private Long count;

    @CommandLine.Mixin
    private FormatOption format;

    TailCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        if (count != null && count < 1)
        {
            throw new UsageException("--count " + count + " is out of range: use 1 or more");
        }
        return new TailAction(
            directory.directory(),
            keyFile.keys(),
            StartText.parse(from),
            where.filter(),
            isFollowing,
            count == null ? Long.MAX_VALUE : count,
            format.format()).run(io);
    }
}
