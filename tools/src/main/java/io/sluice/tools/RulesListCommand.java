package io.sluice.tools;

import io.sluice.tools.delivery.RulesListAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link RulesListAction}. */
@CommandLine.Command(
    name = "list",
    description = "List the rules in the order in which they are asked, with what they have done.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class RulesListCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private TimeoutOption timeout;

    @CommandLine.Mixin
    private JsonOption json;

    RulesListCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        return new RulesListAction(directory.directory(), timeout.timeoutNs(), json.isWanted()).run(io);
    }
}
