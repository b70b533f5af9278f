package io.sluice.archive;

import io.sluice.event.EventDescriptor;
import io.sluice.event.EventField;
import io.sluice.event.codec.EventRecordDecoder;

/** Where the fixed fields of an event record lie, and which column its text fields go to. */
final class RecordLayout
{
    static final int RUN_ID = at(EventRecordDecoder.runIdEncodingOffset());
    static final int SEQUENCE = at(EventRecordDecoder.sequenceEncodingOffset());
    static final int JOURNAL_TIME = at(EventRecordDecoder.journalTimeEncodingOffset());
    static final int EVENT_TIME = at(EventRecordDecoder.eventTimeEncodingOffset());
    static final int CONTENT_HASH_HIGH = at(EventRecordDecoder.contentHashHighEncodingOffset());
    static final int CONTENT_HASH_LOW = at(EventRecordDecoder.contentHashLowEncodingOffset());
    static final int CONTEXT_HASH = at(EventRecordDecoder.contextHashEncodingOffset());
    static final int ID_HIGH = at(EventRecordDecoder.idHighEncodingOffset());
    static final int ID_LOW = at(EventRecordDecoder.idLowEncodingOffset());
    static final int ORIGINAL_SEQUENCE = at(EventRecordDecoder.originalSequenceEncodingOffset());
    static final int AGGREGATE_VERSION = at(EventRecordDecoder.aggregateVersionEncodingOffset());
    static final int RECORD_LENGTH = at(EventRecordDecoder.recordLengthEncodingOffset());
    static final int PRIORITY = at(EventRecordDecoder.priorityEncodingOffset());
    static final int CATEGORY = at(EventRecordDecoder.categoryEncodingOffset());
    static final int VERDICT = at(EventRecordDecoder.verdictEncodingOffset());
    static final int CONTENT_TYPE = at(EventRecordDecoder.contentTypeCodeEncodingOffset());
    static final int FLAGS = at(EventRecordDecoder.flagsEncodingOffset());
    static final int BATCH_INDEX = at(EventRecordDecoder.batchIndexEncodingOffset());
    static final int BATCH_COUNT = at(EventRecordDecoder.batchCountEncodingOffset());
    static final int ID_CODE = at(EventRecordDecoder.idCodeEncodingOffset());
    static final int RESERVED = at(EventRecordDecoder.reservedEncodingOffset());
    static final int CHECKSUM = at(EventRecordDecoder.checksumEncodingOffset());

    static final int ID_IS_UUID = 0;
    static final int ID_IS_TEXT = 1;

    /** Bytes of a value in the column of codes, and where in it the code of the id stands. */
    static final int CODES_LENGTH = 8;
    static final int CODES_ID = 6;

    private static final EventField[] FIELDS = EventField.values();

    private RecordLayout()
    {
    }

    static EventField field(final int ordinal)
    {
        return FIELDS[ordinal];
    }

    private static int at(final int blockOffset)
    {
        return EventDescriptor.MESSAGE_HEADER_LENGTH + blockOffset;
    }
}
