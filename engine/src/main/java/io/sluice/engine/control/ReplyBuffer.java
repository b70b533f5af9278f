package io.sluice.engine.control;

import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.broadcast.BroadcastBufferDescriptor;
import org.agrona.concurrent.broadcast.BroadcastTransmitter;
import org.agrona.concurrent.broadcast.RecordDescriptor;

/** The engine's end of the reply buffer: writes over what is oldest, whoever has read it or not. One thread. */
final class ReplyBuffer
{
    private static final int CAPACITY = ControlLayout.REPLIES_CAPACITY;
    private static final int INTENT = CAPACITY + BroadcastBufferDescriptor.TAIL_INTENT_COUNTER_OFFSET;
    private static final int TAIL = CAPACITY + BroadcastBufferDescriptor.TAIL_COUNTER_OFFSET;

    private final ControlChannel channel;
    private final UnsafeBuffer buffer;
    private final BroadcastTransmitter transmitter;
    private final UnsafeBuffer message = new UnsafeBuffer(0, 0);
    private long tail;

    ReplyBuffer(final ControlChannel channel)
    {
        this.channel = channel;
        buffer = channel.replies();
        transmitter = new BroadcastTransmitter(buffer);
    }

    /**
     * @throws ChannelDamagedException if somebody else has written there.
     */
    void check() throws ChannelDamagedException
    {
        if (buffer.getLongVolatile(TAIL) != tail || buffer.getLongVolatile(INTENT) != tail)
        {
            throw new ChannelDamagedException("its positions are nonsense");
        }
    }

    void transmit(final byte[] chunk) throws ChannelDamagedException
    {
        final int index = (int)tail & CAPACITY - 1;
        final int length =
            BitUtil.align(RecordDescriptor.HEADER_LENGTH + chunk.length, RecordDescriptor.RECORD_ALIGNMENT);
        channel.check(buffer, index, Math.min(CAPACITY, index + length));
        channel.check(buffer, 0, length);
        message.wrap(chunk);
        transmitter.transmit(ReplyChunk.TYPE, message, 0, chunk.length);
        tail = buffer.getLongVolatile(TAIL);
    }
}
