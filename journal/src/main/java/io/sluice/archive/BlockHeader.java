package io.sluice.archive;

import static io.sluice.archive.ArchiveFormat.*;

import io.sluice.event.EventHash;
import org.agrona.concurrent.UnsafeBuffer;

/** What stands before the stored bytes of a block, see {@link ArchiveFormat}. Not thread-safe; used again. */
final class BlockHeader
{
    /** Bytes that the tag of an encrypted block covers: all but the two checksums. */
    static final int LABEL_LENGTH = 56;

    private static final int NUMBER = 4;
    private static final int STORED_LENGTH = 8;
    private static final int REGION_LENGTH = 12;
    private static final int RECORDS = 16;
    private static final int FIRST_SEQUENCE = 24;
    private static final int LAST_SEQUENCE = 32;
    private static final int FIRST_TIME = 40;
    private static final int LAST_TIME = 48;
    private static final int STORED_HASH = 56;
    private static final int CHECKSUM = 64;

    private final byte[] bytes = new byte[BLOCK_HEADER_LENGTH];
    private final UnsafeBuffer buffer = new UnsafeBuffer(bytes);

    void describe(final int number, final int regionLength, final int records)
    {
        buffer.setMemory(0, BLOCK_HEADER_LENGTH, (byte)0);
        buffer.putInt(0, BLOCK_MAGIC);
        buffer.putInt(NUMBER, number);
        buffer.putInt(REGION_LENGTH, regionLength);
        buffer.putInt(RECORDS, records);
    }

    void range(final long firstSequence, final long lastSequence, final long firstTime, final long lastTime)
    {
        buffer.putLong(FIRST_SEQUENCE, firstSequence);
        buffer.putLong(LAST_SEQUENCE, lastSequence);
        buffer.putLong(FIRST_TIME, firstTime);
        buffer.putLong(LAST_TIME, lastTime);
    }

    void storedLength(final int length)
    {
        buffer.putInt(STORED_LENGTH, length);
    }

    void seal(final long storedHash)
    {
        buffer.putLong(STORED_HASH, storedHash);
        buffer.putLong(CHECKSUM, checksum());
    }

    /** @return null if these are the bytes of a block as its directory describes it, otherwise what is wrong. */
    String findDamage(final Directory directory, final int block)
    {
        if (buffer.getLong(CHECKSUM) != checksum())
        {
            return "the checksum of the header of block " + block + " differs";
        }
        if (buffer.getInt(0) != BLOCK_MAGIC || buffer.getInt(NUMBER) != block ||
            storedLength() != directory.storedLength(block) || regionLength() != directory.regionLength(block) ||
            records() != directory.records(block) || firstSequence() != directory.firstSequence(block) ||
            lastSequence() != directory.lastSequence(block) || firstTime() != directory.firstTime(block) ||
            lastTime() != directory.lastTime(block))
        {
            return "block " + block + " is not the one that the directory describes";
        }
        return null;
    }

    byte[] bytes()
    {
        return bytes;
    }

    int storedLength()
    {
        return buffer.getInt(STORED_LENGTH);
    }

    int regionLength()
    {
        return buffer.getInt(REGION_LENGTH);
    }

    int records()
    {
        return buffer.getInt(RECORDS);
    }

    long firstSequence()
    {
        return buffer.getLong(FIRST_SEQUENCE);
    }

    long lastSequence()
    {
        return buffer.getLong(LAST_SEQUENCE);
    }

    long firstTime()
    {
        return buffer.getLong(FIRST_TIME);
    }

    long lastTime()
    {
        return buffer.getLong(LAST_TIME);
    }

    long storedHash()
    {
        return buffer.getLong(STORED_HASH);
    }

    private long checksum()
    {
        return EventHash.hash64(buffer, 0, CHECKSUM);
    }
}
