package io.sluice.archive;

import java.nio.file.Path;
import java.util.List;

/**
 * Keys in a text file, one per line, the newest last: that one is the current key. Only its owner may read the file.
 *
 * <pre>
 *   # comment
 *   k1-5d41402a mYq3…=        name of the key, base64 of its 32 bytes
 *   k2-7793ab11 Zk0v…=        the current key
 * </pre>
 *
 * <p>Read once, when it is opened; open it again after a rotation. Thread-safe. Wiped when it is closed.
 */
public final class KeyFile implements KeyProvider, AutoCloseable
{
    private KeyFile()
    {
    }

    /**
     * Read a key file.
     *
     * @param file to read.
     * @return its keys.
     * @throws ArchiveKeyException if it does not exist, others may read it, or a line is no key.
     */
    public static KeyFile open(final Path file)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Make a key file with one random key.
     *
     * @param file to make; must not exist.
     * @return name of the key.
     * @throws ArchiveKeyException if it exists or can't be written.
     */
    public static String generate(final Path file)
    {
        throw new UnsupportedOperationException();
    }

    /**
     * Add a random key, which becomes the current one. The old keys stay. After a crash the file is either the old or
     * the new one, whole.
     *
     * @param file to change.
     * @return name of the new key.
     * @throws ArchiveKeyException as for {@link #open}, or if it can't be written.
     */
    public static String rotate(final Path file)
    {
        throw new UnsupportedOperationException();
    }

    /** @return names of all keys, the newest last. */
    public List<String> keyIds()
    {
        throw new UnsupportedOperationException();
    }

    @Override
    public String currentKeyId()
    {
        throw new UnsupportedOperationException();
    }

    @Override
    public byte[] key(final String keyId)
    {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close()
    {
    }
}
