package io.sluice.archive;

import static io.sluice.archive.ArchiveFormat.*;

import io.sluice.event.EventStorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
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
        final String keyId = keys.currentKeyId();
        final FileHeader header;
        final KeyPlaces places;
        try (FileInput input = FileInput.open(file))
        {
            header = FileHeader.read(file, input);
            if (!header.isEncrypted())
            {
                return false;
            }
            places = KeyPlaces.read(file, header, input);
        }
        if (keyId == null)
        {
            throw new ArchiveKeyException(
                file + " is encrypted, and there is no current key to wrap its key with: name a key file");
        }
        final int newest = places.newest();
        if (places.agree() && places.get(newest).keyId().equals(keyId))
        {
            return false;
        }
        final KeyPlace renewed = renew(file, header, places, keys, keyId);
        // The place that counts is overwritten last: until then it is there for a reader after a crash.
        writePlace(file, newest ^ 1, renewed, forceListener);
        writePlace(file, newest, renewed, forceListener);
        return true;
    }

    private static KeyPlace renew(
        final Path file,
        final FileHeader header,
        final KeyPlaces places,
        final KeyProvider keys,
        final String keyId)
    {
        final byte[] hostKey = KeyPlaces.currentKey(file, keys, keyId);
        try
        {
            final byte[] fileKey = places.unwrap(keys);
            try
            {
                return KeyPlace.wrap(
                    places.get(places.newest()).generation() + 1, keyId, hostKey, fileKey, header);
            }
            finally
            {
                Arrays.fill(fileKey, (byte)0);
            }
        }
        finally
        {
            Arrays.fill(hostKey, (byte)0);
        }
    }

    private static void writePlace(
        final Path file, final int place, final KeyPlace content, final Consumer<Path> forceListener)
    {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE))
        {
            final ByteBuffer bytes = ByteBuffer.wrap(content.bytes());
            long at = keyPlaceOffset(place);
            while (bytes.hasRemaining())
            {
                at += channel.write(bytes, at);
            }
            channel.force(true);
        }
        catch (final IOException ex)
        {
            throw new EventStorageException(
                file + " can't get its key wrapped again: " + ex.getMessage() +
                "; the key that wrapped it still opens it", ex);
        }
        forceListener.accept(file);
    }
}
