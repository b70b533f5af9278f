package io.sluice.tools;

import io.sluice.archive.KeyProvider;
import io.sluice.journal.JournalArchive;
import java.nio.file.Path;
import picocli.CommandLine;

/** The option that names the keys of encrypted archive files. */
final class KeyFileOption
{
    @CommandLine.Option(
        names = "--key-file",
        paramLabel = "FILE",
        description = "Keys of the archive, where it is encrypted.")
    private Path file;

    boolean isGiven()
    {
        return file != null;
    }

    KeyProvider keys()
    {
        return file == null ? KeyProvider.NONE : JournalArchive.keyFile(file);
    }
}
