package io.sluice.archive;

import static io.sluice.archive.ArchiveFormat.*;

import io.sluice.event.EventHash;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Reads one archive file. Opening reads its header and its directory; blocks are read when they are asked for.
 *
 * <p>Not thread-safe: open one per thread. Scratch memory grows to the largest block and is used again. The file stays
 * readable here after it was renamed or deleted.
 */
public final class ArchiveReader implements AutoCloseable
{
    private static final int CHUNK_LENGTH = 1 << 16;

    private final BlockHeader blockHeader = new BlockHeader();
    private final UnsafeBuffer view = new UnsafeBuffer(new byte[0]);
    private final ByteSink stored = new ByteSink(CHUNK_LENGTH);
    private final ByteSink plain = new ByteSink(0);
    private final Path file;
    private final KeyProvider keys;
    private final FileInput input;
    private final FileHeader header;
    private final KeyPlaces keyPlaces;
    private final Trailer trailer;
    private final byte[] directoryBytes;
    private final Directory directory;
    private final ArchiveSummary summary;
    private FileCipher cipher;
    private BlockDecoder decoder;

    private ArchiveReader(final Path file, final KeyProvider keys, final FileInput input)
    {
        this.file = file;
        this.keys = keys;
        this.input = input;
        header = FileHeader.read(file, input);
        keyPlaces = header.isEncrypted() ? KeyPlaces.read(file, header, input) : null;
        trailer = readTrailer();
        directoryBytes = readDirectoryBytes();
        directory = readDirectory();
        summary = directory.summary(
            input.length(), keyPlaces == null ? "" : keyPlaces.get(keyPlaces.newest()).keyId());
    }

    /**
     * Open a file. Needs no key: only reading a block does.
     *
     * @param file to read.
     * @param keys for encrypted files.
     * @return the reader.
     * @throws ArchiveDamagedException                if header or directory are not what was written.
     * @throws io.sluice.event.EventStorageException  if there is no such file, it can't be read, or a later version
     *                                                wrote it.
     */
    public static ArchiveReader open(final Path file, final KeyProvider keys)
    {
        Objects.requireNonNull(keys, "keys is null, use KeyProvider.NONE");
        final FileInput input = FileInput.open(file);
        try
        {
            return new ArchiveReader(file, keys, input);
        }
        catch (final RuntimeException ex)
        {
            input.close();
            throw ex;
        }
    }

    /** @return the file, as it was named when it was opened. */
    public Path file()
    {
        return file;
    }

    /** @return what the file holds. */
    public ArchiveSummary summary()
    {
        return summary;
    }

    /** @return what each part of the records takes, the largest first. Allocates. */
    public List<FieldBytes> fieldBytes()
    {
        return directory.fieldBytes();
    }

    /** @return number of blocks. */
    public int blockCount()
    {
        return directory.blocks();
    }

    /**
     * @param block from 0.
     * @return number of its records.
     */
    public int blockRecords(final int block)
    {
        return directory.records(ensureBlock(block));
    }

    /**
     * @param block from 0.
     * @return bytes that {@link #readBlock} writes for it.
     */
    public int blockLength(final int block)
    {
        return directory.regionLength(ensureBlock(block));
    }

    /**
     * @param block from 0.
     * @return sequence of its first record.
     */
    public long firstSequence(final int block)
    {
        return directory.firstSequence(ensureBlock(block));
    }

    /**
     * @param block from 0.
     * @return sequence of its last record.
     */
    public long lastSequence(final int block)
    {
        return directory.lastSequence(ensureBlock(block));
    }

    /**
     * @param block from 0.
     * @return journal time of its first record, nanoseconds since 1970 UTC.
     */
    public long firstTimeNs(final int block)
    {
        return directory.firstTime(ensureBlock(block));
    }

    /**
     * @param block from 0.
     * @return journal time of its last record, nanoseconds since 1970 UTC.
     */
    public long lastTimeNs(final int block)
    {
        return directory.lastTime(ensureBlock(block));
    }

    /**
     * @param sequence to find.
     * @return the first block with a record of this sequence or a later one; {@link #blockCount()} if there is none.
     */
    public int findSequence(final long sequence)
    {
        return directory.findSequence(sequence);
    }

    /**
     * @param timeNs nanoseconds since 1970 UTC.
     * @return the first block with a record journaled then or later; {@link #blockCount()} if there is none.
     */
    public int findTime(final long timeNs)
    {
        return directory.findTime(timeNs);
    }

    /**
     * Decode a block: its records back to back, byte for byte as they were, each padded with zeros to a multiple of
     * {@link io.sluice.event.EventDescriptor#RECORD_ALIGNMENT}. Both checksums have been checked when it returns.
     *
     * @param block  from 0.
     * @param target gets the records from index 0 on; must be able to hold {@link #blockLength}.
     * @return number of bytes written.
     * @throws ArchiveDamagedException               if the block is not what was written.
     * @throws ArchiveKeyException                   if the key is missing or wrong.
     * @throws io.sluice.event.EventStorageException if the file can't be read.
     */
    public int readBlock(final int block, final MutableDirectBuffer target)
    {
        ensureBlock(block);
        final long offset = directory.offset(block);
        input.read(offset, blockHeader.bytes(), 0, BLOCK_HEADER_LENGTH);
        final String damage = blockHeader.findDamage(directory, block);
        if (damage != null)
        {
            throw Damage.at(file, offset, damage);
        }
        final int storedLength = blockHeader.storedLength();
        stored.clear();
        stored.length(storedLength);
        input.read(offset + BLOCK_HEADER_LENGTH, stored.array(), 0, storedLength);
        view.wrap(stored.array(), 0, storedLength);
        if (EventHash.hash64(view, 0, storedLength) != blockHeader.storedHash())
        {
            throw Damage.at(file, offset, "the checksum of block " + block + " differs");
        }
        final ByteSink packed = header.isEncrypted() ? open(block, offset, storedLength) : stored;
        final int regionLength = blockHeader.regionLength();
        target.boundsCheck(0, regionLength);
        if (decoder == null)
        {
            decoder = new BlockDecoder();
        }
        try
        {
            decoder.decode(packed.array(), 0, packed.length(), blockHeader.records(), regionLength, target);
        }
        catch (final RuntimeException ex)
        {
            throw Damage.at(file, offset, "block " + block + " can't be unpacked: " + ex.getMessage(), ex);
        }
        return regionLength;
    }

