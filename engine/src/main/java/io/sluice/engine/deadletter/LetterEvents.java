package io.sluice.engine.deadletter;

import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.EventStamp;
import io.sluice.event.EventStorageException;
import io.sluice.event.Verdict;
import io.sluice.journal.JournalRecords;

/** Makes events of the records that are copies of them. Not thread-safe. */
final class LetterEvents
{
    private final JournalRecords records;
    private final LetterEncoder encoder = new LetterEncoder();

    /**
     * @param records of the journal of dead letters; whoever gave them refreshes and closes them.
     */
    LetterEvents(final JournalRecords records)
    {
        this.records = records;
    }

    /** @return what a record says of its letter. */
    static LetterRecord parse(final EventFlyweight record)
    {
        return LetterRecord.parse(LetterEncoder.bytes(record, EventField.METADATA));
    }

    /**
     * @param copySequence of a record that is a copy.
     * @return the event as it was, valid until the next call; null if there is no such record.
     */
    EventFlyweight read(final long copySequence)
    {
        final EventFlyweight first = records.read(copySequence, JournalRecords.NO_PLACE);
        final LetterRecord letter = first == null ? null : parse(first);
        if (letter == null)
        {
            return null;
        }
        byte[] metadata = LetterMetadata.split(LetterEncoder.bytes(first, EventField.METADATA));
        if (letter.isMetadataApart())
        {
            final EventFlyweight next = records.read(copySequence + 1, JournalRecords.NO_PLACE);
            if (next == null)
            {
                throw new EventStorageException(
                    "the metadata of dead letter " + letter.letter() + ", sequence " + (copySequence + 1) +
                    " of the journal of dead letters, are gone; run `sluice verify` on it");
            }
            metadata = next.payload();
        }
        encoder.copy(records.read(copySequence, JournalRecords.NO_PLACE), metadata);
        EventStamp.stamp(
            encoder.buffer(), 0, letter.runId(), letter.sequence(), letter.recordedNs(), Verdict.ACCEPTED, 0);
        return encoder.view();
    }
}
