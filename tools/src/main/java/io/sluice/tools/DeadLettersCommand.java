package io.sluice.tools;

import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Groups what can be done with dead letters. */
@CommandLine.Command(
    name = "dead-letters",
    description = {
        "Look at the events that could not be handled, and at what has become of them; have the engine that runs try " +
            "them again, repaired or not, or give them up. Where none runs they can be repaired and given up, too.",
        "They lie in dead-letters below the data directory, a data directory of its own: tail, query, verify and " +
            "export work on it, too."},
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class,
    synopsisSubcommandLabel = "list|show|retry|fix|drop")
final class DeadLettersCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private DeadLettersCommand(final CommandIo io)
    {
        this.io = io;
    }

    static CommandLine create(final CommandIo io)
    {
        return new CommandLine(new DeadLettersCommand(io))
            .addSubcommand("list", new DeadLettersListCommand(io))
            .addSubcommand("show", new DeadLettersShowCommand(io))
            .addSubcommand("retry", new DeadLettersRetryCommand(io))
            .addSubcommand("fix", new DeadLetterFixCommand(io))
            .addSubcommand("drop", new DeadLetterChangeCommand.Drop(io));
    }

    @Override
    public Integer call()
    {
        spec.commandLine().usage(io.err());
        return ExitCode.WRONG_USAGE;
    }
}
