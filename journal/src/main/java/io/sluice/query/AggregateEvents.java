package io.sluice.query;

import io.sluice.event.EventException;
import io.sluice.event.EventFlyweight;
import io.sluice.journal.RecordHandler;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;

/** Events of one aggregate, copied, to be handed out by version and then by sequence. */
final class AggregateEvents
{
    private record Copy(long version, long sequence, UnsafeBuffer record)
    {
    }

    private final List<Copy> copies = new ArrayList<>();

    void add(final EventFlyweight event)
    {
        if (copies.size() == EventQuery.MAX_COLLECTED)
        {
            throw new EventException(
                "the aggregate has more than " + EventQuery.MAX_COLLECTED + " events; ask from a later version on");
        }
        final UnsafeBuffer record = new UnsafeBuffer(new byte[event.recordLength()]);
        event.copyTo(record, 0);
        copies.add(new Copy(event.aggregateVersion(), event.sequence(), record));
    }

    void forEach(final RecordHandler handler)
    {
        copies.sort(Comparator.comparingLong(Copy::version).thenComparingLong(Copy::sequence));
        final EventFlyweight event = new EventFlyweight();
        copies.forEach((copy) -> handler.onRecord(event.wrap(copy.record(), 0)));
    }
}
