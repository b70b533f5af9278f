package io.sluice.tools;

import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Groups what can be done with the archive. */
@CommandLine.Command(
    name = "archive",
    description = "List the archive of a journal, or work on its closed files now.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class,
    synopsisSubcommandLabel = "list|now")
final class ArchiveCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private ArchiveCommand(final CommandIo io)
    {
        this.io = io;
    }

    static CommandLine create(final CommandIo io)
    {
        return new CommandLine(new ArchiveCommand(io))
            .addSubcommand("list", new ArchiveListCommand(io))
            .addSubcommand("now", new ArchiveNowCommand(io));
    }

    @Override
    public Integer call()
    {
        spec.commandLine().usage(io.err());
        return ExitCode.WRONG_USAGE;
    }
}
