package io.sluice.engine.control;

import java.nio.file.Path;
import org.agrona.BitUtil;
import org.agrona.concurrent.broadcast.BroadcastBufferDescriptor;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Layout of {@code telemetry/commands.dat}. All lengths are fixed: none is ever taken from the file.
 *
 * <pre>
 *   0        8        16       24       32       40       48       56       64     4096             2105344
 *   +--------+--------+--------+--------+--------+--------+--------+--------+------+----------------+---------------+
 *   | magic  | pid    | run id |started |activity|process | pid    | state  |      | Agrona many to | Agrona        |
 *   |version |        |        | ns     | ns     | start  | space  |        |      | one ring 2 MiB | broadcast     |
 *   |        |        |        |        |        |        |        |        |      |                | buffer 1 MiB  |
 *   +--------+--------+--------+--------+--------+--------+--------+--------+------+----------------+---------------+
 * </pre>
 *
 * The magic number is written last, and the file is moved into place when it is complete. The activity timestamp is
 * the engine's clock at its last duty cycle. State says whether the engine still looks at this file.
 */
final class ControlLayout
{
    static final long MAGIC = 0x736C_6374_7262_0000L;
    static final long VERSION_MASK = 0xFFFFL;
    static final long VERSION = 1L;
    static final int MAGIC_OFFSET = 0;
    static final int PID_OFFSET = 8;
    static final int RUN_ID_OFFSET = 16;
    static final int STARTED_OFFSET = 24;
    static final int ACTIVITY_OFFSET = 32;
    static final int PROCESS_START_OFFSET = 40;
    static final int PID_SPACE_OFFSET = 48;
    static final int STATE_OFFSET = 56;
    static final int HEADER_LENGTH = 4096;

    static final long OPEN = 1L;
    static final long CLOSED = 2L;
    static final long REPLACED = 3L;

    static final int RING_CAPACITY = 2 << 20;
    static final int RING_OFFSET = HEADER_LENGTH;
    static final int RING_LENGTH = RING_CAPACITY + RingBufferDescriptor.TRAILER_LENGTH;
    static final int REPLIES_CAPACITY = 1 << 20;
    static final int REPLIES_OFFSET = BitUtil.align(RING_OFFSET + RING_LENGTH, HEADER_LENGTH);
    static final int REPLIES_LENGTH = REPLIES_CAPACITY + BroadcastBufferDescriptor.TRAILER_LENGTH;
    static final int FILE_LENGTH = BitUtil.align(REPLIES_OFFSET + REPLIES_LENGTH, HEADER_LENGTH);

    /** Of one command with everything around it: what the ring takes at most. */
    static final int MAX_COMMAND_LENGTH = RING_CAPACITY / 8;

    private ControlLayout()
    {
    }

    static Path file(final Path telemetry)
    {
        return telemetry.resolve("commands.dat");
    }
}
