package io.sluice.engine.control;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A piece of a reply. A reply is a row of messages (any number of items, then a result or a refusal), and each message
 * is cut into chunks, which are numbered through the whole reply.
 *
 * <pre>
 *   0        4        8                 16                24       28      29      32
 *   +--------+--------+-----------------+-----------------+--------+-------+-------+----------------+
 *   | CRC-32C| version| client          | correlation     | number | kind  | 1 if  | JSON, UTF-8    |
 *   | of rest|        |                 |                 |        |       | last  |                |
 *   +--------+--------+-----------------+-----------------+--------+-------+-------+----------------+
 * </pre>
 *
 * Last is said of the last chunk of a message. Little endian. Immutable.
 */
final class ReplyChunk
{
    static final int TYPE = 1;
    static final int HEADER_LENGTH = 32;
    static final int MAX_TEXT_LENGTH = 16 << 10;
    static final int MAX_LENGTH = HEADER_LENGTH + MAX_TEXT_LENGTH;
    static final byte KIND_ITEM = 0;
    static final byte KIND_RESULT = 1;
    static final byte KIND_REFUSAL = 2;

    private static final int VERSION_OFFSET = 4;
    private static final int CLIENT_OFFSET = 8;
    private static final int CORRELATION_OFFSET = 16;
    private static final int NUMBER_OFFSET = 24;
    private static final int KIND_OFFSET = 28;
    private static final int LAST_OFFSET = 29;

    private final byte[] array;
    private final ByteBuffer bytes;
    private final int length;

    private ReplyChunk(final byte[] array, final ByteBuffer bytes, final int length)
    {
        this.array = array;
        this.bytes = bytes;
        this.length = length;
    }

    /**
     * @param message bytes, of which the first so many are the chunk, if it is one.
     * @param length  of it.
     * @return the chunk, valid until the bytes change; null if it is none.
     */
    static ReplyChunk read(final byte[] message, final int length)
    {
        final ByteBuffer buffer = ByteBuffer.wrap(message).order(ByteOrder.LITTLE_ENDIAN);
        final boolean isSound = length >= HEADER_LENGTH && length <= MAX_LENGTH &&
            buffer.getInt(0) == CommandMessage.checksum(message, length) &&
            buffer.getInt(VERSION_OFFSET) == CommandMessage.VERSION &&
            buffer.get(KIND_OFFSET) >= KIND_ITEM && buffer.get(KIND_OFFSET) <= KIND_REFUSAL;
        return isSound ? new ReplyChunk(message, buffer, length) : null;
    }

    static byte[] of(
        final ReplyKey key,
        final int number,
        final byte kind,
        final boolean isLast,
        final byte[] text,
        final int from,
        final int to)
    {
        final byte[] bytes = new byte[HEADER_LENGTH + to - from];
        final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)
            .putInt(VERSION_OFFSET, CommandMessage.VERSION)
            .putLong(CLIENT_OFFSET, key.client())
            .putLong(CORRELATION_OFFSET, key.correlation())
            .putInt(NUMBER_OFFSET, number)
            .put(KIND_OFFSET, kind)
            .put(LAST_OFFSET, (byte)(isLast ? 1 : 0));
        System.arraycopy(text, from, bytes, HEADER_LENGTH, to - from);
        buffer.putInt(0, CommandMessage.checksum(bytes, bytes.length));
        return bytes;
    }

    boolean isOf(final ReplyKey key)
    {
        return bytes.getLong(CLIENT_OFFSET) == key.client() &&
            bytes.getLong(CORRELATION_OFFSET) == key.correlation();
    }

    int number()
    {
        return bytes.getInt(NUMBER_OFFSET);
    }

    byte kind()
    {
        return bytes.get(KIND_OFFSET);
    }

    boolean isLast()
    {
        return bytes.get(LAST_OFFSET) != 0;
    }

    int textLength()
    {
        return length - HEADER_LENGTH;
    }

    byte[] array()
    {
        return array;
    }
}
