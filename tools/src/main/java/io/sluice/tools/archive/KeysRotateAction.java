package io.sluice.tools.archive;

import io.sluice.archive.ArchiveKeyException;
import io.sluice.archive.KeyFile;
import io.sluice.archive.KeyProvider;
import io.sluice.journal.ArchivedFile;
import io.sluice.journal.ForceListener;
import io.sluice.journal.JournalArchive;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.text.JsonLine;
import java.nio.file.Path;
import java.util.List;

/** Changes the key of an archive. */
public final class KeysRotateAction
{
    private final Path directory;
    private final Path file;
    private final boolean isWrapOnly;
    private final boolean isJson;

    /**
     * @param directory  data directory.
     * @param file       of keys, to change.
     * @param isWrapOnly true to add no key.
     * @param isJson     true for programs.
     */
    public KeysRotateAction(final Path directory, final Path file, final boolean isWrapOnly, final boolean isJson)
    {
        this.directory = directory;
        this.file = file;
        this.isWrapOnly = isWrapOnly;
        this.isJson = isJson;
    }

    /**
     * @param io streams.
     * @return {@link ExitCode#DONE}.
     * @throws ArchiveKeyException                      if a key is missing or wrong; before the key is added where that
     *                                                  can be seen.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal, or another process changes the archive.
     */
    public int run(final CommandIo io)
    {
        ensureKeysKnown();
        final KeyProvider keys = JournalArchive.keyFile(file);
        final String key = isWrapOnly ? keys.currentKeyId() : KeyFile.rotate(file);
        final int wrapped = JournalArchive.rewrapKeys(
            directory,
            keys,
            path ->
            {
                if (!isJson)
                {
                    io.out().println("wrapped   " + path.getFileName());
                }
            },
            ForceListener.NONE);
        io.out().println(isJson ?
            new JsonLine().add("key", key).add("wrapped", wrapped).toString() :
            wrapped + " files are wrapped with key " + key + "; copies of " + file + " need it from now on");
        return ExitCode.DONE;
    }

    // A wrong file is best noticed before it gets another key.
    private void ensureKeysKnown()
    {
        try (KeyFile keys = KeyFile.open(file))
        {
            final List<String> known = keys.keyIds();
            for (final ArchivedFile archived : JournalArchive.list(directory))
            {
                if (!archived.keyId().isEmpty() && !known.contains(archived.keyId()))
                {
                    throw new ArchiveKeyException(
                        archived.file() + " needs key " + archived.keyId() + ", which is not in " + file +
                        "; name the file that has it");
                }
            }
        }
    }
}
