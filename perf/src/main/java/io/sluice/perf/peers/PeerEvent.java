package io.sluice.perf.peers;

import io.sluice.event.EventDescriptor;
import io.sluice.event.IdGenerator;
import io.sluice.event.Priority;
import io.sluice.event.codec.EventRecordDecoder;
import io.sluice.perf.baseline.RecordTemplate;
import io.sluice.perf.latency.OpenLoop;
import org.agrona.DirectBuffer;

/**
 * The event that is published next: the record that Sluice would write, with an id and a priority of its own, as
 * opaque bytes to everybody else. Its number, from 0, is in its payload and decides its priority. Confined to the
 * publishing thread.
 */
final class PeerEvent
{
    /** Bytes of a payload. */
    static final int PAYLOAD_LENGTH = 256;

    private static final RecordTemplate MODEL = new RecordTemplate(PAYLOAD_LENGTH);
    private static final int LENGTH = MODEL.length();
    private static final int NUMBER_OFFSET = MODEL.numberOffset();
    private static final int PRIORITY_OFFSET = inRecord(EventRecordDecoder.priorityEncodingOffset());
    private static final int ID_HIGH_OFFSET = inRecord(EventRecordDecoder.idHighEncodingOffset());
    private static final int ID_LOW_OFFSET = inRecord(EventRecordDecoder.idLowEncodingOffset());

    private final RecordTemplate record = new RecordTemplate(PAYLOAD_LENGTH);
    private final IdGenerator ids = new IdGenerator(System.nanoTime());
    private long number;
    private Priority priority = Priority.NORMAL;

    /**
     * Become another event.
     *
     * @param next number.
     * @return this.
     */
    PeerEvent become(final long next)
    {
        number = next;
        priority = OpenLoop.priorityOf(next);
        ids.next(System.currentTimeMillis() * 1_000_000L);
        record.number(next);
        record.buffer().putByte(PRIORITY_OFFSET, (byte)priority.code());
        record.buffer().putLong(ID_HIGH_OFFSET, ids.high());
        record.buffer().putLong(ID_LOW_OFFSET, ids.low());
        return this;
    }

    long number()
    {
        return number;
    }

    Priority priority()
    {
        return priority;
    }

    RecordTemplate record()
    {
        return record;
    }

    /** @return a new array: clients keep what they are given until it is sent. */
    byte[] toBytes()
    {
        final byte[] bytes = new byte[LENGTH];
        record.buffer().getBytes(0, bytes);
        return bytes;
    }

    /** @return length of every event, in bytes. */
    static int length()
    {
        return LENGTH;
    }

    static long numberOf(final DirectBuffer buffer, final int offset)
    {
        return buffer.getLong(offset + NUMBER_OFFSET);
    }

    static int priorityOf(final DirectBuffer buffer, final int offset)
    {
        return buffer.getByte(offset + PRIORITY_OFFSET);
    }

    private static int inRecord(final int offset)
    {
        return EventDescriptor.MESSAGE_HEADER_LENGTH + offset;
    }
}
