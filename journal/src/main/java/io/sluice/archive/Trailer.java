package io.sluice.archive;

import static io.sluice.archive.ArchiveFormat.*;

import io.sluice.event.EventHash;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** The last 64 bytes of an archive file, see {@link ArchiveFormat}. Immutable. */
final class Trailer
{
    private static final int DIRECTORY_LENGTH = 8;
    private static final int MAGIC_OFFSET = 12;
    private static final int DIRECTORY_HASH = 16;
    private static final int DIGEST = 24;
    private static final int CHECKSUM = DIGEST + DIGEST_LENGTH;

    private final byte[] bytes;
    private final UnsafeBuffer buffer;

    Trailer(final byte[] bytes)
    {
        this.bytes = bytes;
        buffer = new UnsafeBuffer(bytes);
    }

    static Trailer create(
        final long directoryOffset, final int directoryLength, final long directoryHash, final byte[] digest)
    {
        final Trailer trailer = new Trailer(new byte[TRAILER_LENGTH]);
        trailer.buffer.putLong(0, directoryOffset);
        trailer.buffer.putInt(DIRECTORY_LENGTH, directoryLength);
        trailer.buffer.putInt(MAGIC_OFFSET, TRAILER_MAGIC);
        trailer.buffer.putLong(DIRECTORY_HASH, directoryHash);
        trailer.buffer.putBytes(DIGEST, digest);
        trailer.buffer.putLong(CHECKSUM, trailer.checksum());
        return trailer;
    }

    /**
     * @param fileLength   in bytes.
     * @param blocksOffset start of the first block.
     * @param tagLength    bytes between directory and trailer.
     * @return null if it fits the file, otherwise what is wrong.
     */
    String findDamage(final long fileLength, final int blocksOffset, final int tagLength)
    {
        if (buffer.getInt(MAGIC_OFFSET) != TRAILER_MAGIC)
        {
            return "the file ends too early, or bytes were added to it";
        }
        if (buffer.getLong(CHECKSUM) != checksum())
        {
            return "the checksum of the trailer differs";
        }
        final long end = fileLength - TRAILER_LENGTH - tagLength;
        if (directoryOffset() < blocksOffset || directoryLength() < 0 || directoryOffset() > end ||
            directoryOffset() + directoryLength() != end)
        {
            return "the directory does not fit the file";
        }
        return null;
    }

    byte[] bytes()
    {
        return bytes;
    }

    long directoryOffset()
    {
        return buffer.getLong(0);
    }

    int directoryLength()
    {
        return buffer.getInt(DIRECTORY_LENGTH);
    }

    long directoryHash()
    {
        return buffer.getLong(DIRECTORY_HASH);
    }

    byte[] digest()
    {
        return Arrays.copyOfRange(bytes, DIGEST, DIGEST + DIGEST_LENGTH);
    }

    private long checksum()
    {
        return EventHash.hash64(buffer, 0, CHECKSUM);
    }
}
