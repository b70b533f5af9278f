package io.sluice.tools;

import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Groups what can be done with the places of named replays. */
@CommandLine.Command(
    name = "checkpoints",
    description = "List the places of named replays, or forget one.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class,
    synopsisSubcommandLabel = "list|remove")
final class CheckpointsCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private CheckpointsCommand(final CommandIo io)
    {
        this.io = io;
    }

    static CommandLine create(final CommandIo io)
    {
        return new CommandLine(new CheckpointsCommand(io))
            .addSubcommand("list", new CheckpointsListCommand(io))
            .addSubcommand("remove", new CheckpointsRemoveCommand(io));
    }

    @Override
    public Integer call()
    {
        spec.commandLine().usage(io.err());
        return ExitCode.WRONG_USAGE;
    }
}
