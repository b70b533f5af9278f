package io.sluice.tools;

import io.sluice.replay.ReplayCheckpoints;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Forgets a checkpoint. */
@CommandLine.Command(
    name = "remove",
    description = "Forget a checkpoint: a replay of that name starts anew. Exit code 1 if there is none.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class CheckpointsRemoveCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Parameters(paramLabel = "NAME", description = "Name of the checkpoint.")
    private String name;

    CheckpointsRemoveCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        final boolean isRemoved =
            OptionValue.read("NAME", name, (text) -> ReplayCheckpoints.remove(directory.directory(), text));
        if (!isRemoved)
        {
            io.err().println("sluice: there is no checkpoint " + name);
        }
        return isRemoved ? ExitCode.DONE : ExitCode.FAILED_CHECK;
    }
}
