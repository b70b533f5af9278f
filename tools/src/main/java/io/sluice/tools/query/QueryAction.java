package io.sluice.tools.query;

import io.sluice.journal.RecordHandler;
import io.sluice.query.EventQuery;
import io.sluice.query.JournalQuery;
import io.sluice.query.QueryResult;
import io.sluice.tools.CommandIo;
import io.sluice.tools.ExitCode;
import io.sluice.tools.tail.EventPrinter;
import io.sluice.tools.tail.OutputFormat;
import java.util.Locale;
import java.util.function.BiFunction;

/** Prints the events that a query finds, and below them, on the error stream, what was looked at. */
public final class QueryAction
{
    private final QuerySource source;
    private final OutputFormat format;
    private final BiFunction<JournalQuery, RecordHandler, QueryResult> question;

    private QueryAction(
        final QuerySource source,
        final OutputFormat format,
        final BiFunction<JournalQuery, RecordHandler, QueryResult> question)
    {
        this.source = source;
        this.format = format;
        this.question = question;
    }

    /**
     * @param source of the events.
     * @param query  that picks them.
     * @param format of a line.
     * @return the action.
     */
    public static QueryAction of(final QuerySource source, final EventQuery query, final OutputFormat format)
    {
        return new QueryAction(source, format, (journal, handler) -> journal.run(query, handler));
    }

    /**
     * @param source      of the events.
     * @param type        of the aggregate.
     * @param id          of the aggregate.
     * @param fromVersion least version.
     * @param format      of a line.
     * @return the action.
     */
    public static QueryAction ofAggregate(
        final QuerySource source,
        final String type,
        final String id,
        final long fromVersion,
        final OutputFormat format)
    {
        return new QueryAction(
            source, format, (journal, handler) -> journal.events(type, id, fromVersion, handler));
    }

    /**
     * @param source of the events.
     * @param id     of the correlation.
     * @param format of a line.
     * @return the action.
     */
    public static QueryAction ofCorrelation(final QuerySource source, final String id, final OutputFormat format)
    {
        return new QueryAction(source, format, (journal, handler) -> journal.eventsByCorrelation(id, handler));
    }

    /**
     * Print what is found.
     *
     * @param io streams; {@code out} gets the events.
     * @return {@link ExitCode#DONE}, or {@link ExitCode.FAILED_CHECK} if the time was over first.
     * @throws io.sluice.journal.DataDirectoryException if there is no journal.
     * @throws io.sluice.event.EventException          if the journal is damaged.
     */
    public int run(final CommandIo io)
    {
        final long startNs = System.nanoTime();
        final QueryResult result;
        try (JournalQuery journal = source.open(io))
        {
            result = question.apply(journal, new EventPrinter(format, io));
        }
        finally
        {
            io.out().flush();
        }
        io.err().printf(
            Locale.ROOT,
            "%,d %s, %,d looked at in %.2f s%s%n",
            result.delivered(),
            result.delivered() == 1 ? "event" : "events",
            result.scanned(),
            (System.nanoTime() - startNs) / 1e9,
            ending(result));
        return result.isPartial() ? ExitCode.FAILED_CHECK : ExitCode.DONE;
    }

    private static String ending(final QueryResult result)
    {
        return switch (result.end())
        {
            case COMPLETE -> "";
            case LIMIT -> "; there may be more, --limit was reached";
            case TIMEOUT -> "; partial: the time was over after sequence " + result.lastSequence();
        };
    }
}
