package io.sluice.tools;

import io.sluice.tools.observe.StatAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link StatAction}. */
@CommandLine.Command(
    name = "stat",
    description = "Show the figures of an engine, running or ended, from outside.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class StatCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private JsonOption json;

    @CommandLine.Option(names = "--watch", description = "Show them again every second, until Ctrl-C.")
    private boolean isWatching;

    StatCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        return new StatAction(directory.directory(), isWatching, json.isWanted()).run(io);
    }
}