    /**
     * Check everything: the digest of the file, and every block.
     *
     * @throws ArchiveDamagedException               if anything is not what was written.
     * @throws ArchiveKeyException                   if the key is missing or wrong.
     * @throws io.sluice.event.EventStorageException if the file can't be read.
     */
    public void verify()
    {
        verifyDigest();
        final UnsafeBuffer records = new UnsafeBuffer(new byte[0]);
        for (int block = 0; block < directory.blocks(); block++)
        {
            if (records.capacity() < directory.regionLength(block))
            {
                records.wrap(new byte[directory.regionLength(block)]);
            }
            readBlock(block, records);
        }
    }

    /** Close the file and wipe the key. */
    @Override
    public void close()
    {
        input.close();
        if (decoder != null)
        {
            decoder.close();
            decoder = null;
        }
        if (cipher != null)
        {
            cipher.close();
            cipher = null;
        }
    }

    private Trailer readTrailer()
    {
        final byte[] bytes = new byte[TRAILER_LENGTH];
        final long offset = input.length() - TRAILER_LENGTH;
        input.read(offset, bytes, 0, TRAILER_LENGTH);
        final Trailer read = new Trailer(bytes);
        final String damage =
            read.findDamage(input.length(), blocksOffset(header.isEncrypted()), tagLength());
        if (damage != null)
        {
            throw Damage.at(file, offset, damage);
        }
        return read;
    }

    private byte[] readDirectoryBytes()
    {
        final byte[] bytes = new byte[trailer.directoryLength()];
        input.read(trailer.directoryOffset(), bytes, 0, bytes.length);
        view.wrap(bytes);
        if (EventHash.hash64(view, 0, bytes.length) != trailer.directoryHash())
        {
            throw Damage.at(file, trailer.directoryOffset(), "the checksum of the directory differs");
        }
        return bytes;
    }

    private Directory readDirectory()
    {
        try
        {
            return Directory.read(
                new ByteSource().wrap(directoryBytes, 0, directoryBytes.length),
                blocksOffset(header.isEncrypted()),
                trailer.directoryOffset());
        }
        catch (final RuntimeException ex)
        {
            throw Damage.at(
                file, trailer.directoryOffset(), "the directory can't be read: " + ex.getMessage(), ex);
        }
    }

    private ByteSink open(final int block, final long offset, final int storedLength)
    {
        ensureKey();
        if (!cipher.open(
            block, blockHeader.bytes(), BlockHeader.LABEL_LENGTH, stored.array(), 0, storedLength, plain))
        {
            throw Damage.at(file, offset, "block " + block + " is not the one that was encrypted");
        }
        return plain;
    }

    /** The first use of the key shows whether the directory is the one that was written with it. */
    private void ensureKey()
    {
        if (cipher != null)
        {
            return;
        }
        final FileCipher opened = new FileCipher(keyPlaces.unwrap(keys), header.bytes());
        final byte[] tag = new byte[TAG_LENGTH];
        final long tagOffset = trailer.directoryOffset() + trailer.directoryLength();
        input.read(tagOffset, tag, 0, TAG_LENGTH);
        if (!opened.open(
            FileCipher.DIRECTORY, directoryBytes, directoryBytes.length, tag, 0, TAG_LENGTH, plain))
        {
            opened.close();
            throw Damage.at(
                file, trailer.directoryOffset(), "the directory is not the one that was written with its key");
        }
        cipher = opened;
    }

    private void verifyDigest()
    {
        final MessageDigest digest = FileOutput.sha256();
        final byte[] chunk = new byte[CHUNK_LENGTH];
        final long end = input.length() - TRAILER_LENGTH;
        long at = 0;
        while (at < end)
        {
            if (header.isEncrypted() && at == keyPlaceOffset(0))
            {
                at = blocksOffset(true);
            }
            final long next = header.isEncrypted() && at < keyPlaceOffset(0) ? keyPlaceOffset(0) : end;
            final int length = (int)Math.min(chunk.length, next - at);
            input.read(at, chunk, 0, length);
            digest.update(chunk, 0, length);
            at += length;
        }
        if (!Arrays.equals(digest.digest(), trailer.digest()))
        {
            throw Damage.at(file, 0, "the digest of the file differs");
        }
    }

    private int tagLength()
    {
        return header.isEncrypted() ? TAG_LENGTH : 0;
    }

    private int ensureBlock(final int block)
    {
        if (block < 0 || block >= directory.blocks())
        {
            throw new IndexOutOfBoundsException("block " + block + " of " + directory.blocks());
        }
        return block;
    }
}
