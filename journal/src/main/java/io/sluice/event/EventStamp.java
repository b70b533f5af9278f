package io.sluice.event;

import static io.sluice.event.EventDescriptor.*;

import org.agrona.MutableDirectBuffer;

/**
 * Writes the fields of a record that sequencing decides, and the checksum that closes it. Stateless; allocates nothing.
 */
public final class EventStamp
{
    private EventStamp()
    {
    }

    /**
     * Stamp a completed record.
     *
     * @param buffer           holds the record.
     * @param offset           of its first byte.
     * @param runId            of the engine run.
     * @param sequence         that it gets.
     * @param journalTimeNs    nanoseconds since 1970 UTC.
     * @param verdict          of dedup.
     * @param originalSequence of a duplicate, otherwise 0.
     */
    public static void stamp(
        final MutableDirectBuffer buffer,
        final int offset,
        final long runId,
        final long sequence,
        final long journalTimeNs,
        final Verdict verdict,
        final long originalSequence)
    {
        buffer.putLong(offset + RUN_ID_OFFSET, runId);
        buffer.putLong(offset + SEQUENCE_OFFSET, sequence);
        buffer.putLong(offset + JOURNAL_TIME_OFFSET, journalTimeNs);
        buffer.putLong(offset + ORIGINAL_SEQUENCE_OFFSET, originalSequence);
        buffer.putByte(offset + VERDICT_OFFSET, (byte)verdict.code());
        buffer.putLong(offset + CHECKSUM_OFFSET, EventHash.hash64(buffer, offset, CHECKSUM_OFFSET));
    }

    /**
     * Say where a record stands in an atomic batch; call before {@link #stamp}.
     *
     * @param buffer holds the record.
     * @param offset of its first byte.
     * @param index  from 0.
     * @param count  of the batch.
     */
    public static void batch(final MutableDirectBuffer buffer, final int offset, final int index, final int count)
    {
        buffer.putShort(offset + BATCH_INDEX_OFFSET, (short)index);
        buffer.putShort(offset + BATCH_COUNT_OFFSET, (short)count);
    }

    /**
     * Set the flags of a completed record; call before {@link #stamp}.
     *
     * @param buffer holds the record.
     * @param offset of its first byte.
     * @param flags  {@link EventDescriptor#FLAG_REPLAYED}, {@link EventDescriptor#FLAG_CORRECTION}, both or 0.
     */
    public static void flags(final MutableDirectBuffer buffer, final int offset, final int flags)
    {
        buffer.putShort(offset + FLAGS_OFFSET, (short)flags);
    }

    /**
     * Change the priority of a completed record; call before {@link #stamp}.
     *
     * @param buffer   holds the record.
     * @param offset   of its first byte.
     * @param priority that it gets.
     */
    public static void priority(final MutableDirectBuffer buffer, final int offset, final Priority priority)
    {
        buffer.putByte(offset + PRIORITY_OFFSET, (byte)priority.code());
    }
}
