package io.sluice.tools.archive;

import io.sluice.archive.KeyFile;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.JsonLine;
import java.nio.file.Path;

/** Makes a file of keys. */
public final class KeysGenerateAction
{
    private final Path file;
    private final boolean isJson;

    /**
     * @param file   to make.
     * @param isJson true for programs.
     */
    public KeysGenerateAction(final Path file, final boolean isJson)
    {
        this.file = file;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE}.
     * @throws io.sluice.archive.ArchiveKeyException if the file exists or can't be written.
     */
    public int run(final CommandIo io)
    {
        final String key = KeyFile.generate(file);
        io.out().println(isJson ?
            new JsonLine().add("key", key).add("keyFile", file.toString()).toString() :
            "made key " + key + " in " + file + "; without this file the archive can't be read: keep a copy elsewhere");
        return ExitCode.DONE;
    }
}
