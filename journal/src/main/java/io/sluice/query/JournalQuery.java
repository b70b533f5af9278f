package io.sluice.query;

import io.sluice.event.EventException;
import io.sluice.event.EventFlyweight;
import io.sluice.event.filter.EventFilter;
import io.sluice.event.filter.EventFilterBuilder;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.RecordHandler;
import io.sluice.journal.StartPosition;
import io.sluice.journal.TailerContext;

/**
 * Asks a journal questions, in the process that writes it or in another one, over live and archived files alike. What
 * was journaled when a query starts is what it sees; what comes later it does not. Reads all of the range it is given.
 *
 * <pre>{@code
 * try (JournalQuery journal = JournalQuery.open(new QueryContext().directory(directory)))
 * {
 *     journal.run(EventQuery.of("type LIKE 'order.*' AND payload.total > 100").limit(10), event -> …);
 *     journal.events("Order", "o-7", 3, event -> …);
 * }
 * }</pre>
 *
 * <p>Not thread-safe: use one per thread. Queries run on the calling thread; the view of an event is valid until the
 * handler returns.
 */
public final class JournalQuery implements AutoCloseable
{
    private static final int POLL_LIMIT = 256;

    private final QueryContext context;
    private final JournalTailer tailer;

    private JournalQuery(final QueryContext context, final JournalTailer tailer)
    {
        this.context = context;
        this.tailer = tailer;
    }

    /**
     * Open a journal.
     *
     * @param context of it.
     * @return to be asked, and closed.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal or the directory can't be read.
     */
    public static JournalQuery open(final QueryContext context)
    {
        final TailerContext tailing = new TailerContext()
            .directory(context.directory())
            .keys(context.keys())
            .expiredRangeListener(context.expiredRangeListener())
            .lostRangeListener(context.lostRangeListener());
        return new JournalQuery(context, JournalTailer.open(tailing));
    }

    /**
     * Run a query.
     *
     * @param query   to run.
     * @param handler of the events, in order; what it throws ends the query.
     * @return what became of it.
     * @throws EventException if the journal is damaged where the query has to read it, or the query needs more memory
     *                        than it may have.
     */
    public QueryResult run(final EventQuery query, final RecordHandler handler)
    {
        final long limit = query.limit();
        if (!query.order().isCollected())
        {
            return new Scan(query, handler, limit).run();
        }
        if (limit > EventQuery.MAX_COLLECTED)
        {
            throw new EventException(
                "order " + query.order() + " keeps its events in memory, and limit " + limit + " is more than it may " +
                "keep; use at most " + EventQuery.MAX_COLLECTED);
        }
        final CollectedEvents collected = new CollectedEvents(query.order(), (int)limit);
        final QueryResult scanned = new Scan(query, collected::add, Long.MAX_VALUE).run();
        collected.forEach(handler);
        final boolean isCut = scanned.end() == QueryResult.End.COMPLETE && scanned.matched() > collected.size();
        return new QueryResult(
            collected.size(),
            scanned.matched(),
            scanned.scanned(),
            isCut ? QueryResult.End.LIMIT : scanned.end(),
            scanned.lastSequence());
    }

    /**
     * The events of an aggregate, by version, without duplicates.
     *
     * @param type        of the aggregate.
     * @param id          of the aggregate.
     * @param fromVersion least version wanted.
     * @param handler     of the events; those without a version are not handed out.
     * @return what became of it.
     */
    public QueryResult events(
        final String type, final String id, final long fromVersion, final RecordHandler handler)
    {
        final EventFilter filter = new EventFilterBuilder()
            .aggregate(type, id)
            .where("aggregate.version >= " + fromVersion)
            .where(EventChain.ORIGINALS)
            .build();
        final AggregateEvents events = new AggregateEvents();
        final QueryResult result = run(EventQuery.of(filter), events::add);
        events.forEach(handler);
        return result;
    }

    /**
     * The events of a correlation, by sequence, without duplicates.
     *
     * @param id      of the correlation.
     * @param handler of the events.
     * @return what became of it.
     */
    public QueryResult eventsByCorrelation(final String id, final RecordHandler handler)
    {
        return run(
            EventQuery.of(new EventFilterBuilder().correlationId(id).where(EventChain.ORIGINALS).build()), handler);
    }

    /**
     * What led to an event and what it led to: its causes, everything they caused, and the rest of its correlation.
     *
     * @param id of the event.
     * @return the chain, null if there is no such event.
     * @throws EventException if it has more than {@value EventChain#MAX_EVENTS} events.
     */
    public EventChain chain(final String id)
    {
        return EventChain.find(this, id);
    }

    @Override
    public void close()
    {
        tailer.close();
    }

    /** One pass over the journal. */
    private final class Scan
    {
        private final EventQuery query;
        private final RecordHandler handler;
        private final long limit;
        private final long end;
        private long matched;
        private long scanned;
        private long last;

        Scan(final EventQuery query, final RecordHandler handler, final long limit)
        {
            this.query = query;
            this.handler = handler;
            this.limit = limit;
            tailer.seek(StartPosition.end());
            end = Math.min(query.toSequence(), tailer.nextSequence() - 1);
        }

        QueryResult run()
        {
            final long startNs = context.clock().nanoTime();
            if (query.fromSequence() <= end)
            {
                tailer.seek(StartPosition.sequence(query.fromSequence()));
            }
            QueryResult.End why = QueryResult.End.COMPLETE;
            long next = query.fromSequence();
            while (next <= end)
            {
                if (matched >= limit)
                {
                    why = QueryResult.End.LIMIT;
                    break;
                }
                if (context.clock().nanoTime() - startNs >= query.timeoutNs())
                {
                    why = QueryResult.End.TIMEOUT;
                    break;
                }
                final long most = Math.min(Math.min(POLL_LIMIT, limit - matched), end - next + 1);
                if (tailer.poll(this::onRecord, (int)most) == 0)
                {
                    break;
                }
                next = tailer.nextSequence();
            }
            return new QueryResult(matched, matched, scanned, why, last);
        }

        private void onRecord(final EventFlyweight event)
        {
            // Where sequences are missing, a poll reaches further than it was meant to.
            if (event.sequence() > end)
            {
                return;
            }
            scanned++;
            last = event.sequence();
            if (query.filter().matches(event))
            {
                matched++;
                handler.onRecord(event);
            }
        }
    }
}
