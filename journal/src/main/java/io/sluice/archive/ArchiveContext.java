package io.sluice.archive;

import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Configuration of an {@link ArchiveWriter}. Set what differs from the defaults, then hand it over;
 * {@link ArchiveWriter#create} concludes it, once. Not thread-safe.
 */
public final class ArchiveContext
{
    /** Default of {@link #level()}. */
    public static final int DEFAULT_LEVEL = 9;
    /** Default of {@link #blockRecords()}. */
    public static final int DEFAULT_BLOCK_RECORDS = 4_096;
    /** Default of {@link #blockLength()}: 4 MiB. */
    public static final int DEFAULT_BLOCK_LENGTH = 1 << 22;

    private int level = DEFAULT_LEVEL;
    private int blockRecords = DEFAULT_BLOCK_RECORDS;
    private int blockLength = DEFAULT_BLOCK_LENGTH;
    private KeyProvider keys = KeyProvider.NONE;
    private Consumer<Path> forceListener = path ->
    {
    };
    private boolean isConcluded;

    /** All defaults: no encryption. */
    public ArchiveContext()
    {
    }

    /**
     * Check everything and freeze it.
     *
     * @return this.
     * @throws IllegalArgumentException if a value is out of range; the message names it.
     * @throws IllegalStateException    if it was concluded before.
     */
    public ArchiveContext conclude()
    {
        ensureOpen();
        validate("level", level, 1, 22);
        validate("blockRecords", blockRecords, 1, ArchiveFormat.MAX_BLOCK_RECORDS);
        validate("blockLength", blockLength, 1, ArchiveFormat.MAX_BLOCK_LENGTH);
        if (keys == null)
        {
            throw new IllegalArgumentException("keys is null, use KeyProvider.NONE for files without encryption");
        }
        isConcluded = true;
        return this;
    }

    /**
     * @param value compression level of zstd, 1 (fast) to 22 (small).
     * @return this.
     */
    public ArchiveContext level(final int value)
    {
        ensureOpen();
        level = value;
        return this;
    }

    /** @return compression level of zstd. */
    public int level()
    {
        return level;
    }

    /**
     * @param count most records of a block, 1 to 65536. A reader decodes whole blocks: more records make the file
     *              smaller and a single look-up slower.
     * @return this.
     */
    public ArchiveContext blockRecords(final int count)
    {
        ensureOpen();
        blockRecords = count;
        return this;
    }

    /** @return most records of a block. */
    public int blockRecords()
    {
        return blockRecords;
    }

    /**
     * @param bytes of records after which a block is closed, 1 to 2^28. One record may be longer; it then has a block
     *              of its own.
     * @return this.
     */
    public ArchiveContext blockLength(final int bytes)
    {
        ensureOpen();
        blockLength = bytes;
        return this;
    }

    /** @return bytes of records after which a block is closed. */
    public int blockLength()
    {
        return blockLength;
    }

    /**
     * @param value where the key comes from; {@link KeyProvider#NONE} for no encryption.
     * @return this.
     */
    public ArchiveContext keys(final KeyProvider value)
    {
        ensureOpen();
        keys = value;
        return this;
    }

    /** @return where the key comes from. */
    public KeyProvider keys()
    {
        return keys;
    }

    /**
     * @param value is told of the file after every force that has completed, on the thread that made it. For tests.
     * @return this.
     */
    public ArchiveContext forceListener(final Consumer<Path> value)
    {
        ensureOpen();
        forceListener = value;
        return this;
    }

    /** @return who is told of forces. */
    public Consumer<Path> forceListener()
    {
        return forceListener;
    }

    private static void validate(final String name, final long value, final long least, final long most)
    {
        if (value < least || value > most)
        {
            throw new IllegalArgumentException(name + "=" + value + " must be " + least + " to " + most);
        }
    }

    private void ensureOpen()
    {
        if (isConcluded)
        {
            throw new IllegalStateException("the context is concluded: make a new one for every archive file");
        }
    }
}
