package io.sluice.archive;

import static io.sluice.archive.ArchiveFormat.*;

import io.sluice.event.EventHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;

/** One of the two places of a file for its wrapped key, see {@link ArchiveFormat}. Immutable. */
final class KeyPlace
{
    private static final int ID_LENGTH_OFFSET = 8;
    private static final int ID_OFFSET = 12;
    private static final int NONCE_OFFSET = ID_OFFSET + MAX_KEY_ID_LENGTH;
    private static final int CHECKSUM_OFFSET = KEY_PLACE_LENGTH - Long.BYTES;

    private final byte[] bytes;

    private KeyPlace(final byte[] bytes)
    {
        this.bytes = bytes;
    }

    static KeyPlace wrap(
        final long generation, final String keyId, final byte[] hostKey, final byte[] fileKey, final FileHeader header)
    {
        final byte[] id = utf8(keyId);
        final ByteSink wrapped = new ByteSink(128);
        FileCipher.wrap(hostKey, label(header, id), fileKey, wrapped);
        final UnsafeBuffer buffer = new UnsafeBuffer(new byte[KEY_PLACE_LENGTH]);
        buffer.putLong(0, generation);
        buffer.putInt(ID_LENGTH_OFFSET, id.length);
        buffer.putBytes(ID_OFFSET, id);
        buffer.putBytes(NONCE_OFFSET, wrapped.array(), 0, wrapped.length());
        buffer.putLong(CHECKSUM_OFFSET, EventHash.hash64(buffer, 0, CHECKSUM_OFFSET));
        return new KeyPlace(buffer.byteArray());
    }

    /** @return the place, or null if it is not whole. */
    static KeyPlace read(final byte[] bytes)
    {
        final UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        final int idLength = buffer.getInt(ID_LENGTH_OFFSET);
        return buffer.getLong(CHECKSUM_OFFSET) == EventHash.hash64(buffer, 0, CHECKSUM_OFFSET) && idLength > 0 &&
            idLength <= MAX_KEY_ID_LENGTH ? new KeyPlace(bytes) : null;
    }

    byte[] bytes()
    {
        return bytes;
    }

    long generation()
    {
        return new UnsafeBuffer(bytes).getLong(0);
    }

    String keyId()
    {
        return new String(id(), StandardCharsets.UTF_8);
    }

    /** @return the file's key; null if this is not the key that wraps it. */
    byte[] unwrap(final byte[] hostKey, final FileHeader header)
    {
        return FileCipher.unwrap(hostKey, label(header, id()), bytes, NONCE_OFFSET);
    }

    private byte[] id()
    {
        final int length = new UnsafeBuffer(bytes).getInt(ID_LENGTH_OFFSET);
        return Arrays.copyOfRange(bytes, ID_OFFSET, ID_OFFSET + length);
    }

    private static byte[] label(final FileHeader header, final byte[] id)
    {
        final byte[] label = Arrays.copyOf(header.bytes(), HEADER_LENGTH + id.length);
        System.arraycopy(id, 0, label, HEADER_LENGTH, id.length);
        return label;
    }
}
