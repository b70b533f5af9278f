package io.sluice.tools;

import io.sluice.tools.archive.KeysRotateAction;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link KeysRotateAction}. */
@CommandLine.Command(
    name = "rotate",
    description = {
        "Add a random key, which becomes the current one, and wrap the keys of all archive files with it.",
        "Events are not written again. The old keys stay in the file, for backups that still need them."},
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class KeysRotateCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Option(names = "--key-file", paramLabel = "FILE", required = true, description = "File to change.")
    private Path file;

    @CommandLine.Option(
        names = "--wrap-only",
        description = "Add no key; wrap with the current one what an earlier rotation could not finish.")
    private boolean isWrapOnly;

    @CommandLine.Mixin
    private JsonOption json;

    KeysRotateCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        return new KeysRotateAction(directory.directory(), file, isWrapOnly, json.isWanted()).run(io);
    }
}
