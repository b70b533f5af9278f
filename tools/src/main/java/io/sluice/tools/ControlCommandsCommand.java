package io.sluice.tools;

import io.sluice.tools.control.CommandsAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link CommandsAction}. */
@CommandLine.Command(
    name = "commands",
    description = "List what the engine can be asked for.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class ControlCommandsCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private TimeoutOption timeout;

    @CommandLine.Mixin
    private JsonOption json;

    ControlCommandsCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        return new CommandsAction(directory.directory(), timeout.timeoutNs(), json.isWanted()).run(io);
    }
}
