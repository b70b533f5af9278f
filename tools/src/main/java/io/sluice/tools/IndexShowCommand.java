package io.sluice.tools;

import io.sluice.index.IndexContext;
import io.sluice.tools.index.IndexShowAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link IndexShowAction}. */
@CommandLine.Command(
    name = "show",
    description = "Check the files of the index and say how far they reach; read-only. Exit code 1 if one is damaged.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class IndexShowCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private KeyFileOption keyFile;

    @CommandLine.Mixin
    private JsonOption json;

    IndexShowCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        return new IndexShowAction(
            new IndexContext().directory(directory.directory()).keys(keyFile.keys()), json.isWanted()).run(io);
    }
}
