package io.sluice.tools;

import io.sluice.tools.archive.ArchiveListAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link ArchiveListAction}. */
@CommandLine.Command(
    name = "list",
    description = "List the files of the archive. Needs no key. Exit code 1 if one is damaged.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class ArchiveListCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private JsonOption json;

    ArchiveListCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        return new ArchiveListAction(directory.directory(), json.isWanted()).run(io);
    }
}
