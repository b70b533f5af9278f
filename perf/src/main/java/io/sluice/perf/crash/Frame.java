package io.sluice.perf.crash;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/**
 * What a child says, one frame at a time. All frames have the same length, far below the size up to which a pipe
 * takes a write as a whole, so a killed child leaves no half of one.
 *
 * <pre>
 *   0      4      8          16         24         32         40
 *   +------+------+----------+----------+----------+----------+
 *   | kind | code |  first   |  second  |  third   |  fourth  |
 *   +------+------+----------+----------+----------+----------+
 * </pre>
 *
 * @param kind   what is said.
 * @param code   see {@link Kind}.
 * @param first  see {@link Kind}.
 * @param second see {@link Kind}.
 * @param third  see {@link Kind}.
 * @param fourth see {@link Kind}.
 */
record Frame(Kind kind, int code, long first, long second, long third, long fourth)
{
    static final int LENGTH = 40;

    private static final Kind[] KINDS = Kind.values();

    /** Kinds of frames. */
    enum Kind
    {
        /** The JVM is up and waits for a command. */
        READY,
        /** About to publish. first: attempt, second: id key, third: content key. */
        ATTEMPT,
        /** Acknowledged. code: verdict, -1 unknown; first: attempt, second: sequence, third: original sequence, -1
         * unknown, fourth: id key of the receipt. */
        ACKNOWLEDGED,
        /**
         * A handler call is complete. code: 1 if flagged redelivered; first: sequence, second: id key, third:
         * content key.
         */
        HANDLED,
        /** The journal enters a step of a risky phase. code: phase; first: step. */
        STEP,
        /** The same, and it stays there until it is killed. code: phase; first: step. */
        HOLDING,
        /** Redelivery is over, admission is open; waits for a go. first: last sequence found at the start. */
        RUNNING,
        /** All that one child may publish is published. */
        EXHAUSTED,
        /** The engine was closed in order. */
        FINISHED
    }

    /**
     * Write this frame into a buffer.
     */
    void encode(final ByteBuffer buffer)
    {
        buffer.clear();
        buffer.putInt(kind.ordinal()).putInt(code).putLong(first).putLong(second).putLong(third).putLong(fourth);
    }

    /**
     * Read the next frame.
     *
     * @return the frame, or null at the end of the stream.
     */
    static Frame read(final InputStream in, final byte[] scratch) throws IOException
    {
        final int length = in.readNBytes(scratch, 0, LENGTH);
        if (length == 0)
        {
            return null;
        }
        if (length < LENGTH)
        {
            throw new EOFException("the child's last frame has " + length + " of " + LENGTH + " bytes");
        }
        final ByteBuffer buffer = ByteBuffer.wrap(scratch);
        final int kind = buffer.getInt();
        if (kind < 0 || kind >= KINDS.length)
        {
            throw new IOException("the child wrote something else than frames to its stdout: kind " + kind);
        }
        return new Frame(
            KINDS[kind], buffer.getInt(), buffer.getLong(), buffer.getLong(), buffer.getLong(), buffer.getLong());
    }
}
