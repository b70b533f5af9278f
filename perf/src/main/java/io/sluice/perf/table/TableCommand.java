package io.sluice.perf.table;

import io.sluice.engine.ThreadingMode;
import io.sluice.perf.report.FigureFile;
import io.sluice.perf.report.FigureReport;
import io.sluice.perf.report.HostFacts;
import io.sluice.perf.report.OutputOptions;
import io.sluice.perf.report.RawOutput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code perf table}: latency by priority, load, durability and threading mode. */
@Command(
    name = "table",
    mixinStandardHelpOptions = true,
    description = "Latency percentiles of each priority at 10, 80 and 150 percent of the capacity found before, for " +
        "each durability and threading mode: from the intended time of publishing to handled, and to acknowledged. " +
        "Open loop, mixed priorities; refused events are counted. No targets: only a wrong answer fails.")
public final class TableCommand implements Callable<Integer>
{
    private static final int BUSY_THREADS = 5;

    @Spec
    private CommandSpec spec;

    @Mixin
    private OutputOptions options;

    @Option(names = "--minutes", paramLabel = "N", defaultValue = "12",
        description = "About how long all of it takes. Default: ${DEFAULT-VALUE}.")
    private double minutes;

    @Option(names = "--durability", paramLabel = "D", split = ",", defaultValue = "ACCEPTED,JOURNALED,SYNCED",
        description = "ACCEPTED (no journal), JOURNALED, SYNCED. Default: ${DEFAULT-VALUE}.")
    private List<TableDurability> durabilities;

    @Option(names = "--threading", paramLabel = "MODE", split = ",", defaultValue = "SHARED,PAIRED,DEDICATED",
        description = "Threading modes. Default: ${DEFAULT-VALUE}.")
    private List<ThreadingMode> threadingModes;

    @Option(names = "--loads", paramLabel = "PERCENT", split = ",", defaultValue = "10,80,150",
        description = "Of the capacity. Default: ${DEFAULT-VALUE}.")
    private List<Integer> loads;

    @Option(names = "--payload", paramLabel = "BYTES", defaultValue = "256",
        description = "Payload length. Default: ${DEFAULT-VALUE}.")
    private int payloadLength;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write the tables as Markdown, too.")
    private Path markdown;

    /** For picocli. */
    public TableCommand()
    {
    }

    @Override
    public Integer call()
    {
        if (!(minutes > 0) || payloadLength < 8 || loads.stream().anyMatch((load) -> load < 1))
        {
            throw new ParameterException(spec.commandLine(),
                "use --minutes above 0, --payload of at least 8, --loads of at least 1");
        }
        if (threadingModes.contains(ThreadingMode.INVOKER))
        {
            throw new ParameterException(spec.commandLine(),
                "--threading INVOKER: the engine would run on the generator's thread; use SHARED, PAIRED or DEDICATED");
        }
        final RawOutput output = options.open("table");
        final HostFacts host = HostFacts.gather(
            output.directory(), BUSY_THREADS, "default", threadingModes.toString().replaceAll("[\\[\\]]", ""));
        host.print(options.progress());
        final FigureReport report = new FigureReport(host);
        new TableRun(
            output,
            options.progress(),
            TableSetting.within(minutes, durabilities, threadingModes, loads, payloadLength)).run(report);
        options.progress().println(TableText.plain(TableGroups.of(report.figures())));
        final int exitCode = options.finish("table", report, output, (figure) -> figure.isHeadline());
        if (markdown != null)
        {
            writeMarkdown(output.directory().resolve("table.json"));
        }
        return exitCode;
    }

    private void writeMarkdown(final Path json)
    {
        try
        {
            Files.writeString(markdown, TableText.markdown(FigureFile.parse(Files.readString(json)).orElseThrow()));
        }
        catch (final IOException e)
        {
            throw new UncheckedIOException("can't write " + markdown + ": " + e.getMessage(), e);
        }
    }
}
