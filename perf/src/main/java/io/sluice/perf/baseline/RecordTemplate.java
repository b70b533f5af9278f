package io.sluice.perf.baseline;

import io.sluice.event.EncodedText;
import io.sluice.event.EventDescriptor;
import io.sluice.event.EventEncoder;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.codec.EventRecordDecoder;
import java.nio.ByteBuffer;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * One complete event record of the size that Sluice would write, encoded once, so that the baselines move the same
 * bytes without paying for the encoding. The first eight bytes of its payload are free to hold a number. Confined
 * to one thread.
 */
public final class RecordTemplate
{
    /** Type of all events of the throughput and latency measurements. */
    public static final EncodedText TYPE = EncodedText.of(EventField.TYPE, "perf.measured");
    /** Source of them. */
    public static final EncodedText SOURCE = EncodedText.of(EventField.SOURCE, "perf");

    private static final int MAX_HEAD_LENGTH = 256;
    private static final int EVENT_TIME_OFFSET =
        EventDescriptor.MESSAGE_HEADER_LENGTH + EventRecordDecoder.eventTimeEncodingOffset();

    private final UnsafeBuffer buffer;
    private final int length;
    private final int numberOffset;

    /**
     * @param payloadLength in bytes, at least 8.
     */
    public RecordTemplate(final int payloadLength)
    {
        buffer = new UnsafeBuffer(ByteBuffer.allocateDirect(
            BitUtil.align(payloadLength + MAX_HEAD_LENGTH, BitUtil.CACHE_LINE_LENGTH)));
        length = new EventEncoder()
            .wrap(buffer, 0, buffer.capacity())
            .eventTime(System.currentTimeMillis() * 1_000_000L)
            .uuid(0x0123_4567_89AB_7DEFL, 0x8123_4567_89AB_CDEFL)
            .put(TYPE)
            .put(SOURCE)
            .put(EventField.PAYLOAD, payload(payloadLength), 0, payloadLength)
            .complete();
        numberOffset = new EventFlyweight().wrap(buffer, 0).fieldOffset(EventField.PAYLOAD);
    }

    /**
     * Payload bytes that look like something.
     *
     * @param length in bytes.
     * @return a new buffer off the heap.
     */
    public static UnsafeBuffer payload(final int length)
    {
        final UnsafeBuffer payload = new UnsafeBuffer(ByteBuffer.allocateDirect(length));
        for (int i = 0; i < length; i++)
        {
            payload.putByte(i, (byte)(i * 31 + 7));
        }
        return payload;
    }

    /** @return the buffer, record at 0. */
    public UnsafeBuffer buffer()
    {
        return buffer;
    }

    /** @return length of the record in bytes. */
    public int length()
    {
        return length;
    }

    /** @return offset of the free number in the record. */
    public int numberOffset()
    {
        return numberOffset;
    }

    /**
     * Set the free number.
     *
     * @param number of the event.
     * @return this.
     */
    public RecordTemplate number(final long number)
    {
        buffer.putLong(numberOffset, number);
        return this;
    }

    /**
     * Set the event time. Unlike the number it is in the part that sequencing covers with a checksum, so the record
     * stays valid.
     *
     * @param ns any number.
     * @return this.
     */
    public RecordTemplate eventTime(final long ns)
    {
        buffer.putLong(EVENT_TIME_OFFSET, ns);
        return this;
    }
}
