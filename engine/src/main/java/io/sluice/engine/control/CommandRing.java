package io.sluice.engine.control;

import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.RecordDescriptor;
import org.agrona.concurrent.ringbuffer.RingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * The engine's end of the ring that clients write with Agrona's many to one ring buffer. Unlike Agrona's own it
 * believes nothing that it reads there: each length is read once and checked, its position is its own, and a message
 * is copied before anybody looks at it.
 *
 * <p>One thread; a poll that finds nothing allocates nothing.
 */
final class CommandRing
{
    /** How long a client may take between its claim of a place and the end of its writing, which are a copy apart. */
    static final long UNBLOCK_NS = 1_000_000_000L;

    private static final int CAPACITY = ControlLayout.RING_CAPACITY;
    private static final int TAIL = CAPACITY + RingBufferDescriptor.TAIL_POSITION_OFFSET;
    private static final int HEAD = CAPACITY + RingBufferDescriptor.HEAD_POSITION_OFFSET;

    private final ControlChannel channel;
    private final UnsafeBuffer buffer;
    private long head;
    private long blockedAt = -1;
    private long blockedSinceNs;
    private long unblocked;

    /** Takes the messages. */
    @FunctionalInterface
    interface MessageHandler
    {
        /**
         * @param typeId  of the message.
         * @param message the handler's own copy.
         */
        void onMessage(int typeId, byte[] message);
    }

    CommandRing(final ControlChannel channel)
    {
        this.channel = channel;
        buffer = channel.ring();
    }

    /** @return how often a place was given up, because its client did not write. */
    long unblocked()
    {
        return unblocked;
    }

    /**
     * Hand over what has been written.
     *
     * @param handler must not throw.
     * @param limit   of messages.
     * @param nowNs   the engine's clock.
     * @return number of records that were read.
     * @throws ChannelDamagedException if positions or lengths are nonsense.
     */
    int poll(final MessageHandler handler, final int limit, final long nowNs) throws ChannelDamagedException
    {
        final long tail = buffer.getLongVolatile(TAIL);
        if (tail == head && buffer.getLongVolatile(HEAD) == head)
        {
            return 0;
        }
        checkPositions(tail);
        int count = 0;
        while (count < limit && head < tail)
        {
            final int index = (int)head & CAPACITY - 1;
            final int left = (int)Math.min(CAPACITY - index, tail - head);
            channel.check(buffer, index, index + RecordDescriptor.HEADER_LENGTH);
            final int length = buffer.getIntVolatile(RecordDescriptor.lengthOffset(index));
            if (length <= 0)
            {
                return count + unblock(index, length, left, nowNs);
            }
            if (length < RecordDescriptor.HEADER_LENGTH || length > left)
            {
                throw new ChannelDamagedException("a command has an impossible length");
            }
            take(handler, index, length, left);
            count++;
        }
        return count;
    }

    private void checkPositions(final long tail) throws ChannelDamagedException
    {
        final long written = tail - head;
        if (buffer.getLongVolatile(HEAD) != head || written < 0 || written > CAPACITY ||
            (tail & RecordDescriptor.ALIGNMENT - 1) != 0)
        {
            throw new ChannelDamagedException("its positions are nonsense");
        }
    }

    private void take(final MessageHandler handler, final int index, final int length, final int left)
        throws ChannelDamagedException
    {
        final int typeId = buffer.getInt(RecordDescriptor.typeOffset(index));
        final int messageLength = length - RecordDescriptor.HEADER_LENGTH;
        final boolean isMessage = typeId != RingBuffer.PADDING_MSG_TYPE_ID;
        if (isMessage && messageLength > ControlLayout.MAX_COMMAND_LENGTH)
        {
            throw new ChannelDamagedException("a command has an impossible length");
        }
        channel.check(buffer, index, index + length);
        byte[] message = null;
        if (isMessage)
        {
            message = new byte[messageLength];
            buffer.getBytes(RecordDescriptor.encodedMsgOffset(index), message);
        }
        release(index, Math.min(BitUtil.align(length, RecordDescriptor.ALIGNMENT), left));
        if (isMessage)
        {
            handler.onMessage(typeId, message);
        }
    }

    /**
     * A client has claimed this place and not finished writing. If it does not do that in time, it has died, or it
     * will find its place gone. What others wrote behind it is kept.
     */
    private int unblock(final int index, final int length, final int left, final long nowNs)
        throws ChannelDamagedException
    {
        if (blockedAt != head)
        {
            blockedAt = head;
            blockedSinceNs = nowNs;
            return 0;
        }
        if (nowNs - blockedSinceNs < UNBLOCK_NS)
        {
            return 0;
        }
        channel.check(buffer, index, index + left);
        // A length that is negative is that of the place; with none, the next record begins where bytes are not zero.
        final int skipped = length == 0 ? zeros(index, left) : -length;
        if (skipped < RecordDescriptor.HEADER_LENGTH || skipped > left)
        {
            throw new ChannelDamagedException("a command that is being written has an impossible length");
        }
        unblocked++;
        release(index, Math.min(BitUtil.align(skipped, RecordDescriptor.ALIGNMENT), left));
        return 1;
    }

    private int zeros(final int index, final int left)
    {
        int length = RecordDescriptor.ALIGNMENT;
        while (length < left && buffer.getIntVolatile(index + length) == 0)
        {
            length += RecordDescriptor.ALIGNMENT;
        }
        return length;
    }

    // Zeros first: a producer that sees the new position may write there, and the next reader relies on them.
    private void release(final int index, final int length)
    {
        buffer.setMemory(index, length, (byte)0);
        head += length;
        buffer.putLongRelease(HEAD, head);
    }
}
