package io.sluice.tools;

import io.sluice.tools.check.VerifyAction;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link VerifyAction}. */
@CommandLine.Command(
    name = "verify",
    description = "Check every record of a journal; changes nothing. Exit code 1 if something is missing or damaged.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class VerifyCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private KeyFileOption keyFile;

    @CommandLine.Mixin
    private JsonOption json;

    VerifyCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        return new VerifyAction(directory.directory(), keyFile.keys(), json.isWanted()).run(io);
    }
}
