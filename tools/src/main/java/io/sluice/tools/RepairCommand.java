package io.sluice.tools;

import io.sluice.tools.check.RepairAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link RepairAction}. */
@CommandLine.Command(
    name = "repair",
    description = "Save what is sound in a damaged journal and put the damaged files aside. Deletes nothing.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class RepairCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private KeyFileOption keyFile;

    @CommandLine.Mixin
    private JsonOption json;

    @CommandLine.Option(
        names = "--quarantine",
        description = "Required: agree that damaged files are moved to DIR/quarantine " +
            "and that what they lost is written off.")
    private boolean isAgreed;

    RepairCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        if (!isAgreed)
        {
            throw new UsageException(
                "repair changes the journal: say --quarantine to agree; 'sluice verify' shows what is damaged");
        }
        return new RepairAction(directory.directory(), keyFile.keys(), json.isWanted()).run(io);
    }
}
