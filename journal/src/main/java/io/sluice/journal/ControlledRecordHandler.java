package io.sluice.journal;

import io.sluice.event.EventFlyweight;

/** Gets records one by one, and says whether it wants more. */
@FunctionalInterface
public interface ControlledRecordHandler
{
    /** What becomes of the poll. */
    enum Action
    {
        /** Go on. */
        CONTINUE,
        /** End the poll behind this record. */
        BREAK,
        /** End the poll before this record: the next one hands it out again. */
        ABORT
    }

    /**
     * One record. The view is valid until the method returns. If it throws, the tailer stays before this record and the
     * exception reaches the caller of the poll.
     *
     * @param event view of the record.
     * @return what becomes of the poll.
     */
    Action onRecord(EventFlyweight event);
}
