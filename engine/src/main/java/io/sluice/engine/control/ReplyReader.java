package io.sluice.engine.control;

import java.lang.invoke.VarHandle;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.broadcast.BroadcastBufferDescriptor;
import org.agrona.concurrent.broadcast.RecordDescriptor;

/**
 * A client's end of the reply buffer that the engine writes with Agrona's broadcast transmitter. Unlike Agrona's own
 * receiver it believes nothing that it reads there: no length leads out of the buffer, and one step reads at most one
 * record, whatever the file holds.
 *
 * <p>One thread.
 */
final class ReplyReader
{
    /** Nothing to read now. */
    static final int NOTHING = 0;
    /** What was to be read has been overwritten, or is nonsense. It goes on with what comes next. */
    static final int MISSED = -1;
    /** A record without a message was read. */
    static final int PADDING = -2;

    private static final int CAPACITY = ControlLayout.REPLIES_CAPACITY;
    private static final int INTENT = CAPACITY + BroadcastBufferDescriptor.TAIL_INTENT_COUNTER_OFFSET;
    private static final int TAIL = CAPACITY + BroadcastBufferDescriptor.TAIL_COUNTER_OFFSET;
    private static final int ALIGNMENT = RecordDescriptor.RECORD_ALIGNMENT;

    private final UnsafeBuffer buffer;
    private final byte[] message = new byte[ReplyChunk.MAX_LENGTH];
    private long cursor;

    private ReplyReader(final UnsafeBuffer replies)
    {
        buffer = replies;
    }

    /** From what comes next on. */
    static ReplyReader fromEnd(final UnsafeBuffer replies)
    {
        final ReplyReader reader = new ReplyReader(replies);
        reader.skipAll();
        return reader;
    }

    /** From the first record on that was ever written. */
    static ReplyReader fromStart(final UnsafeBuffer replies)
    {
        return new ReplyReader(replies);
    }

    /** @return bytes of the last record that was read; valid until the next one is. */
    byte[] message()
    {
        return message;
    }

    /** @return length of a message that was read; {@link #NOTHING}, {@link #MISSED} or {@link #PADDING}. */
    int poll()
    {
        final long tail = buffer.getLongVolatile(TAIL);
        final long written = tail - cursor;
        if (written == 0)
        {
            return NOTHING;
        }
        final int index = (int)cursor & CAPACITY - 1;
        if (written < ALIGNMENT || written > CAPACITY)
        {
            return skipAll();
        }
        final int length = buffer.getInt(RecordDescriptor.lengthOffset(index));
        final int typeId = buffer.getInt(RecordDescriptor.typeOffset(index));
        if (length < RecordDescriptor.HEADER_LENGTH || length > CAPACITY - index || length > written)
        {
            return skipAll();
        }
        final boolean isPadding = typeId == RecordDescriptor.PADDING_MSG_TYPE_ID;
        final int messageLength = length - RecordDescriptor.HEADER_LENGTH;
        if (!isPadding)
        {
            if (messageLength > message.length)
            {
                return skipAll();
            }
            buffer.getBytes(RecordDescriptor.msgOffset(index), message, 0, messageLength);
        }
        // The engine says what it is going to overwrite before it does: unchanged, what was read is whole.
        VarHandle.loadLoadFence();
        final long promised = buffer.getLongVolatile(INTENT) - cursor;
        if (promised < 0 || promised > CAPACITY)
        {
            return skipAll();
        }
        cursor += BitUtil.align(length, ALIGNMENT);
        return isPadding ? PADDING : messageLength;
    }

    private int skipAll()
    {
        cursor = buffer.getLongVolatile(TAIL) & -ALIGNMENT;
        return MISSED;
    }
}
