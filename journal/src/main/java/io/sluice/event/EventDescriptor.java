package io.sluice.event;

import io.sluice.event.codec.EventRecordDecoder;
import io.sluice.event.codec.MessageHeaderDecoder;

/**
 * Layout of an event record, little-endian; the schema {@code event-record.xml} beside this class is its source.
 *
 * <pre>
 *   0        8        16       24       32       40               56
 *   +--------+--------+--------+--------+--------+----------------+--------+
 *   | header | run id |sequence|journal | event  |  content hash  |context |
 *   |        |        |        | time   | time   |     (128)      | hash   |
 *   +--------+--------+--------+--------+--------+----------------+--------+
 *   64                80       88       96                        112      120
 *   +-----------------+--------+--------+-------------------------+--------+
 *   | id (UUID, hash) |original|aggreg. | length, codes, flags,   |checksum|
 *   |                 |sequence|version | batch                   |        |
 *   +-----------------+--------+--------+-------------------------+--------+
 *   120   content region: type, source, payload
 *    …    context region: id, subject, … metadata
 * </pre>
 *
 * The checksum covers bytes 0 to 111, which hold the hashes of the two regions: together they cover the record. The
 * offsets here count from the start of the record, message header included.
 */
public final class EventDescriptor
{
    /** Length of the SBE message header. */
    public static final int MESSAGE_HEADER_LENGTH = MessageHeaderDecoder.ENCODED_LENGTH;
    /** Length of message header and fixed block, as this version writes them. */
    public static final int FIXED_LENGTH = MESSAGE_HEADER_LENGTH + EventRecordDecoder.BLOCK_LENGTH;
    /** Records in an excerpt start at multiples of this. */
    public static final int RECORD_ALIGNMENT = 8;
    /** Length of a record without any variable byte. */
    public static final int MIN_RECORD_LENGTH = FIXED_LENGTH + 12 * 2 + 2 * 4;
    /** Value of {@code eventTime} of a record whose publisher gave no time. */
    public static final long NO_EVENT_TIME = EventRecordDecoder.eventTimeNullValue();
    /** Value of {@code aggregateVersion} for an event without an aggregate version. */
    public static final long NO_AGGREGATE_VERSION = EventRecordDecoder.aggregateVersionNullValue();

    static final int RUN_ID_OFFSET = at(EventRecordDecoder.runIdEncodingOffset());
    static final int SEQUENCE_OFFSET = at(EventRecordDecoder.sequenceEncodingOffset());
    static final int JOURNAL_TIME_OFFSET = at(EventRecordDecoder.journalTimeEncodingOffset());
    static final int EVENT_TIME_OFFSET = at(EventRecordDecoder.eventTimeEncodingOffset());
    static final int CONTENT_HASH_HIGH_OFFSET = at(EventRecordDecoder.contentHashHighEncodingOffset());
    static final int CONTENT_HASH_LOW_OFFSET = at(EventRecordDecoder.contentHashLowEncodingOffset());
    static final int CONTEXT_HASH_OFFSET = at(EventRecordDecoder.contextHashEncodingOffset());
    static final int ID_HIGH_OFFSET = at(EventRecordDecoder.idHighEncodingOffset());
    static final int ID_LOW_OFFSET = at(EventRecordDecoder.idLowEncodingOffset());
    static final int ORIGINAL_SEQUENCE_OFFSET = at(EventRecordDecoder.originalSequenceEncodingOffset());
    static final int AGGREGATE_VERSION_OFFSET = at(EventRecordDecoder.aggregateVersionEncodingOffset());
    static final int RECORD_LENGTH_OFFSET = at(EventRecordDecoder.recordLengthEncodingOffset());
    static final int PRIORITY_OFFSET = at(EventRecordDecoder.priorityEncodingOffset());
    static final int CATEGORY_OFFSET = at(EventRecordDecoder.categoryEncodingOffset());
    static final int VERDICT_OFFSET = at(EventRecordDecoder.verdictEncodingOffset());
    static final int CONTENT_TYPE_OFFSET = at(EventRecordDecoder.contentTypeCodeEncodingOffset());
    static final int FLAGS_OFFSET = at(EventRecordDecoder.flagsEncodingOffset());
    static final int BATCH_INDEX_OFFSET = at(EventRecordDecoder.batchIndexEncodingOffset());
    static final int BATCH_COUNT_OFFSET = at(EventRecordDecoder.batchCountEncodingOffset());
    static final int ID_CODE_OFFSET = at(EventRecordDecoder.idCodeEncodingOffset());
    static final int RESERVED_OFFSET = at(EventRecordDecoder.reservedEncodingOffset());
    static final int CHECKSUM_OFFSET = at(EventRecordDecoder.checksumEncodingOffset());

    /** Flag: handed out again after a restart; set on delivery, never in the journal. */
    public static final int FLAG_REDELIVERED = 1;
    /** Flag: came from a replay. */
    public static final int FLAG_REPLAYED = 1 << 1;
    /** Flag: repairs a dead letter. */
    public static final int FLAG_CORRECTION = 1 << 2;

    /** {@code idCode} of an id that is a UUID. */
    static final int ID_UUID = 0;
    /** {@code idCode} of an id that is text. */
    static final int ID_TEXT = 1;

    private EventDescriptor()
    {
    }

    /**
     * Length of a record in an excerpt, padding included.
     *
     * @param recordLength in bytes.
     * @return the next multiple of {@link #RECORD_ALIGNMENT}.
     */
    public static int alignedLength(final int recordLength)
    {
        return (recordLength + (RECORD_ALIGNMENT - 1)) & -RECORD_ALIGNMENT;
    }

    private static int at(final int blockOffset)
    {
        return MESSAGE_HEADER_LENGTH + blockOffset;
    }
}
