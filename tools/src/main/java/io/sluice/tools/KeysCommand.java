package io.sluice.tools;

import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Groups what can be done with keys. */
@CommandLine.Command(
    name = "keys",
    description = "Make a file of keys for the archive, or change its key.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class,
    synopsisSubcommandLabel = "generate|rotate")
final class KeysCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private KeysCommand(final CommandIo io)
    {
        this.io = io;
    }

    static CommandLine create(final CommandIo io)
    {
        return new CommandLine(new KeysCommand(io))
            .addSubcommand("generate", new KeysGenerateCommand(io))
            .addSubcommand("rotate", new KeysRotateCommand(io));
    }

    @Override
    public Integer call()
    {
        spec.commandLine().usage(io.err());
        return ExitCode.WRONG_USAGE;
    }
}
