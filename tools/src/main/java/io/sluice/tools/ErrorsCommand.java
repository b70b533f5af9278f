package io.sluice.tools;

import io.sluice.tools.observe.ErrorsAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link ErrorsAction}. */
@CommandLine.Command(
    name = "errors",
    description = "Show the distinct errors of an engine's last run.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class ErrorsCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private JsonOption json;

    ErrorsCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        return new ErrorsAction(directory.directory(), json.isWanted()).run(io);
    }
}
