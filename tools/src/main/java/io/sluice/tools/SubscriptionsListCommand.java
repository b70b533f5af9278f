package io.sluice.tools;

import io.sluice.tools.delivery.SubscriptionsListAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link SubscriptionsListAction}. */
@CommandLine.Command(
    name = "list",
    description = "List subscriptions with what they delivered, their state, and how far they are behind.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class SubscriptionsListCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private TimeoutOption timeout;

    @CommandLine.Mixin
    private JsonOption json;

    SubscriptionsListCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        return new SubscriptionsListAction(directory.directory(), timeout.timeoutNs(), json.isWanted()).run(io);
    }
}
