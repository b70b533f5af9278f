package io.sluice.journal;

import io.sluice.archive.KeyFile;
import io.sluice.archive.KeyProvider;
import java.nio.file.Path;

/**
 * The keys of a key file, which is read for every question: a rotation by another process is seen at once, and no key
 * stays in memory in between. Any thread.
 */
final class KeyFileKeys implements KeyProvider
{
    private final Path file;

    KeyFileKeys(final Path file)
    {
        this.file = file;
    }

    @Override
    public String currentKeyId()
    {
        try (KeyFile keys = KeyFile.open(file))
        {
            return keys.currentKeyId();
        }
    }

    @Override
    public byte[] key(final String keyId)
    {
        try (KeyFile keys = KeyFile.open(file))
        {
            return keys.key(keyId);
        }
    }
}
