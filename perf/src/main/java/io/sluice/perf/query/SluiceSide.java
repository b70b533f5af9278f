package io.sluice.perf.query;

import io.sluice.event.EventFlyweight;
import io.sluice.event.filter.EventFilterBuilder;
import io.sluice.journal.RecordHandler;
import io.sluice.query.EventQuery;
import io.sluice.query.JournalQuery;
import io.sluice.query.QueryContext;
import java.nio.file.Path;

/** The journal with its index. */
final class SluiceSide implements QuerySide, RecordHandler
{
    private final JournalQuery journal;
    private long count;
    private long sum;
    private long scanned;

    SluiceSide(final Path directory, final boolean useIndex)
    {
        journal = JournalQuery.open(new QueryContext().directory(directory).useIndex(useIndex));
    }

    @Override
    public void onRecord(final EventFlyweight event)
    {
        count++;
        sum += event.sequence() - 1;
    }

    /** @return events that the last question had to look at. */
    long scanned()
    {
        return scanned;
    }

    @Override
    public Answer byId(final String id)
    {
        return ask(EventQuery.of(new EventFilterBuilder().id(id).build()));
    }

    @Override
    public Answer byCorrelation(final String id)
    {
        return ask(EventQuery.of(new EventFilterBuilder().correlationId(id).build()));
    }

    @Override
    public Answer byAggregate(final String type, final String id)
    {
        return ask(EventQuery.of(new EventFilterBuilder().aggregate(type, id).build()));
    }

    @Override
    public Answer errors(final String type, final long fromNs, final long toNs, final int limit)
    {
        return ask(EventQuery.of(
            "type = '" + type + "' AND timestamp >= '" + QueryTraffic.time(fromNs) + "' AND timestamp < '" +
            QueryTraffic.time(toNs) + "' AND payload.status = 'error'").limit(limit));
    }

    @Override
    public void close()
    {
        journal.close();
    }

    private Answer ask(final EventQuery query)
    {
        count = 0;
        sum = 0;
        scanned = journal.run(query, this).scanned();
        return new Answer(count, sum);
    }
}
