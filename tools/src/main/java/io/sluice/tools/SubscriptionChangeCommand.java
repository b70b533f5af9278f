package io.sluice.tools;

import io.sluice.engine.OfflineDelivery;
import io.sluice.engine.control.ControlJson;
import io.sluice.tools.delivery.ChangeAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of the commands that change a subscription. */
@CommandLine.Command(mixinStandardHelpOptions = true, versionProvider = SluiceVersion.class)
final class SubscriptionChangeCommand implements Callable<Integer>
{
    private final CommandIo io;
    private final String done;
    private final Change offline;

    /** What the command does where no engine runs. */
    @FunctionalInterface
    interface Change
    {
        /** False if there is no durable subscription of that name. */
        boolean apply(OfflineDelivery files, String name);
    }

    @CommandLine.Spec
    private CommandLine.Model.CommandSpec spec;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private TimeoutOption timeout;

    @CommandLine.Mixin
    private JsonOption json;

    @CommandLine.Parameters(paramLabel = "NAME", description = "Name of the subscription, as 'list' prints it.")
    private String name;

    /**
     * @param io      streams.
     * @param done    what then has happened to the subscription.
     * @param offline what to do where no engine runs; null for nothing.
     */
    SubscriptionChangeCommand(final CommandIo io, final String done, final Change offline)
    {
        this.io = io;
        this.done = done;
        this.offline = offline;
    }

    @Override
    public Integer call()
    {
        final ChangeAction action = new ChangeAction(directory.directory(), timeout.timeoutNs(), json.isWanted());
        final String command = "subscriptions." + spec.name();
        final ControlJson arguments = new ControlJson().add("name", name);
        final String text = "subscription '" + name + "' " + done;
        return offline == null ? action.run(io, command, arguments, text) : action.run(
            io,
            command,
            arguments,
            text,
            (files, outcome) ->
            {
                outcome.add("name", name);
                return offline.apply(files, name);
            },
            SubscriptionsCommand.missing(name));
    }
}
