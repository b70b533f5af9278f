package io.sluice.tools;

import io.sluice.query.EventQuery;
import io.sluice.query.QueryOrder;
import io.sluice.tools.query.ChainAction;
import io.sluice.tools.query.QueryAction;
import io.sluice.tools.query.QuerySource;
import io.sluice.tools.tail.OutputFormat;
import io.sluice.tools.text.UnitText;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine;

/** Options of {@link QueryAction} and {@link ChainAction}. */
@CommandLine.Command(
    name = "query",
    description = "Print the events that a filter picks, those of an aggregate or a correlation, or the chain of " +
        "causes and effects around one event; read-only. Exit code 1 if the time was over before all was seen.",
    mixinStandardHelpOptions = true,
    versionProvider = SluiceVersion.class)
final class QueryCommand implements Callable<Integer>
{
    private final CommandIo io;

    @CommandLine.Mixin
    private DirectoryOption directory;

    @CommandLine.Mixin
    private KeyFileOption keyFile;

    @CommandLine.Parameters(
        arity = "0..1",
        paramLabel = "EXPR",
        description = "Filter, for example \"type LIKE 'order.*' AND payload.total > 100\"; the language is " +
            "described in docs/filters.md.")
    private String text;

    @CommandLine.Option(
        names = "--aggregate", paramLabel = "TYPE/ID", description = "Events of one aggregate, by version.")
    private String aggregate;

    @CommandLine.Option(
        names = "--from-version", paramLabel = "N", description = "Least version of the aggregate (default: 0).")
    private Long fromVersion;

    @CommandLine.Option(names = "--correlation", paramLabel = "ID", description = "Events of one correlation.")
    private String correlation;

    @CommandLine.Option(
        names = "--chain", paramLabel = "ID", description = "What led to this event, and what it led to, as a tree.")
    private String chain;

    @CommandLine.Option(
        names = "--order",
        paramLabel = "ORDER",
        defaultValue = "sequence",
        description = "sequence, time (when it happened), or either with a minus sign before it for the last ones " +
            "first; all but sequence are kept in memory, " + EventQuery.MAX_COLLECTED + " events at most " +
            "(default: ${DEFAULT-VALUE}).")
    private String order;

    @CommandLine.Option(names = {"-n", "--limit"}, paramLabel = "N", description = "Print so many events at most.")
    private Long limit;

    @CommandLine.Option(
        names = "--timeout",
        paramLabel = "DURATION",
        description = "End after this time, for example 5s, with what was found.")
    private String timeout;

    @CommandLine.Mixin
    private FormatOption format;

    QueryCommand(final CommandIo io)
    {
        this.io = io;
    }

    @Override
    public Integer call()
    {
        final long given = Stream.of(text, aggregate, correlation, chain).filter((value) -> value != null).count();
        if (given != 1)
        {
            throw new UsageException(
                (given == 0 ? "nothing is asked for" : "only one thing can be asked for") +
                ": give a filter, --aggregate TYPE/ID, --correlation ID or --chain ID");
        }
        if (fromVersion != null && aggregate == null)
        {
            throw new UsageException("--from-version goes with --aggregate only");
        }
        if (text == null && (limit != null || timeout != null || !"sequence".equals(order)))
        {
            throw new UsageException("--order, --limit and --timeout go with a filter only");
        }
        final QuerySource source = new QuerySource(directory.directory(), keyFile.keys());
        final OutputFormat output = format.format();
        if (chain != null)
        {
            return new ChainAction(source, chain, output).run(io);
        }
        if (correlation != null)
        {
            return QueryAction.ofCorrelation(source, correlation, output).run(io);
        }
        return (aggregate != null ? ofAggregate(source, output) : QueryAction.of(source, query(), output)).run(io);
    }

    private QueryAction ofAggregate(final QuerySource source, final OutputFormat output)
    {
        final int slash = aggregate.indexOf('/');
        if (slash < 1 || slash == aggregate.length() - 1)
        {
            throw new UsageException("--aggregate '" + aggregate + "': write its type, a slash and its id, for " +
                "example Order/o-7");
        }
        return QueryAction.ofAggregate(
            source,
            aggregate.substring(0, slash),
            aggregate.substring(slash + 1),
            fromVersion == null ? 0 : fromVersion,
            output);
    }

    private EventQuery query()
    {
        final EventQuery query = EventQuery.of(FilterOption.parse("EXPR", text)).order(order());
        if (limit != null)
        {
            query.limit(OptionValue.read("--limit", Long.toString(limit), (value) -> checkedLimit(query)));
        }
        if (timeout != null)
        {
            query.timeout(Duration.ofNanos(OptionValue.read("--timeout", timeout, UnitText::durationNs)));
        }
        return query;
    }

    private long checkedLimit(final EventQuery query)
    {
        if (query.order() != QueryOrder.SEQUENCE && limit > EventQuery.MAX_COLLECTED)
        {
            throw new IllegalArgumentException(
                limit + " is more than --order " + order + " can keep in memory, use at most " +
                EventQuery.MAX_COLLECTED);
        }
        if (limit < 1)
        {
            throw new IllegalArgumentException(limit + " is out of range, use 1 or more");
        }
        return limit;
    }

    private QueryOrder order()
    {
        return switch (order.toLowerCase(Locale.ROOT))
        {
            case "sequence" -> QueryOrder.SEQUENCE;
            case "-sequence" -> QueryOrder.SEQUENCE_DESCENDING;
            case "time" -> QueryOrder.TIME;
            case "-time" -> QueryOrder.TIME_DESCENDING;
            default -> throw new UsageException(
                "--order '" + order + "' is not known: use sequence, -sequence, time or -time");
        };
    }
}
