package io.sluice.journal;

import io.sluice.event.EventFlyweight;

/** Receives the records of a tailer, in sequence, on the thread that polls. */
@FunctionalInterface
public interface RecordHandler
{
    /**
     * One record. The view is valid until the method returns. If it throws, the tailer stays before this record and the
     * exception reaches the caller of the poll.
     *
     * @param event view of the record.
     */
    void onRecord(EventFlyweight event);
}
