package io.sluice.engine.control;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;

/**
 * A message from a client.
 *
 * <pre>
 *   0        4        8                 16                24
 *   +--------+--------+-----------------+-----------------+------------------------------------------+
 *   | CRC-32C| version| client          | correlation     | type COMMAND or CHUNKS                   |
 *   | of rest|        |                 |                 |                                          |
 *   +--------+--------+-----------------+-----------------+------------------------------------------+
 *   COMMAND           24       32          40       44       48          52
 *                     +--------+-----------+--------+--------+-----------+------+------+-----------+
 *                     | pid    | time-out  | name   | user   | arguments | name | user | arguments |
 *                     |        | ns        | length | length | length    |      |      | JSON      |
 *                     +--------+-----------+--------+--------+-----------+------+------+-----------+
 *   CHUNKS            24       28
 *                     +--------+---------+
 *                     | from   | 1 again |
 *                     | chunk  | 0 go on |
 *                     +--------+---------+
 * </pre>
 *
 * Little endian, text in UTF-8. Immutable.
 */
final class CommandMessage
{
    static final int TYPE_COMMAND = 1;
    static final int TYPE_CHUNKS = 2;
    static final int VERSION = 1;
    static final int MAX_NAME_LENGTH = 64;
    static final int MAX_USER_LENGTH = 64;
    static final int COMMAND_LENGTH = 52;
    static final int CHUNKS_LENGTH = 32;

    /** What arguments may have at most, in bytes of UTF-8. */
    static final int MAX_ARGUMENTS_LENGTH =
        ControlLayout.MAX_COMMAND_LENGTH - COMMAND_LENGTH - MAX_NAME_LENGTH - MAX_USER_LENGTH;

    private static final int VERSION_OFFSET = 4;
    private static final int CLIENT_OFFSET = 8;
    private static final int CORRELATION_OFFSET = 16;
    private static final int PID_OFFSET = 24;
    private static final int TIMEOUT_OFFSET = 32;
    private static final int NAME_LENGTH_OFFSET = 40;
    private static final int USER_LENGTH_OFFSET = 44;
    private static final int ARGUMENTS_LENGTH_OFFSET = 48;
    private static final int FROM_OFFSET = 24;
    private static final int AGAIN_OFFSET = 28;

    private final ByteBuffer bytes;
    private final int typeId;

    private CommandMessage(final int typeId, final ByteBuffer bytes)
    {
        this.typeId = typeId;
        this.bytes = bytes;
    }

    /**
     * Read a message that nobody vouches for.
     *
     * @param typeId of it.
     * @param bytes  of it.
     * @return the message; its texts are still to be read.
     * @throws MalformedMessageException if it is none.
     */
    static CommandMessage read(final int typeId, final byte[] bytes) throws MalformedMessageException
    {
        if (typeId != TYPE_COMMAND && typeId != TYPE_CHUNKS)
        {
            throw new MalformedMessageException("a message is of no known type");
        }
        final int least = typeId == TYPE_COMMAND ? COMMAND_LENGTH : CHUNKS_LENGTH;
        if (bytes.length < least)
        {
            throw new MalformedMessageException("a message is too short");
        }
        final ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        if (buffer.getInt(0) != checksum(bytes, bytes.length))
        {
            throw new MalformedMessageException("the checksum of a message does not match");
        }
        if (buffer.getInt(VERSION_OFFSET) != VERSION)
        {
            throw new MalformedMessageException("a message is of another version");
        }
        final CommandMessage message = new CommandMessage(typeId, buffer);
        if (typeId == TYPE_COMMAND)
        {
            message.checkLengths();
        }
        return message;
    }

