package io.sluice.perf;

import io.sluice.perf.alloc.AllocCommand;
import io.sluice.perf.archive.ArchiveCommand;
import io.sluice.perf.chaos.ChaosCommand;
import io.sluice.perf.core.CoreCommand;
import io.sluice.perf.core.QuickCommand;
import io.sluice.perf.crash.CrashCommand;
import io.sluice.perf.fanout.FanoutCommand;
import io.sluice.perf.growth.GrowthCommand;
import io.sluice.perf.isolation.IsolationCommand;
import io.sluice.perf.jmh.JmhCommand;
import io.sluice.perf.latency.LatencyCommand;
import io.sluice.perf.overflow.OverflowCommand;
import io.sluice.perf.page.ReportCommand;
import io.sluice.perf.peers.PeersCommand;
import io.sluice.perf.query.QueryPerfCommand;
import io.sluice.perf.recovery.RecoveryCommand;
import io.sluice.perf.replay.ReplayPerfCommand;
import io.sluice.perf.soak.SoakCommand;
import io.sluice.perf.stalls.StallsCommand;
import io.sluice.perf.synced.SyncedCommand;
import io.sluice.perf.table.TableCommand;
import io.sluice.perf.tailers.TailersCommand;
import io.sluice.perf.throughput.ThroughputCommand;
import java.io.UncheckedIOException;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code sluice perf}: how fast and how safe, proved. */
@Command(
    name = "sluice perf",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = "Measures the engine beside baselines in the same run, and kills it to see what it loses.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
        "0:done, all targets met", "1:done, but a target was missed, an answer was wrong or something was lost",
        "2:wrong usage", "3:the output directory can't be used"},
    subcommands = {
        ThroughputCommand.class, LatencyCommand.class, AllocCommand.class, StallsCommand.class, SyncedCommand.class,
        RecoveryCommand.class, QueryPerfCommand.class, ReplayPerfCommand.class, TailersCommand.class,
        ArchiveCommand.class, CrashCommand.class, ChaosCommand.class, FanoutCommand.class,
        GrowthCommand.class, SoakCommand.class, OverflowCommand.class, IsolationCommand.class, PeersCommand.class,
        JmhCommand.class, TableCommand.class, CoreCommand.class, QuickCommand.class, ReportCommand.class})
public final class PerfMain
{
    private static final int FAILED = 1;
    private static final int UNUSABLE_DIRECTORY = 3;

    private PerfMain()
    {
    }

    /**
     * Run a command and exit.
     *
     * @param args command and its options.
     */
    public static void main(final String[] args)
    {
        System.exit(run(args));
    }

    /**
     * Run a command.
     *
     * @param args command and its options.
     * @return exit code.
     */
    public static int run(final String... args)
    {
        final CommandLine line = new CommandLine(new PerfMain());
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, result) ->
        {
            final boolean isDirectory = failure instanceof UncheckedIOException;
            System.err.println("sluice perf: " + failure.getMessage());
            if (!isDirectory)
            {
                failure.printStackTrace();
            }
            return isDirectory ? UNUSABLE_DIRECTORY : FAILED;
        });
        if (args.length == 0)
        {
            line.usage(System.err);
            return CommandLine.ExitCode.USAGE;
        }
        return line.execute(args);
    }
}
