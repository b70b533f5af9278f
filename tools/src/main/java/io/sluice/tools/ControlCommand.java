package io.sluice.tools;

import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Groups what can be asked of an engine that runs in another process. */
@CommandLine.Command(
    name = "control",
    description = "Ask an engine that runs in another process of the same user.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class,
    synopsisSubcommandLabel = "ping|commands",
    footer = {
        "",
        "Exit codes: 0 it answered; 1 it refused, or did not answer in time; 3 no engine",
        "runs there, or its control channel can't be trusted."})
final class ControlCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private ControlCommand(final CommandIo io)
    {
        this.io = io;
    }

    static CommandLine create(final CommandIo io)
    {
        return new CommandLine(new ControlCommand(io))
            .addSubcommand("ping", new ControlPingCommand(io))
            .addSubcommand("commands", new ControlCommandsCommand(io));
    }

    @Override
    public Integer call()
    {
        spec.commandLine().usage(io.err());
        return ExitCode.WRONG_USAGE;
    }
}
