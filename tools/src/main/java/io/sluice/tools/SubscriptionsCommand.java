package io.sluice.tools;

import io.sluice.engine.OfflineDelivery;
import io.sluice.journal.StartPosition;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Groups what can be done with subscriptions. */
@CommandLine.Command(
    name = "subscriptions",
    description = "Look at the subscriptions of an engine that runs in another process, and pause, resume, promote, " +
        "move or remove them; where none runs, at those that are durable.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class,
    synopsisSubcommandLabel = "list|pause|resume|promote|seek|reset|remove",
    footer = {
        "",
        "Where no engine runs, 'list' reads the files, and pause, resume, seek, reset",
        "and remove change them; no engine can start meanwhile.",
        "",
        "Exit codes: 0 done; 1 refused, not there, or the engine did not answer in time;",
        "3 the data directory can't be used, or the control channel of its engine can't",
        "be trusted."})
final class SubscriptionsCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    private SubscriptionsCommand(final CommandIo io)
    {
        this.io = io;
    }

    static CommandLine create(final CommandIo io)
    {
        return new CommandLine(new SubscriptionsCommand(io))
            .addSubcommand("list", new SubscriptionsListCommand(io))
            .addSubcommand("pause", change(
                io,
                "paused",
                "Hand a subscription no more events; it goes on after the last one when it is resumed.",
                (files, name) -> files.paused(name, true)))
            .addSubcommand("resume", change(
                io,
                "resumed",
                "Let a subscription go on after its last event.",
                (files, name) -> files.paused(name, false)))
            .addSubcommand("promote", change(
                io, "promoted", "Serve a subscription from the rings again that was too slow for them.", null))
            .addSubcommand("seek", new SubscriptionsSeekCommand(io))
            .addSubcommand("reset", change(
                io,
                "begins anew",
                "Have a durable subscription begin anew, with the first event of the journal: as 'seek --to start'.",
                (files, name) -> files.seek(name, StartPosition.start()) > 0))
            .addSubcommand("remove", change(
                io,
                "removed",
                "Forget a durable subscription that nobody handles, and its position.",
                OfflineDelivery::remove));
    }

    static String missing(final String name)
    {
        return "no durable subscription '" + name + "': see 'sluice subscriptions list'";
    }

    private static CommandLine change(
        final CommandIo io,
        final String done,
        final String description,
        final SubscriptionChangeCommand.Change offline)
    {
        final CommandLine command = new CommandLine(new SubscriptionChangeCommand(io, done, offline));
        command.getCommandSpec().usageMessage().description(description);
        return command;
    }

    @Override
    public Integer call()
    {
        spec.commandLine().usage(io.err());
        return ExitCode.WRONG_USAGE;
    }
}
