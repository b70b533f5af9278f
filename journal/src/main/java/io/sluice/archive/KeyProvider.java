package io.sluice.archive;

/**
 * Where the keys of archive files come from. A key has 32 bytes and a name. Hosts may implement it; {@link KeyFile}
 * reads a file. Called on the thread that writes, opens or wraps an archive file, never for each block.
 */
public interface KeyProvider
{
    /** No keys: files are not encrypted, and encrypted ones can't be read. */
    KeyProvider NONE = new KeyProvider()
    {
        @Override
        public String currentKeyId()
        {
            return null;
        }

        @Override
        public byte[] key(final String keyId)
        {
            return null;
        }
    };

    /** @return name of the key for new files, 1 to 128 bytes of UTF-8; null for files without encryption. */
    String currentKeyId();

    /**
     * A key, also one that is no longer current: old files name it until they are wrapped again.
     *
     * @param keyId name of the key.
     * @return a copy of its 32 bytes, which the caller wipes; null if there is no such key.
     */
    byte[] key(String keyId);
}
