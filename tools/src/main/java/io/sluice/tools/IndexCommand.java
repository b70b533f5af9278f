package io.sluice.tools;

import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Groups what can be done with the index of a journal. */
@CommandLine.Command(
    name = "index",
    description = "Say what there is of the index that queries use, or make it. An engine that runs makes its own.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class,
    synopsisSubcommandLabel = "show|make")
final class IndexCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private IndexCommand(final CommandIo io)
    {
        this.io = io;
    }

    static CommandLine create(final CommandIo io)
    {
        return new CommandLine(new IndexCommand(io))
            .addSubcommand("show", new IndexShowCommand(io))
            .addSubcommand("make", new IndexMakeCommand(io));
    }

    @Override
    public Integer call()
    {
        spec.commandLine().usage(io.err());
        return ExitCode.WRONG_USAGE;
    }
}
