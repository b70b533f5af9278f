package io.sluice.archive;

import java.nio.file.Path;
import java.util.function.Consumer;

/** What can be done to an archive file as a whole. Stateless; any thread, but one per file. */
public final class ArchiveFile
{
    private ArchiveFile()
    {
    }

    /**
     * Wrap the key of an encrypted file with the current key. The header has two places for it, which are rewritten and
     * forced one after the other: whenever a crash comes, one of them is whole. The data are not touched; readers that
     * have the file open are not disturbed.
     *
     * @param file          to change.
     * @param keys          must have the key that wraps it now, and a current one.
     * @param forceListener is told of the file after every force.
     * @return true if the file was changed; false if it is not encrypted or the current key wraps it already.
     * @throws ArchiveKeyException                   if a key is missing or wrong.
     * @throws ArchiveDamagedException               if the header is damaged.
     * @throws io.sluice.event.EventStorageException if the file can't be read or written.
     */
    public static boolean rewrap(final Path file, final KeyProvider keys, final Consumer<Path> forceListener)
    {
        throw new UnsupportedOperationException();
    }
}