    static byte[] command(
        final ReplyKey key,
        final long pid,
        final long timeoutNs,
        final byte[] name,
        final byte[] user,
        final byte[] arguments)
    {
        final byte[] bytes = new byte[COMMAND_LENGTH + name.length + user.length + arguments.length];
        final ByteBuffer buffer = start(key, bytes)
            .putLong(PID_OFFSET, pid)
            .putLong(TIMEOUT_OFFSET, timeoutNs)
            .putInt(NAME_LENGTH_OFFSET, name.length)
            .putInt(USER_LENGTH_OFFSET, user.length)
            .putInt(ARGUMENTS_LENGTH_OFFSET, arguments.length);
        buffer.position(COMMAND_LENGTH);
        buffer.put(name).put(user).put(arguments).putInt(0, checksum(bytes, bytes.length));
        return bytes;
    }

    /**
     * @param key     of the reply.
     * @param from    first chunk that is wanted.
     * @param isAgain true if they are to be sent from there on once more, false if those before it have arrived.
     */
    static byte[] chunks(final ReplyKey key, final int from, final boolean isAgain)
    {
        final byte[] bytes = new byte[CHUNKS_LENGTH];
        final ByteBuffer buffer = start(key, bytes).putInt(FROM_OFFSET, from).putInt(AGAIN_OFFSET, isAgain ? 1 : 0);
        buffer.putInt(0, checksum(bytes, bytes.length));
        return bytes;
    }

    boolean isCommand()
    {
        return typeId == TYPE_COMMAND;
    }

    ReplyKey key()
    {
        return new ReplyKey(bytes.getLong(CLIENT_OFFSET), bytes.getLong(CORRELATION_OFFSET));
    }

    long pid()
    {
        return bytes.getLong(PID_OFFSET);
    }

    long timeoutNs()
    {
        return bytes.getLong(TIMEOUT_OFFSET);
    }

    int from()
    {
        return bytes.getInt(FROM_OFFSET);
    }

    boolean isAgain()
    {
        return bytes.getInt(AGAIN_OFFSET) != 0;
    }

    String name() throws MalformedMessageException
    {
        return text(COMMAND_LENGTH, bytes.getInt(NAME_LENGTH_OFFSET), "the name of a command");
    }

    String user() throws MalformedMessageException
    {
        return text(
            COMMAND_LENGTH + bytes.getInt(NAME_LENGTH_OFFSET), bytes.getInt(USER_LENGTH_OFFSET), "the user");
    }

    String arguments() throws MalformedMessageException
    {
        final int length = bytes.getInt(ARGUMENTS_LENGTH_OFFSET);
        return text(bytes.capacity() - length, length, "the arguments");
    }

    static int checksum(final byte[] bytes, final int length)
    {
        final CRC32C crc = new CRC32C();
        crc.update(bytes, Integer.BYTES, length - Integer.BYTES);
        return (int)crc.getValue();
    }

    private void checkLengths() throws MalformedMessageException
    {
        final int name = bytes.getInt(NAME_LENGTH_OFFSET);
        final int user = bytes.getInt(USER_LENGTH_OFFSET);
        final int arguments = bytes.getInt(ARGUMENTS_LENGTH_OFFSET);
        final boolean isEach = name > 0 && name <= MAX_NAME_LENGTH && user >= 0 && user <= MAX_USER_LENGTH &&
            arguments >= 0 && arguments <= MAX_ARGUMENTS_LENGTH;
        if (!isEach || COMMAND_LENGTH + name + user + arguments != bytes.capacity())
        {
            throw new MalformedMessageException("the parts of a command have lengths that do not fit it");
        }
    }

    private String text(final int index, final int length, final String what) throws MalformedMessageException
    {
        try
        {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes.slice(index, length)).toString();
        }
        catch (final CharacterCodingException ex)
        {
            throw new MalformedMessageException(what + " is not UTF-8", ex);
        }
    }

    private static ByteBuffer start(final ReplyKey key, final byte[] bytes)
    {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN)
            .putInt(VERSION_OFFSET, VERSION)
            .putLong(CLIENT_OFFSET, key.client())
            .putLong(CORRELATION_OFFSET, key.correlation());
    }
}
