package io.sluice.query;

import io.sluice.event.EventException;
import io.sluice.event.EventField;
import io.sluice.event.EventFlyweight;
import io.sluice.event.filter.EventFilter;
import io.sluice.event.filter.EventFilterBuilder;
import io.sluice.event.filter.FilterDemand;
import io.sluice.index.IndexKey;
import io.sluice.index.JournalIndex;
import io.sluice.journal.JournalRecords;
import io.sluice.journal.JournalTailer;
import io.sluice.journal.RecordHandler;
import io.sluice.journal.TailerContext;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import org.agrona.CloseHelper;

/**
 * Asks a journal questions, in the process that writes it or in another one, over live and archived files alike. What
 * was journaled when a query starts is what it sees; what comes later it does not. Where the journal is indexed, see
 * {@link io.sluice.index.JournalIndexer}, it reads the events that the index names; the rest of the range it reads all.
 * The answer is the same.
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
 * handler returns; a handler that has a question itself asks another one of these.
 */
public final class JournalQuery implements AutoCloseable
{
    private final QueryContext context;
    private final JournalTailer tailer;
    private final JournalRecords records;
    private final JournalIndex index;

    private JournalQuery(
        final QueryContext context,
        final JournalTailer tailer,
        final JournalRecords records,
        final JournalIndex index)
    {
        this.context = context;
        this.tailer = tailer;
        this.records = records;
        this.index = index;
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
        final JournalTailer tailer = JournalTailer.open(tailing);
        JournalRecords records = null;
        try
        {
            records = JournalRecords.open(tailing);
            return new JournalQuery(
                context, tailer, records, context.useIndex() ? JournalIndex.open(context.index(), records) : null);
        }
        catch (final Throwable ex)
        {
            CloseHelper.quietCloseAll(tailer, records);
            throw ex;
        }
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
        final EventFilter filter = query.filter();
        return run(query, FilterDemand.of(filter), filter::matches, handler);
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
        final CollectedEvents events =
            new CollectedEvents(EventFlyweight::aggregateVersion, false, EventQuery.MAX_COLLECTED);
        final QueryResult result = run(EventQuery.of(filter), events::add);
        if (result.matched() > events.size())
        {
            throw new EventException(
                "aggregate " + type + "/" + id + " has " + result.matched() + " events, and at most " +
                EventQuery.MAX_COLLECTED + " can be put in order; ask from a later version on");
        }
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
     * The events of some ids, by sequence, duplicates among them. Of an id that no event handed out has, there is none.
     * The index is asked once for all of them.
     *
     * @param ids          of the events.
     * @param fromSequence of the first event to look at, from 1.
     * @param handler      of the events.
     * @return what became of it.
     */
    public QueryResult eventsById(final Collection<String> ids, final long fromSequence, final RecordHandler handler)
    {
        final Set<String> wanted = Set.copyOf(ids);
        final int[] hashes = wanted.stream().mapToInt(IndexKey.ID::hash).sorted().toArray();
        return run(
            EventQuery.of("TRUE").fromSequence(fromSequence),
            new FilterDemand.OneOf(EventField.ID, List.copyOf(wanted)),
            (event) -> Arrays.binarySearch(hashes, IndexKey.ID.hash(event)) >= 0 && wanted.contains(event.id()),
            handler);
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
        CloseHelper.closeAll(index, records, tailer);
    }

    /** @return true if the greater part of the journal can be asked by its index. */
    boolean isIndexed()
    {
        refresh();
        return index != null && index.endSequence() > records.lastSequence() / 2;
    }

    /**
     * Run a query with another judgement than that of its filter.
     *
     * @param demand of what is looked for.
     * @param filter decides which events match.
     */
    QueryResult run(
        final EventQuery query,
        final FilterDemand demand,
        final Predicate<EventFlyweight> filter,
        final RecordHandler handler)
    {
        final long limit = query.limit();
        final QueryOrder order = query.order();
        if (order.isCollected() && limit > EventQuery.MAX_COLLECTED)
        {
            throw new EventException(
                "order " + order + " keeps its events in memory, and limit " + limit + " is more than it may " +
                "keep; use at most " + EventQuery.MAX_COLLECTED);
        }
        refresh();
        final QueryPlan plan = QueryPlan.of(demand);
        final long from = Math.max(query.fromSequence(), plan.from());
        final long to = Math.min(Math.min(query.toSequence(), plan.to()), records.lastSequence());
        final QueryRun run = new QueryRun(tailer, records, index, context.clock()::nanoTime)
            .plan(plan.root())
            .filter(filter)
            .timeoutNs(query.timeoutNs())
            .backwards(order.isDescending());
        if (!order.isByTime())
        {
            return run.handler(handler, limit).run(from, to);
        }
        final CollectedEvents collected =
            new CollectedEvents(EventFlyweight::eventTime, order.isDescending(), (int)limit);
        final QueryResult seen = run.collect(collected).run(from, to);
        collected.forEach(handler);
        final boolean isCut = seen.end() == QueryResult.End.COMPLETE && seen.matched() > collected.size();
        return new QueryResult(
            collected.size(),
            seen.matched(),
            seen.scanned(),
            isCut ? QueryResult.End.LIMIT : seen.end(),
            seen.lastSequence());
    }

    private void refresh()
    {
        records.refresh();
        if (index != null)
        {
            index.refresh();
        }
    }
}
