package io.sluice.perf.query;

import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import io.sluice.perf.report.OutputOptions;
import io.sluice.perf.report.RawOutput;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perf query}: row J1. */
@Command(
    name = "query",
    mixinStandardHelpOptions = true,
    description = "Asking a large journal by its index (J1): look-ups by key, conditions on a time range, the time " +
        "that the index takes and its size, how far it is behind a live writer; the same questions to SQLite.")
public final class QueryPerfCommand implements Callable<Integer>
{
    private static final int MIN_EVENTS = 100_000;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--events", paramLabel = "N", defaultValue = "10000000",
        description = "Events of the journal, 256 bytes of payload; 100,000 at least. Default: ${DEFAULT-VALUE}.")
    private int events;

    @Option(names = "--look-ups", paramLabel = "N", defaultValue = "20000",
        description = "Look-ups of each kind. Default: ${DEFAULT-VALUE}.")
    private int lookUps;

    @Option(names = "--ranges", paramLabel = "N", defaultValue = "200",
        description = "Queries over a time range. Default: ${DEFAULT-VALUE}.")
    private int ranges;

    @Option(names = "--lag-seconds", paramLabel = "N", defaultValue = "15",
        description = "Length of the live run. Default: ${DEFAULT-VALUE}.")
    private int lagSeconds;

    @Option(names = "--no-sqlite", description = "Leave SQLite out.")
    private boolean isWithoutSqlite;

    /** For picocli. */
    public QueryPerfCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (events < MIN_EVENTS || lookUps < 10 || ranges < 1 || lagSeconds < 2)
        {
            throw new ParameterException(
                spec.commandLine(),
                "use --events of at least 100000, --look-ups of 10, --ranges of 1, --lag-seconds of 2");
        }
        final RawOutput output = options.open("query");
        final HostFacts host = HostFacts.gather(output.directory(), 1, "none", "INVOKER");
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        new QueryPerfRun(
            output, options.progress(), new QuerySettings(events, lookUps, ranges, lagSeconds, !isWithoutSqlite))
            .run(report);
        return options.finish("query", report, output);
    }
}
