package io.sluice.tools;

import io.sluice.tools.archive.KeysGenerateAction;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine;

/** Options of {@link KeysGenerateAction}. */
@CommandLine.Command(
    name = "generate",
    description = "Make a file with one random key, readable by its owner only.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class KeysGenerateCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Option(names = "--key-file", paramLabel = "FILE", required = true, description = "File to make.")
    private Path file;

    @CommandLine.Mixin
    private JsonOption json;

    KeysGenerateCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        return new KeysGenerateAction(file, json.isWanted()).run(io);
    }
}
