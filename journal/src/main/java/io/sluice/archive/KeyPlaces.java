package io.sluice.archive;

import static io.sluice.archive.ArchiveFormat.*;

import java.nio.file.Path;
import java.util.Arrays;

/**
 * The two places of a file for its wrapped key. Both hold the same, but for the time between the two writes of a change
 * of keys; then the one of the later generation counts, and the other one helps out where its key is missing.
 * Immutable.
 */
final class KeyPlaces
{
    private final Path file;
    private final FileHeader header;
    private final KeyPlace[] places;

    private KeyPlaces(final Path file, final FileHeader header, final KeyPlace[] places)
    {
        this.file = file;
        this.header = header;
        this.places = places;
    }

    static KeyPlaces read(final Path file, final FileHeader header, final FileInput input)
    {
        if (input.length() < blocksOffset(true))
        {
            throw Damage.at(file, input.length(), "the file ends too early");
        }
        final KeyPlace[] places = new KeyPlace[KEY_PLACES];
        for (int i = 0; i < KEY_PLACES; i++)
        {
            final byte[] bytes = new byte[KEY_PLACE_LENGTH];
            input.read(keyPlaceOffset(i), bytes, 0, KEY_PLACE_LENGTH);
            places[i] = KeyPlace.read(bytes);
        }
        if (places[0] == null && places[1] == null)
        {
            throw Damage.at(file, keyPlaceOffset(0), "both places of its key are damaged");
        }
        return new KeyPlaces(file, header, places);
    }

    /** @return the place that counts, 0 or 1. */
    int newest()
    {
        if (places[0] == null || places[1] == null)
        {
            return places[0] == null ? 1 : 0;
        }
        return places[1].generation() > places[0].generation() ? 1 : 0;
    }

    KeyPlace get(final int place)
    {
        return places[place];
    }

    /** @return true if both places are whole and say the same. */
    boolean agree()
    {
        return places[0] != null && places[1] != null && Arrays.equals(places[0].bytes(), places[1].bytes());
    }

    /** @return the file's key, which the caller wipes. */
    byte[] unwrap(final KeyProvider keys)
    {
        final int newest = newest();
        String wrong = null;
        for (int i = 0; i < KEY_PLACES; i++)
        {
            final KeyPlace place = places[newest ^ i];
            final byte[] hostKey = place == null ? null : hostKey(file, keys, place.keyId());
            if (hostKey != null)
            {
                final byte[] fileKey = place.unwrap(hostKey, header);
                Arrays.fill(hostKey, (byte)0);
                if (fileKey != null)
                {
                    return fileKey;
                }
                wrong = place.keyId();
            }
        }
        if (wrong != null)
        {
            throw new ArchiveKeyException(
                file + " is encrypted, and the key that is named '" + wrong +
                "' here is not the one that wrapped it: restore the key of that name from the host that wrote it");
        }
        throw new ArchiveKeyException(
            file + " is encrypted with key '" + places[newest].keyId() + "', which is not known here: add it to the" +
            " key file (keys are never taken out of it while files name them), or name the right key file");
    }

    /** @return a copy of a key of the host; null if there is none of this name. */
    static byte[] hostKey(final Path file, final KeyProvider keys, final String keyId)
    {
        final byte[] key = keys.key(keyId);
        if (key != null && key.length != KEY_LENGTH)
        {
            final int length = key.length;
            Arrays.fill(key, (byte)0);
            throw new ArchiveKeyException(
                "key '" + keyId + "' for " + file + " has " + length + " bytes: a key has " + KEY_LENGTH);
        }
        return key;
    }

    /** @return a copy of the current key of the host. */
    static byte[] currentKey(final Path file, final KeyProvider keys, final String keyId)
    {
        final int length = utf8(keyId).length;
        if (length == 0 || length > MAX_KEY_ID_LENGTH)
        {
            throw new ArchiveKeyException(
                "the name of the current key has " + length + " bytes: use 1 to " + MAX_KEY_ID_LENGTH);
        }
        final byte[] key = hostKey(file, keys, keyId);
        if (key == null)
        {
            throw new ArchiveKeyException(
                "the current key '" + keyId + "' for " + file + " is not there: the key provider names a key that it" +
                " does not have");
        }
        return key;
    }
}
