package io.sluice.tools;

import io.sluice.tools.replay.CheckpointsListAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link CheckpointsListAction}. */
@CommandLine.Command(
    name = "list",
    description = "List the checkpoints and how far each is. Exit code 1 if one is damaged.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class CheckpointsListCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private JsonOption json;

    CheckpointsListCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        return new CheckpointsListAction(directory.directory(), json.isWanted()).run(io);
    }
}
