package io.sluice.tools;

import io.sluice.tools.control.PingAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link PingAction}. */
@CommandLine.Command(
    name = "ping",
    description = "See whether the engine answers: its state, process, run, and how long it has been up.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class ControlPingCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private TimeoutOption timeout;

    @CommandLine.Mixin
    private JsonOption json;

    ControlPingCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        return new PingAction(directory.directory(), timeout.timeoutNs(), json.isWanted()).run(io);
    }
}
