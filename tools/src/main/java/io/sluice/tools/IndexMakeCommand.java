package io.sluice.tools;

import io.sluice.index.IndexContext;
import io.sluice.tools.index.IndexMakeAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link IndexMakeAction}. */
@CommandLine.Command(
    name = "make",
    description = "Index what is journaled and not indexed, and replace what is damaged. Only one process at a time " +
        "may index a journal, and a running engine does.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class IndexMakeCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private KeyFileOption keyFile;

    @CommandLine.Option(names = {"-f", "--follow"}, description = "Go on until stopped.")
    private boolean isFollowing;

    @CommandLine.Mixin
    private JsonOption json;

    IndexMakeCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        return new IndexMakeAction(
            new IndexContext().directory(directory.directory()).keys(keyFile.keys()), isFollowing, json.isWanted())
            .run(io);
    }
}
