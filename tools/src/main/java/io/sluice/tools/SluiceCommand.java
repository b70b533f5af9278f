package io.sluice.tools;

import java.util.concurrent.Callable;
import picocli.CommandLine;

/** The command without a subcommand: says what there is. */
@CommandLine.Command(
    name = "sluice",
    description = "A priority event engine with a durable journal.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
        "",
        "Exit codes: 0 done; 1 done, but something was lost, damaged, refused or",
        "malformed; 2 wrong usage; 3 the data directory can't be used.",
        "",
        "Start with:  sluice run git:.   then   sluice tail"})
final class SluiceCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    SluiceCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        spec.commandLine().usage(io.err());
        return ExitCode.WRONG_USAGE;
    }
}
