package io.sluice.archive;

import static io.sluice.archive.ArchiveFormat.*;

import io.sluice.event.EventHash;
import io.sluice.event.EventStorageException;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.agrona.concurrent.UnsafeBuffer;

/** The first 64 bytes of an archive file, see {@link ArchiveFormat}. */
final class FileHeader
{
    private static final int VERSION_OFFSET = 8;
    private static final int FLAGS_OFFSET = 12;
    private static final int ID_OFFSET = 16;
    private static final int ID_LENGTH = 16;
    private static final int BLOCKS_OFFSET = 32;
    private static final int CHECKSUM_OFFSET = HEADER_LENGTH - Long.BYTES;

    private final byte[] bytes;
    private final UnsafeBuffer buffer;

    private FileHeader(final byte[] bytes)
    {
        this.bytes = bytes;
        buffer = new UnsafeBuffer(bytes);
    }

    static FileHeader create(final boolean isEncrypted)
    {
        final FileHeader header = new FileHeader(new byte[HEADER_LENGTH]);
        header.buffer.putLong(0, MAGIC);
        header.buffer.putInt(VERSION_OFFSET, VERSION);
        header.buffer.putInt(FLAGS_OFFSET, isEncrypted ? FLAG_ENCRYPTED : 0);
        final byte[] id = new byte[ID_LENGTH];
        new SecureRandom().nextBytes(id);
        header.buffer.putBytes(ID_OFFSET, id);
        header.buffer.putLong(BLOCKS_OFFSET, blocksOffset(isEncrypted));
        header.buffer.putLong(CHECKSUM_OFFSET, header.checksum());
        return header;
    }

    static FileHeader read(final Path file, final FileInput input)
    {
        if (input.length() < HEADER_LENGTH + TRAILER_LENGTH)
        {
            throw Damage.at(file, input.length(), "the file ends too early");
        }
        final FileHeader header = new FileHeader(new byte[HEADER_LENGTH]);
        input.read(0, header.bytes, 0, HEADER_LENGTH);
        if (header.buffer.getLong(0) != MAGIC)
        {
            throw Damage.at(file, 0, "this is no archive file");
        }
        if (header.buffer.getLong(CHECKSUM_OFFSET) != header.checksum())
        {
            throw Damage.at(file, 0, "the checksum of the header differs");
        }
        final int version = header.buffer.getInt(VERSION_OFFSET);
        if (version != VERSION || (header.buffer.getInt(FLAGS_OFFSET) & ~FLAG_ENCRYPTED) != 0 ||
            header.buffer.getLong(BLOCKS_OFFSET) != blocksOffset(header.isEncrypted()))
        {
            throw new EventStorageException(
                file + " has format version " + version + " with flags " + header.buffer.getInt(FLAGS_OFFSET) +
                ", this program reads version " + VERSION +
                ": use the release of Sluice that wrote it, or a newer one");
        }
        return header;
    }

    byte[] bytes()
    {
        return bytes;
    }

    boolean isEncrypted()
    {
        return (buffer.getInt(FLAGS_OFFSET) & FLAG_ENCRYPTED) != 0;
    }

    private long checksum()
    {
        return EventHash.hash64(buffer, 0, CHECKSUM_OFFSET);
    }
}
