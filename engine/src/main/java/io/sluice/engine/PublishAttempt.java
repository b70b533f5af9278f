package io.sluice.engine;

import io.sluice.event.EventFlyweight;
import org.agrona.DirectBuffer;

/** What one thread is about to publish, an event or a batch, while it may have to wait. One per thread, reused. */
final class PublishAttempt
{
    private final EventFlyweight view = new EventFlyweight();
    private PublisherShare share;
    private boolean inHandler;
    private DirectBuffer record;
    private int offset;
    private int length;
    private int priorityCode;
    private long intendedNs;
    private Object attachment;
    private EventBatchBuilder batch;
    private AwaitedReceipt[] receipts;

    PublishAttempt event(
        final PublisherShare ofShare,
        final boolean isInHandler,
        final DirectBuffer buffer,
        final int at,
        final int recordLength,
        final int code,
        final long intendedTimeNs,
        final Object forSequencing)
    {
        share = ofShare;
        inHandler = isInHandler;
        record = buffer;
        offset = at;
        length = recordLength;
        priorityCode = code;
        intendedNs = intendedTimeNs;
        attachment = forSequencing;
        return this;
    }

    PublishAttempt batch(
        final PublisherShare ofShare,
        final boolean isInHandler,
        final EventBatchBuilder events,
        final long intendedTimeNs,
        final AwaitedReceipt[] awaited)
    {
        share = ofShare;
        inHandler = isInHandler;
        batch = events;
        priorityCode = events.priority().code();
        intendedNs = intendedTimeNs;
        receipts = awaited;
        return this;
    }

    void clear()
    {
        share = null;
        record = null;
        attachment = null;
        batch = null;
        receipts = null;
    }

    PublisherShare share()
    {
        return share;
    }

    boolean isInHandler()
    {
        return inHandler;
    }

    int priorityCode()
    {
        return priorityCode;
    }

    /** @return events that it is about. */
    int count()
    {
        return batch == null ? 1 : batch.size();
    }

    /** @return 0, or why it is never to be accepted. */
    long refusal()
    {
        return batch == null ? 0L : batch.refusal();
    }

    /** View one of the events. */
    EventFlyweight event(final int index)
    {
        return batch == null ? view.wrap(record, offset) : batch.event(index);
    }

    /** Try, uncounted. */
    long run(final Admission admission)
    {
        return batch == null ?
            admission.tryAdmit(share, inHandler, record, offset, length, priorityCode, intendedNs, attachment) :
            admission.tryAdmit(share, inHandler, batch, intendedNs, receipts);
    }
}
